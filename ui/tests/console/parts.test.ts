import { describe, expect, it } from 'vitest'
import { funnelOf } from '@/console/funnel'
import { FORGET_MS, GRACE_MS, PendingActions } from '@/console/pending'
import { bands, escapeHtml, lastHour, trendOption, type TrendColours, type TrendWords } from '@/console/trend'
import { isTyping } from '@/live/keys'
import { findReading } from '@/live/readings'
import type { OpenAction } from '@/live/types'
import { cue, NOW, reading, segment, snapshot } from '../fixture'

const MIN = 60_000

describe('pending actions', () => {
  const open = (kind: string, product: string, state: 'pending' | 'uncertain' = 'pending'): OpenAction => ({ action: 'a1', kind, what: { kind, product }, by: 'u1', since: NOW, state, why: '' })
  const now = (pinned: string, actions: OpenAction[] = []) => snapshot({ shows: { pinned } as never, outbox: { actions, recent: [] } })

  it('stay until the platform shows them', () => {
    const pending = new PendingActions()
    pending.add('PinProduct', 'p1', 0)
    expect(pending.check(now(''), 500)).toEqual([])
    expect(pending.state('pin:p1')).toBe('pending')
    pending.check(now('', [open('PinProduct', 'p1')]), 700)
    pending.check(now('p1'), 900)
    expect(pending.state('pin:p1')).toBeUndefined()
    expect(pending.count.value).toBe(0)
  })

  it('are seen when somebody else asked', () => {
    const pending = new PendingActions()
    pending.check(now('', [open('DelistProduct', 'p2')]), 0)
    expect(pending.state('list:p2')).toBe('pending')
    pending.check(now('', [open('DelistProduct', 'p2', 'uncertain')]), 250)
    expect(pending.state('list:p2')).toBe('uncertain')
    pending.check(now(''), 500)
    expect(pending.state('list:p2')).toBeUndefined()
  })

  it('fail aloud when they leave the outbox and nothing changes', () => {
    const pending = new PendingActions()
    pending.add('PinProduct', 'p1', 0)
    pending.check(now('', [open('PinProduct', 'p1')]), 250)
    expect(pending.check(now(''), GRACE_MS)).toEqual([])
    expect(pending.check(now(''), GRACE_MS + 500)).toEqual([{ kind: 'PinProduct', product: 'p1' }])
    expect(pending.state('pin:p1')).toBeUndefined()
  })

  it('do not wait for ever', () => {
    const pending = new PendingActions()
    pending.add('ListProduct', 'p1', 0)
    expect(pending.check(now(''), FORGET_MS + 1)).toEqual([{ kind: 'ListProduct', product: 'p1' }])
  })
})

describe('funnel', () => {
  const rate = (metric: string, num: number | null, den: number | null) => reading({ metric, unit: 'ratio', num, den, value: num === null || den === null ? null : num / den, why: num === null ? 'masked_users' : '' })

  it('is put together from numerators and denominators', () => {
    const steps = funnelOf([reading({ metric: 'M02', value: 1000, unit: 'people' }), rate('M27', 200, 600), rate('M31', 30, 200), rate('M33', 24, 200)])
    expect(steps.map((step) => step.count)).toEqual([null, 1000, 600, 200, 30, 24])
    expect(steps[3]?.rate).toBeCloseTo(1 / 3)
  })

  it('leaves unknown what nobody tells', () => {
    const steps = funnelOf([rate('M27', null, null)])
    expect(steps.every((step) => step.count === null)).toBe(true)
    expect(steps[3]?.why).toBe('masked_users')
    expect(steps[0]?.why).toBe('no_source')
  })
})

describe('readings', () => {
  it('prefer the whole show, else the widest window told', () => {
    const rows = [reading({ window: '5m', value: 5 }), reading({ window: 'show', value: 9 })]
    expect(findReading(rows, 'M41')?.value).toBe(9)
    expect(findReading(rows.slice(0, 1), 'M41')?.value).toBe(5)
    expect(findReading(rows, 'M99')).toBeUndefined()
  })
})

describe('trend', () => {
  const words: TrendWords = { online: 'online', entries: 'entries', gmv: 'gmv', time: String, count: String, money: String, part: (part) => part, cue: (one) => `cue ${one.rule}` }
  const colours: TrendColours = { text: '#1', line: '#2', online: '#3', entries: '#4', gmv: '#5', panel: '#6', part: { pitch: '#7' }, verdict: { useful: '#8', open: '#9' } }
  const minutes = Array.from({ length: 70 }, (_, index) => ({ t: NOW - (70 - index) * MIN, online: index === 65 ? null : index, views: 1, gmv: 100 }))
  const series = (option: ReturnType<typeof trendOption>, id: string) => (option['series'] as { id: string; data: unknown[]; markArea?: { data: unknown[] } }[]).find((one) => one.id === id)

  it('shows one hour and leaves gaps for what is unknown', () => {
    expect(lastHour(minutes, NOW).length).toBeLessThanOrEqual(60)
    const option = trendOption({ minutes, segments: [], cues: [], now: NOW, hidden: new Set() }, words, colours)
    const data = series(option, 'online')?.data as [number, number | null][]
    expect(data.some(([, value]) => value === null)).toBe(true)
    expect(data.some(([, value]) => value === 0)).toBe(false)
  })

  it('hides a line that was switched off', () => {
    const option = trendOption({ minutes, segments: [], cues: [], now: NOW, hidden: new Set(['gmv']) }, words, colours)
    expect(series(option, 'gmv')?.data).toEqual([])
  })

  it('marks cues by their verdict and segments as bands', () => {
    const segments = [segment({ segment: 'a', started_at: NOW - 20 * MIN, ended_at: NOW - 9 * MIN }), segment({ segment: 'b', started_at: NOW - 9 * MIN }), segment({ segment: 'c' })]
    const cues = [cue({ raised_at: NOW - 5 * MIN, verdict: 'useful' }), cue({ raised_at: NOW - 200 * MIN })]
    const option = trendOption({ minutes, segments, cues, now: NOW, hidden: new Set() }, words, colours)
    expect(series(option, 'cues')?.data).toEqual([{ value: [NOW - 5 * MIN, 1], cue: 'cue R001', itemStyle: { color: '#8' } }])
    expect(series(option, 'online')?.markArea?.data.length).toBe(2)
  })

  it('cuts bands at the hour and ends the running one now', () => {
    const found = bands([segment({ segment: 'a', started_at: NOW - 90 * MIN, ended_at: NOW - 30 * MIN }), segment({ segment: 'b', started_at: NOW - 30 * MIN })], NOW - 60 * MIN, NOW)
    expect(found.map((band) => [band.from - NOW, band.to - NOW])).toEqual([[-60 * MIN, -30 * MIN], [-30 * MIN, 0]])
  })

  it('lets no words of others into the page as HTML', () => {
    expect(escapeHtml('<img src=x onerror="a">')).not.toMatch(/[<>"]/)
  })
})

describe('keys', () => {
  it('belong to a field while somebody types', () => {
    const input = document.createElement('input')
    const event = new KeyboardEvent('keydown', { key: 'n' })
    Object.defineProperty(event, 'target', { value: input })
    expect(isTyping(event)).toBe(true)
    const other = new KeyboardEvent('keydown', { key: 'n' })
    Object.defineProperty(other, 'target', { value: document.createElement('div') })
    expect(isTyping(other)).toBe(false)
  })
})
