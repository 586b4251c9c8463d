/** What the office asks about plans: the calendar, its entries and feeds. */
import { get, path, post, remove } from './client'
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
  source: string
  source_date: string
  address: string
  mark: Mark | ''
  own: boolean
}

export interface CalendarAnswer {
  first: string
  last: string
  today: string
  now: number
  time_zone: string
  rooms: { room: string; name: string; time_zone: string }[]
  shows: CalendarShow[]
  contents: CalendarContent[]
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
