/** Snapshots for tests: complete, small, with what a test changes laid over them. */
import { complete } from '@/live/snapshot'
import type { CommentView, CueView, Reading, SegmentState, Snapshot } from '@/live/types'

export const NOW = 1_795_000_000_000
const MIN = 60_000

export function segment(over: Partial<SegmentState>): SegmentState {
  return {
    segment: 's1', part: 'pitch', title: 'Cream', product: 'p1', host: 'Lin', planned_start: NOW - 10 * MIN, planned_end: NOW + 5 * MIN, started_at: 0, ended_at: 0,
    expected_start: NOW - 10 * MIN, expected_end: NOW + 5 * MIN, target_gmv: 0, target_orders: 0, talk_track: '', ...over,
  }
}

export function cue(over: Partial<CueView>): CueView {
  return {
    cue: 'c1', rule: 'R001', role: 'host', person: '', subject: '', state: 'delivered', priority: 50, interrupting: false, raised_at: NOW - 10_000, delivered_at: NOW - 9_000,
    seen_at: 0, answered_at: 0, expires_at: NOW + 50_000, judge_at: 0, facts: {}, reason: '', verdict: '', effect: null, low: null, high: null, metric: 'M45', merged: 0,
    say_zh: '', say_en: '', answered_by: '', method: '', why: '', escalated_from: '', escalated_to: '', ...over,
  }
}

export function reading(over: Partial<Reading>): Reading {
  return { metric: 'M41', window: 'show', scope: 'room', value: 1, unit: 'money', sample: 1, num: null, den: null, at: NOW, source: 'simulator', why: '', ...over }
}

export function comment(number: number, over: Partial<CommentView> = {}): CommentView {
  return { key: `k${number}`, user: `u${number}`, name: 'A***', text: `text ${number}`, when: NOW + number * 10, by_host: false, ...over }
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  const whole = complete({
    number: 7, now: NOW, rate: 1,
    room: { room: 'r1', org: 'o', brand: 'b', name: 'Room', platform: 'simulator', nature: 'simulated', currency: 'CNY', time_zone: 'Asia/Shanghai', language: 'zh', category: '', packs: [] },
    ...over,
  } as Partial<Snapshot>)
  if (!whole) throw new Error('the fixture is no snapshot')
  return whole
}
