import { describe, expect, it } from 'vitest'
import { currentSegment, driftOf, nextSegment, phaseOf, progressOf, timeLeft } from '@/live/segments'
import { freeStock } from '@/live/stock'
import type { ShowsPicture } from '@/live/types'
import { NOW, segment, snapshot } from '../fixture'

const MIN = 60_000
function shows(over: Partial<ShowsPicture> = {}): ShowsPicture {
  return snapshot({
    shows: {
      status: 'on_air', segment: 'b',
      segments: [
        segment({ segment: 'a', planned_start: NOW - 30 * MIN, planned_end: NOW - 10 * MIN, started_at: NOW - 29 * MIN, ended_at: NOW - 8 * MIN }),
        segment({ segment: 'b', planned_start: NOW - 10 * MIN, planned_end: NOW, started_at: NOW - 8 * MIN, expected_end: NOW + 2 * MIN }),
        segment({ segment: 'c', planned_start: NOW, planned_end: NOW + 5 * MIN, expected_start: NOW + 2 * MIN, expected_end: NOW + 7 * MIN }),
        segment({ segment: 'd', planned_start: NOW + 5 * MIN, planned_end: NOW + 9 * MIN, expected_end: NOW + 11 * MIN }),
      ],
      ...over,
    } as ShowsPicture,
  }).shows
}

describe('rundown', () => {
  it('knows what runs and what comes', () => {
    expect(currentSegment(shows())?.segment).toBe('b')
    expect(nextSegment(shows())?.segment).toBe('c')
    expect(nextSegment(shows({ segment: 'd' }))).toBeNull()
    expect(shows().segments.map((one) => phaseOf(one, shows()))).toEqual(['past', 'now', 'next', 'later'])
  })

  it('offers the first segment before the start', () => {
    const planned = shows({ segment: '', status: 'planned' })
    expect(currentSegment(planned)).toBeNull()
    expect(nextSegment({ ...planned, segments: planned.segments.slice(2) })?.segment).toBe('c')
  })

  it('counts down the planned length from the real start, and into overtime', () => {
    const running = currentSegment(shows())
    if (!running) throw new Error('nothing runs')
    expect(timeLeft(running, NOW)).toBe(2 * MIN)
    expect(timeLeft(running, NOW + 3 * MIN)).toBe(-MIN)
    expect(progressOf(running, NOW)).toBeCloseTo(0.8)
    expect(progressOf(running, NOW + 9 * MIN)).toBe(1)
  })

  it('tells drift against the plan', () => {
    const [a, b, c] = shows().segments
    if (!a || !b || !c) throw new Error('rundown too short')
    expect(driftOf(a, 'past', NOW)).toBe(2 * MIN)
    expect(driftOf(b, 'now', NOW)).toBe(2 * MIN)
    expect(driftOf(b, 'now', NOW + 6 * MIN)).toBe(6 * MIN)
    expect(driftOf(c, 'next', NOW)).toBe(2 * MIN)
  })
})

describe('stock', () => {
  it('sums what is known, and is unknown when nothing is', () => {
    const rows = [
      { sku: 'a', product: 'p', on_hand: 10, reserved: 3, known: true },
      { sku: 'b', product: 'p', on_hand: 1, reserved: 4, known: true },
      { sku: 'c', product: 'q', on_hand: 9, reserved: 0, known: false },
    ]
    expect(freeStock(rows, 'p')).toBe(7)
    expect(freeStock(rows, 'q')).toBeNull()
    expect(freeStock(rows, 'none')).toBeNull()
  })
})
