/** What the office asks about plans: the calendar, its entries and feeds. */
import { get, path, post, remove, request } from './client'
import type { OfficeReceipt } from './office'
import type { Mark, ShowStatus, Words } from './types'

export const CONTENT_KINDS = ['theme', 'holiday', 'platform', 'content'] as const
export type ContentKind = (typeof CONTENT_KINDS)[number]
export const THEMES = ['daily', 'special', 'cobrand', 'members'] as const

export interface CalendarShow {
  room: string
  room_name: string
  show: string
  title: string
  status: ShowStatus
  start: number
  end: number
  time_zone: string
  currency: string
  theme: string
  /** Person ids */
  hosts: string[]
  kits: string[]
  lights: string[]
  studio: string
  welfare: string
  version: number
  segments: number
  products: number
  /** Minor units; 0 is none */
  goal: number
  /** Paid sales in minor units; null is not known */
  attained: number | null
  /** M86 */
  reached: number | null
  final: boolean
  booked: boolean
  open_tasks: number
  /** Open ones whose deadline is past */
  late_tasks: number
}

export interface CalendarContent {
  content: string
  what: ContentKind
  title: Words
  /** Days as 2026-11-22, the last included */
  starts_on: string
  ends_on: string
  /** "" is every room */
  room: string
  note: Words
  source: Words
  source_date: string
  address: string
  mark: Mark | ''
  own: boolean
}

export interface Meeting {
  meeting: string
  kind: 'morning' | 'weekly' | 'preparation' | 'review'
  rule: string
  start: number
  end: number
  time_zone: string
  room: string
  show: string
  title: string
}

export interface MeetingTimes {
  time_zone: string
  /** "" is none */
  morning: string
  /** 1 is Monday */
  weekly_day: number
  weekly: string
}

export interface Slot {
  kind: 'golden' | 'second' | 'other'
  /** Minutes since midnight */
  start: number
  end: number
  rule: string
  source: string
  mark: Mark | ''
  shows: number
  /** M50 in minor units; null while too few shows began there */
  per_hour: number | null
  best: boolean
}

export interface MembersAdvice {
  day: string
  category: Words
  days: number
  rule: string
  source: string
  mark: Mark
  planned: boolean
}

export interface Agenda {
  meeting: Meeting
  sections: { title: string; lines: { code: string; facts: Record<string, string | number>; currency: string; bad: boolean }[] }[]
  minutes: string
  noted_by: string
  noted_at: number
}

export interface CalendarAnswer {
  first: string
  last: string
  today: string
  now: number
  time_zone: string
  rooms: { room: string; name: string; time_zone: string }[]
  shows: CalendarShow[]
  /** Activities (F28) that touch these days */
  activities?: { activity: string; title: string; theme: string; starts_on: string; ends_on: string; shows: string[] }[]
  contents: CalendarContent[]
  meetings: Meeting[]
  meeting_times: MeetingTimes
  advice: { slots: Slot[]; members: MembersAdvice[]; currency: string }
  resources: { kit: string[]; light: string[]; studio: string[] }
}

export interface ContentDraft {
  content: string
  title: string
  what: ContentKind
  starts_on: string
  ends_on: string
  room: string
  note: string
  source: string
  source_date: string
}

export interface FeedRow {
  feed: string
  brand: string
  name: string
  language: string
  made_at: number
  revoked: boolean
}

export interface TaskRow {
  task: string
  title: string
  role: string
  person: string
  show: string
  due_at: number
  cause: string
  made_at: number
  /** Tasks that must be done first */
  after: string[]
  /** open, done, dropped, missed */
  state: string
  note: string
  closed_at: number
  /** The person; "" where nobody told */
  closed_by: string
}

export const query = (address: string, given: Record<string, string | number>): string => {
  const text = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== '').map(([key, value]) => [key, String(value)])).toString()
  return text ? `${address}?${text}` : address
}

export const loadCalendar = (brand: string, first: string, last: string, signal?: AbortSignal): Promise<CalendarAnswer> =>
  get(query('/api/calendar', { brand, first, last }), signal)

export const listTasks = (room: string, show: string, signal?: AbortSignal): Promise<TaskRow[]> => get(query(path('api', 'rooms', room, 'tasks'), { show }), signal)

/** A refusal comes inside the answer. */
export const saveContent = (brand: string, draft: ContentDraft): Promise<OfficeReceipt> => post(query('/api/calendar/contents', { brand }), draft)
export const removeContent = (brand: string, content: string): Promise<void> => remove(query(path('api', 'calendar', 'contents', content), { brand }))

export const listFeeds = (signal?: AbortSignal): Promise<FeedRow[]> => get('/api/calendar/feeds', signal)
export const makeFeed = (brand: string, name: string): Promise<{ feed: string; url: string }> => post('/api/calendar/feeds', { brand, name })
export const dropFeed = (feed: string): Promise<void> => remove(path('api', 'calendar', 'feeds', feed))

export interface GoalNode {
  /** 2026, 2026Q4, 2026-11 or show:<id> */
  period: string
  /** In force; minor units */
  target: number
  brought: number
  /** M86 */
  reached: number | null
  fixed: boolean
  weight: number
  closed: boolean
  /** What its children do not carry; below 0 they carry or brought more */
  gap: number
  /** Shows that are over and whose sales nobody told */
  unknown: number
  children: GoalNode[]
  title: string
  room: string
  /** Of a show: the target its plan has now */
  planned: number
}

export interface GoalTree {
  root: GoalNode
  currency: string
  currencies: string[]
  version: number
  today: string
  /** Names of rooms that sell in another currency */
  elsewhere: string[]
}

export const loadGoals = (brand: string, year: number, currency: string, signal?: AbortSignal): Promise<GoalTree> => get(query('/api/goals', { brand, year, currency }), signal)
/** `target` -1 takes the period's own target away. A refusal comes inside the answer. */
export const setGoal = (brand: string, goal: { period: string; target: number; weight: number; currency: string; version: number }): Promise<OfficeReceipt> =>
  post(query('/api/goals', { brand }), goal)
export const applyGoals = (brand: string, month: string, currency: string): Promise<{ changed: string[]; refused: { show: string; title: string; why: string }[] }> =>
  post(query('/api/goals/apply', { brand }), { month, currency })

export interface Budget {
  units?: Record<string, number>
  pieces_per_order_milli?: number
  return_bp?: number
  restock_bp?: number
  ads?: number
  freight?: number
  return_freight?: number
  labour?: number
  other?: number
  version?: number
}

export interface ProfitAndLoss {
  gmv: number
  returned: number
  net: number
  orders: number
  goods: number
  commission: number
  ads: number
  freight: number
  return_freight: number
  labour: number
  other: number
  cost: number
  profit: number
  cost_ratio: number | null
  break_even_roi: number | null
  products: { product: string; name: string; units: number; gmv: number; margin: number; cost_known: boolean }[]
  without_cost: string[]
}

export interface ProfitAnswer {
  currency: string
  /** false: a first proposal out of the goal */
  made: boolean
  plan: Budget
  items: { product: string; name: string; price: number; cost: number; commission_bp: number }[]
  planned: ProfitAndLoss
  real: ProfitAndLoss | null
  goal: number
}

export const loadProfit = (show: string, signal?: AbortSignal): Promise<ProfitAnswer> => get(path('api', 'shows', show, 'profit'), signal)
export const saveBudget = (show: string, budget: Budget): Promise<OfficeReceipt> => post(path('api', 'shows', show, 'profit'), budget)

export const loadAgenda = (brand: string, meeting: string, signal?: AbortSignal): Promise<Agenda> => get(query(path('api', 'calendar', 'meetings', meeting), { brand }), signal)
export const noteMeeting = (brand: string, meeting: string, minutes: string): Promise<OfficeReceipt> => post(query(path('api', 'calendar', 'meetings', meeting), { brand }), { minutes })

export const setMeetings = (brand: string, times: MeetingTimes): Promise<OfficeReceipt> => post(query('/api/calendar/meeting-times', { brand }), times)

export interface SheetAnswer {
  accepted: number
  rejected: { row: number; column: string; code: string; message: string }[]
  refused?: { code: string; why: string; about?: Record<string, string> } | null
  /** Headings of columns that are told and not read */
  unread?: string[]
}

const withFile = (file: File): FormData => {
  const form = new FormData()
  form.append('file', file)
  return form
}

export const scriptAddress = (show: string, language: string): string => query(path('api', 'shows', show, 'script.xlsx'), { lang: language })
export const scriptPrint = (show: string, language: string): string => query(path('api', 'shows', show, 'script', 'print'), { lang: language })
export const importScript = (show: string, file: File): Promise<SheetAnswer> => request('POST', path('api', 'shows', show, 'script'), withFile(file))
export const scheduleAddress = (brand: string, first: string, last: string, language: string): string => query('/api/calendar/schedule.xlsx', { brand, first, last, lang: language })
export const importSchedule = (brand: string, file: File): Promise<SheetAnswer> => request('POST', query('/api/calendar/schedule', { brand }), withFile(file))
export const loadTracks = (show: string, language: string, signal?: AbortSignal): Promise<{ segment: string; text: string; gaps: string[] }[]> =>
  get(query(path('api', 'shows', show, 'talk-tracks'), { lang: language }), signal)
export interface PlanVersion { version: number; made_at: number; made_by: string; changes: { what: string; title: string; part: string }[] }
/** A field of a segment; `pieces` of a text in the order in which they read. */
export interface FieldChange { field: string; before: string | number; after: string | number; pieces: { how: 'kept' | 'removed' | 'added'; text: string }[] }
export interface SegmentDifference { segment: string; title: string; part: string; place: number; what: 'added' | 'removed' | 'changed' | 'moved'; fields: FieldChange[]; was: number }
/** A product that came or went, or stands with another price or name. */
export interface CardDifference { product: string; name: string; what: 'added' | 'removed' | 'changed' | 'moved'; before: number; after: number }
/** `plan`: title, starts_at, ends_at and goals as `goal.M41`; `was` of a segment: its place before it was moved, else 0. */
export interface PlanDifferences { old: number; new: number; segments: SegmentDifference[]; plan: FieldChange[]; products: CardDifference[] }
/** `against` 0 is an empty rundown. */
export const findDifferences = (show: string, version: number, against: number, signal?: AbortSignal): Promise<PlanDifferences> =>
  get(query(path('api', 'shows', show, 'versions', String(version)), { against: String(against) }), signal)
export const listVersions = (show: string, signal?: AbortSignal): Promise<PlanVersion[]> => get(path('api', 'shows', show, 'versions'), signal)
