import { describe, expect, it } from 'vitest'
import { Picture } from '@/live/frame'
import { gapBetween } from '@/live/gap'
import { complete } from '@/live/snapshot'
import { NOW, snapshot } from '../fixture'

describe('snapshot', () => {
  it('fills what the wire leaves out at its default', () => {
    const whole = complete({ now: NOW, number: 1, rate: 1 })
    expect(whole?.shows.status).toBe('none')
    expect(whole?.cues.counts.raised).toBe(0)
    expect(whole?.desk.speech).toBe('not_watched')
    expect(whole?.room.currency).toBe('CNY')
  })

  it('fills rows inside lists', () => {
    const given = { now: NOW, cues: { cues: [{ cue: 'c1', rule: 'R001' }] } } as unknown as Parameters<typeof complete>[0]
    expect(complete(given)?.cues.cues[0]).toMatchObject({ cue: 'c1', state: 'raised', effect: null, facts: {} })
  })

  it('keeps an unknown value unknown', () => {
    const given = { now: NOW, metrics: { tiles: [{ metric: 'M04', why: 'masked_users' }] } } as unknown as Parameters<typeof complete>[0]
    expect(complete(given)?.metrics.tiles[0]).toMatchObject({ value: null, why: 'masked_users' })
  })

  it('refuses what is no snapshot', () => {
    expect(complete(null)).toBeNull()
    expect(complete({} as Parameters<typeof complete>[0])).toBeNull()
  })
})

describe('frames', () => {
  const first = { number: 1, now: NOW, rate: 1, changed: { 'shows.status': 'on_air', 'shows.segment': 's1', 'cues.cues': [], owed: [] } }

  it('puts sections into their parts', () => {
    const whole = complete(new Picture().apply(first))
    expect(whole?.shows).toMatchObject({ status: 'on_air', segment: 's1' })
  })

  it('changes only what a frame names', () => {
    const picture = new Picture()
    const before = complete(picture.apply(first))
    const after = complete(picture.apply({ number: 2, now: NOW + 250, rate: 1, changed: { 'shows.segment': 's2' } }))
    expect(after?.shows).toMatchObject({ status: 'on_air', segment: 's2' })
    expect(after?.cues).toBe(before?.cues)
    expect(after?.number).toBe(2)
  })

  it('keeps every part when nothing but the clock moved', () => {
    const picture = new Picture()
    const before = complete(picture.apply(first))
    const after = complete(picture.apply({ number: 2, now: NOW + 250, rate: 1, changed: {} }))
    expect(after?.shows).toBe(before?.shows)
    expect(after?.now).toBe(NOW + 250)
  })

  it('starts anew with a new connection', () => {
    const picture = new Picture()
    picture.apply(first)
    picture.reset()
    expect(complete(picture.apply({ number: 9, now: NOW, rate: 1, changed: {} }))?.shows.status).toBe('none')
  })
})

describe('gap', () => {
  it('says how many seconds of the room were missed', () => {
    expect(gapBetween({ now: NOW, number: 5 }, { now: NOW + 12_400, number: 80 }, 1)).toEqual({ seconds: 12, at: 1 })
  })

  it('is none before the first snapshot, when nothing happened, or when it is under a second', () => {
    expect(gapBetween(null, { now: NOW, number: 5 }, 1)).toBeNull()
    expect(gapBetween({ now: NOW, number: 5 }, { now: NOW + 60_000, number: 5 }, 1)).toBeNull()
    expect(gapBetween({ now: NOW, number: 5 }, { now: NOW + 300, number: 6 }, 1)).toBeNull()
  })
})

it('makes fixtures that are whole', () => {
  expect(snapshot().shows.segments).toEqual([])
})
