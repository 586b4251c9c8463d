/**
 * The live snapshot of a room: newest value of every ledger's and decider's picture, four times a second.
 * Moments are ms UTC of room time (0 = none), money is minor units of the room's currency.
 */
import type { Nature, ShowStatus } from '@/api/types'
import type { DrawPlan } from '@/api/office'
import type { ShelfStepView, LotView, LotEnded } from './shelf'
export type * from './shelf'

export interface RoomInfo {
  room: string
  org: string
  brand: string
  name: string
  platform: string
  nature: Nature
  currency: string
  time_zone: string
  language: string
  category: string
  packs: string[]
}

export interface ProductCard {
  product: string
  name: string
  role?: string
  category?: string
  /** Its number in the room's cart; 0 or missing when not listed */
  number?: number
  price?: number
  skus?: string[]
  selling_points?: string[]
  keywords?: string[]
  facts?: Record<string, string>
}

export interface SegmentState {
  segment: string
  part: string
  title: string
  product: string
  host: string
  planned_start: number
  planned_end: number
  started_at: number
  ended_at: number
  expected_start: number
  expected_end: number
  target_gmv: number
  target_orders: number
  talk_track: string
  /** What was planned of it; fields at their default are not sent */
  draw?: Partial<DrawPlan> | null
}

export interface ShowsPicture {
  show: string
  title: string
  status: ShowStatus
  starts_at: number
  started_at: number
  ended_at: number
  /** Id of the running segment, or "" */
  segment: string
  segment_started_at: number
  version: number
  segments: SegmentState[]
  pinned: string
  pinned_at: number
  listed: Record<string, number>
  products: ProductCard[]
  offers: { offer: string; title: string; product: string; ends_at: number }[]
  draws: { draw: string; title: string; ends_at: number }[]
  last_draw_at: number
  goals: Record<string, number>
  stream: 'unknown' | 'live' | 'paused' | 'ended'
  feeds: Record<string, 'back' | 'gone'>
  carried: string[]
}

export interface CommentView {
  key: string
  user: string
  name: string
  text: string
  when: number
  by_host: boolean
}

export interface AudiencePicture {
  comments: CommentView[]
  /** The platform hides who people are: people-based figures are unknown */
  masked: boolean
  unknown_seen: Record<string, number>
}

export interface StockView {
  sku: string
  product: string
  on_hand: number
  reserved: number
  known: boolean
}

export interface SalesPicture {
  stock: StockView[]
  unpaid: number
  paid: number
  refunds: number
  mismatches: number
}

export interface Reading {
  metric: string
  window: string
  scope: string
  /** null is unknown; `why` says why */
  value: number | null
  unit: string
  /** Denominator or count behind it */
  sample: number
  num: number | null
  den: number | null
  /** Room ms of the newest input */
  at: number
  source: string
  why: string
}

export interface MinuteRow {
  /** Start of the minute, ms; money columns in minor units */
  t: number
  [column: string]: number | null
}

export interface MetricsPicture {
  now: number
  /** Figures of the room, each over the show and over the last 5 minutes */
  tiles: Reading[]
  segments: Record<string, Reading[]>
  products: Record<string, Reading[]>
  sources: Record<string, Reading[]>
  minutes: MinuteRow[]
}

export interface FlagView {
  where: string
  subject: string
  word: string
  severity: string
  entry: string
  basis?: string
  advice?: string
  advice_en?: string
  text?: string
  version?: string
  when?: number
}

export interface CompliancePicture {
  version: string
  flags: FlagView[]
}

export interface TaskView {
  task: string
  title: string
  role?: string
  person?: string
  due_at?: number
  cause?: string
}

export interface ImprovementView {
  improvement: string
  title: string
  role?: string
  person?: string
  state?: string
}

export interface WorkPicture {
  tasks: TaskView[]
  improvements: ImprovementView[]
}

export interface TeamPicture {
  duty: { person: string; name: string; role: string }[]
}

export type CueState = 'noticed' | 'raised' | 'delivered' | 'seen' | 'done' | 'dismissed' | 'expired' | 'judged'

export interface CueView {
  cue: string
  rule: string
  role: string
  person: string
  subject: string
  state: CueState
  priority: number
  interrupting: boolean
  raised_at: number
  delivered_at: number
  seen_at: number
  answered_at: number
  expires_at: number
  judge_at: number
  facts: Record<string, number | string>
  reason: string
  /** useful, harmful, no_effect, too_little_data, not_measured, not_followed or "" before the judgement */
  verdict: string
  effect: number | null
  low: number | null
  high: number | null
  metric: string
  merged: number
  /** What the person reads, with {places} for the facts */
  say_zh: string
  say_en: string
  answered_by: string
  /** How it was judged */
  method: string
  /** Why it could not be judged */
  why: string
  escalated_from: string
  escalated_to: string
}

export interface CuesPicture {
  cues: CueView[]
  suspended: { rule: string; metric: string; why: string; subject?: string }[]
  counts: { raised: number; done: number; dismissed: number; expired: number; useful: number }
  /** Under so many pieces a product is low: the bound of R030 in this room */
  low_stock?: number
}

export interface Judgement {
  label: string
  topic?: string
  product?: string
  hidden?: boolean
  for_host?: boolean
  flagged?: string | string[] | boolean
}

export interface HotQuestion {
  topic: string
  text: string
  product: string
  count: number
  since: number
}

export interface HostQuestion {
  /** The oldest of `count` that wait */
  comment: string
  text: string
  product: string
  when: number
  topic?: string
  count?: number
}

export interface DeskPicture {
  judged: Record<string, Judgement>
  hot: HotQuestion[]
  for_host: HostQuestion[]
  waiting: number
  oldest_wait_ms: number
  speech: 'watched' | 'not_watched'
}

/** An action on its way: pending until the platform says so, or uncertain: a person must look. */
export interface OpenAction {
  action: string
  kind: string
  what: { kind: string; product?: string; comment?: string; title?: string; offer?: string; sku?: string; price?: number; quantity?: number; ref?: string; before?: Record<string, number | string> }
  by: string
  since: number
  /** asked waits for a second person, waiting is the countdown; held and dead go no further until a person says so; done, failed and cancelled ended */
  state: 'asked' | 'waiting' | 'pending' | 'held' | 'uncertain' | 'dead' | 'done' | 'failed' | 'cancelled'
  why: string
  /** Room time at which a waiting one leaves */
  due?: number
}

/** Something asked for on a comment or its writer. */
export interface ModerationAct {
  act: string
  action: string
  kind: string
  comment?: string
  user?: string
  reason?: string
  by?: string
  when?: number
  state?: string
  code?: string
  /** Kind of what would take it back; missing when nothing can */
  back?: string
}

/** An account that repeats itself. */
export interface SpamView {
  user: string
  name: string
  how: string
  count: number
  text: string
  comment: string
  muted: boolean
}

export interface ModerationPicture {
  /** Comment to the reason for which it is hidden */
  hidden: Record<string, string>
  /** Viewer to the room time until which they are muted */
  muted: Record<string, number>
  pinned: string
  spammers: SpamView[]
  /** Said by many; people -1 where viewers are masked */
  choruses: { text: string; people: number; count: number }[]
  acts: ModerationAct[]
  reasons: string[]
}

export interface OpinionStep {
  step: string
  role: string
  zh: string
  en: string
  care: boolean
  state: 'open' | 'done' | 'waived'
  by: string
  when: number
  note: string
}

export interface OpinionCase {
  case: string
  show?: string
  state: string
  suggested?: number
  level?: number
  highest?: number
  topic?: string
  product?: string
  since: number
  /** -1 where viewers are masked */
  people?: number
  comments?: number
  /** -1 unknown */
  share?: number
  signs?: string[]
  decisions?: { level: number; by: string; when: number; why?: string }[]
  statement?: { facts: string; measures: string; contact: string; by: string; when: number; digest: string; approved?: Record<string, number> } | null
  evidence?: { since: number; until: number; comments: number; digest: string } | null
  paused_at?: number
  why?: string
  ended_at?: number
}

export interface OpinionView {
  case: OpinionCase
  who: string[]
  steps: OpinionStep[]
  approvals: number
  approved: boolean
  lacking: string[]
}

export interface WakeGroup {
  group: string
  title?: string
  people?: number
  consent?: boolean
  text?: string
}

export interface TrafficStep {
  id: string
  kind: string
  zh: string
  en: string
  role: string
  /** Missing is ready */
  state?: string
  /** Why it may not be taken */
  bar?: string
  rule_zh?: string
  rule_en?: string
  text?: string
  people?: number
  by?: string
  confirmed_by?: string
}

export interface TrafficPicture {
  look: { share?: number; views?: number; baseline?: number; base?: string; sudden?: boolean; why?: string }
  emergency: { emergency: string; state: string; since: number; share?: number; lowest?: number; sudden?: boolean; cause?: string; verified_by?: string; steps?: TrafficStep[] } | null
  groups: WakeGroup[]
  places: string[]
  extra_budget: number
  break_even: number
  like_shows: number
  line: number
  past: number
}

export interface Snapshot {
  /** Journal number */
  number: number
  /** Room time, ms UTC */
  now: number
  /** Room seconds per real second: 1 live, 2, 10 ... in a demo, 0 held */
  rate: number
  room: RoomInfo
  shows: ShowsPicture
  audience: AudiencePicture
  sales: SalesPicture
  metrics: MetricsPicture
  compliance: CompliancePicture
  work: WorkPicture
  team: TeamPicture
  catalog: { products: Record<string, ProductCard> }
  cues: CuesPicture
  desk: DeskPicture
  outbox: { actions: OpenAction[]; recent: OpenAction[] }
  /** The timed plan, what goes with the shown product, and which action can be undone by which kind */
  shelf: { steps: ShelfStepView[]; related: string[]; undoable: Record<string, string>; version: number }
  /** Draws by a word in the comments, held here */
  draws: { open: LotView[]; recent: LotEnded[] }
  moderation: ModerationPicture
  opinion: { cases: OpinionView[]; level: number; share: number }
  traffic: TrafficPicture
  /** Deciders that failed and are owed a replay */
  owed: string[]
  /** Why the room stands still; "" when it runs */
  stopped: string
  /** Seconds that the picture is behind because more comes than can be counted; 0 while it is not worth a word */
  busy: number
}
