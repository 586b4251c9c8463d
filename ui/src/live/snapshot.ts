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
const METRICS: MetricsPicture = { now: 0, tiles: [], segments: {}, products: {}, sources: {}, minutes: [] }
const READING: Reading = {
  metric: '', window: '', scope: 'room', value: null, unit: '', sample: 0, num: null, den: null, at: 0, source: '', why: '',
}
const COMPLIANCE: CompliancePicture = { version: '', flags: [] }
const CUES: CuesPicture = { cues: [], suspended: [], counts: { raised: 0, done: 0, dismissed: 0, expired: 0, useful: 0 } }
const CUE: CueView = {
  cue: '', rule: '', role: '', person: '', subject: '', state: 'raised', priority: 50, interrupting: false, raised_at: 0,
  delivered_at: 0, seen_at: 0, answered_at: 0, expires_at: 0, judge_at: 0, facts: {}, reason: '', verdict: '',
  effect: null, low: null, high: null, metric: '', merged: 0, say_zh: '', say_en: '', answered_by: '', method: '', why: '', escalated_from: '',
  escalated_to: '',
}
const WORK: WorkPicture = { tasks: [], improvements: [] }
const TEAM: TeamPicture = { duty: [] }
const CATALOG: Snapshot['catalog'] = { products: {} }
const OUTBOX: Snapshot['outbox'] = { actions: [], recent: [] }
const SHELF: Snapshot['shelf'] = { steps: [], related: [], undoable: {}, version: 0 }
const DRAWS: Snapshot['draws'] = { open: [], recent: [] }
const MODERATION: Snapshot['moderation'] = { hidden: {}, muted: {}, pinned: '', spammers: [], choruses: [], acts: [], reasons: [] }
const OPINION: Snapshot['opinion'] = { cases: [], level: 0, share: -1 }
const TRAFFIC: Snapshot['traffic'] = { look: {}, emergency: null, groups: [], places: [], extra_budget: 0, break_even: 0, like_shows: 0, line: 0.15, past: 0 }
const NONE: string[] = []
const DESK: DeskPicture = { judged: {}, hot: [], for_host: [], waiting: 0, oldest_wait_ms: 0, speech: 'not_watched' }

const whole = <T extends object>(base: T, given: Partial<T> | undefined | null): T => ({ ...base, ...(given ?? {}) })
const each = <T extends object>(base: T, rows: Partial<T>[] | undefined): T[] => (rows ?? []).map((row) => whole(base, row))

/** What was made of a part before: parts that did not change come with the same identity, and keep theirs. */
const made = new WeakMap<object, object>()

function once<T extends object>(given: object | undefined | null, make: () => T): T {
  if (!given) return make()
  const known = made.get(given)
  if (known) return known as T
  const fresh = make()
  made.set(given, fresh)
  return fresh
}

const rows = <T extends object>(base: T, given: Partial<T>[] | undefined): T[] => once(given, () => each(base, given))
const groups = (given: Record<string, Partial<Reading>[]> | undefined): Record<string, Reading[]> =>
  once(given, () => Object.fromEntries(Object.entries(given ?? {}).map(([key, list]) => [key, each(READING, list)])))

function completeMetrics(given: Partial<MetricsPicture> | undefined): MetricsPicture {
  const metrics = whole(METRICS, given)
  return { ...metrics, tiles: rows(READING, metrics.tiles), segments: groups(metrics.segments), products: groups(metrics.products), sources: groups(metrics.sources) }
}

function completeShows(given: Partial<ShowsPicture> | undefined): ShowsPicture {
  const shows = whole(SHOWS, given)
  return { ...shows, segments: rows(SEGMENT, shows.segments) }
}

function completeCues(given: Partial<CuesPicture> | undefined): CuesPicture {
  const cues = whole(CUES, given)
  return { ...cues, cues: rows(CUE, cues.cues), counts: whole(CUES.counts, cues.counts) }
}

/** The snapshot with every field present, or null when it is not a snapshot at all. */
export function complete(given: Partial<Snapshot> | null | undefined): Snapshot | null {
  if (!given || typeof given.now !== 'number') return null
  return {
    number: given.number ?? 0,
    now: given.now,
    rate: given.rate ?? 1,
    room: once(given.room, () => whole(ROOM, given.room)),
    shows: once(given.shows, () => completeShows(given.shows)),
    audience: once(given.audience, () => whole(AUDIENCE, given.audience)),
    sales: once(given.sales, () => whole(SALES, given.sales)),
    metrics: once(given.metrics, () => completeMetrics(given.metrics)),
    compliance: once(given.compliance, () => whole(COMPLIANCE, given.compliance)),
    work: once(given.work, () => whole(WORK, given.work)),
    team: once(given.team, () => whole(TEAM, given.team)),
    catalog: once(given.catalog, () => whole(CATALOG, given.catalog)),
    cues: once(given.cues, () => completeCues(given.cues)),
    desk: once(given.desk, () => whole(DESK, given.desk)),
    outbox: once(given.outbox, () => whole(OUTBOX, given.outbox)),
    shelf: once(given.shelf, () => whole(SHELF, given.shelf)),
    draws: once(given.draws, () => whole(DRAWS, given.draws)),
    moderation: once(given.moderation, () => whole(MODERATION, given.moderation)),
    opinion: once(given.opinion, () => whole(OPINION, given.opinion)),
    traffic: once(given.traffic, () => whole(TRAFFIC, given.traffic)),
    owed: given.owed ?? NONE,
    stopped: given.stopped ?? '',
    busy: given.busy ?? 0,
  }
}
