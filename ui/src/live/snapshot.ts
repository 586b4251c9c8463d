/** Makes a snapshot whole: fields at their default are left out on the wire (the vocabulary omits defaults). */
import type {
  AudiencePicture,
  CompliancePicture,
  CuesPicture,
  CueView,
  DeskPicture,
  MetricsPicture,
  Reading,
  RoomInfo,
  SalesPicture,
  SegmentState,
  ShowsPicture,
  Snapshot,
  TeamPicture,
  WorkPicture,
} from './types'

const ROOM: RoomInfo = {
  room: '', org: '', brand: '', name: '', platform: '', nature: 'real', currency: 'CNY',
  time_zone: 'Asia/Shanghai', language: 'zh', category: '', packs: [],
}
const SHOWS: ShowsPicture = {
  show: '', title: '', status: 'none', starts_at: 0, started_at: 0, ended_at: 0, segment: '', segment_started_at: 0,
  version: 0, segments: [], pinned: '', pinned_at: 0, listed: {}, products: [], offers: [], draws: [],
  last_draw_at: 0, goals: {}, stream: 'unknown', feeds: {}, carried: [],
}
const SEGMENT: SegmentState = {
  segment: '', part: '', title: '', product: '', host: '', planned_start: 0, planned_end: 0, started_at: 0,
  ended_at: 0, expected_start: 0, expected_end: 0, target_gmv: 0, target_orders: 0, talk_track: '',
}
const AUDIENCE: AudiencePicture = { comments: [], masked: false, unknown_seen: {} }
const SALES: SalesPicture = { stock: [], unpaid: 0, paid: 0, refunds: 0, mismatches: 0 }
const METRICS: MetricsPicture = { now: 0, tiles: [], segments: {}, products: {}, sources: {}, funnel: [], minutes: [] }
const READING: Reading = {
  metric: '', window: '', scope: 'room', value: null, unit: '', sample: 0, num: null, den: null, at: 0, source: '', why: '',
}
const COMPLIANCE: CompliancePicture = { version: '', flags: [] }
const CUES: CuesPicture = { cues: [], suspended: [], counts: { raised: 0, done: 0, dismissed: 0, expired: 0, useful: 0 } }
const CUE: CueView = {
  cue: '', rule: '', role: '', person: '', subject: '', state: 'raised', priority: 50, interrupting: false, raised_at: 0,
  delivered_at: 0, seen_at: 0, answered_at: 0, expires_at: 0, judge_at: 0, facts: {}, reason: '', verdict: '',
  effect: null, low: null, high: null, metric: '', merged: 0,
}
const WORK: WorkPicture = { tasks: [], improvements: [] }
const TEAM: TeamPicture = { duty: [] }
const DESK: DeskPicture = { judged: {}, hot: [], for_host: [], waiting: 0, oldest_wait_ms: 0, speech: 'not_watched' }

const whole = <T extends object>(base: T, given: Partial<T> | undefined | null): T => ({ ...base, ...(given ?? {}) })
const each = <T extends object>(base: T, rows: Partial<T>[] | undefined): T[] => (rows ?? []).map((row) => whole(base, row))
const readings = (groups: Record<string, Partial<Reading>[]> | undefined): Record<string, Reading[]> =>
  Object.fromEntries(Object.entries(groups ?? {}).map(([key, rows]) => [key, each(READING, rows)]))

/** The snapshot with every field present, or null when it is not a snapshot at all. */
export function complete(given: Partial<Snapshot> | null | undefined): Snapshot | null {
  if (!given || typeof given.now !== 'number') return null
  const shows = whole(SHOWS, given.shows)
  const metrics = whole(METRICS, given.metrics)
  const cues = whole(CUES, given.cues)
  return {
    number: given.number ?? 0,
    now: given.now,
    rate: given.rate ?? 1,
    room: whole(ROOM, given.room),
    shows: { ...shows, segments: each(SEGMENT, shows.segments) },
    audience: whole(AUDIENCE, given.audience),
    sales: whole(SALES, given.sales),
    metrics: {
      ...metrics,
      tiles: each(READING, metrics.tiles),
      segments: readings(metrics.segments),
      products: readings(metrics.products),
      sources: readings(metrics.sources),
      funnel: each(READING, metrics.funnel),
    },
    compliance: whole(COMPLIANCE, given.compliance),
    work: whole(WORK, given.work),
    team: whole(TEAM, given.team),
    catalog: whole({ products: {} }, given.catalog),
    cues: { ...cues, cues: each(CUE, cues.cues), counts: whole(CUES.counts, cues.counts) },
    desk: whole(DESK, given.desk),
    owed: given.owed ?? [],
    stopped: given.stopped ?? '',
  }
}
