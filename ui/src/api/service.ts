/** The service desk: the inbox, one conversation, what we know, how fast we are. Its commands go through `sendCommand`. */
import { get, path, post, remove, request } from './client'
import type { OfficeReceipt } from './office'

export interface InboxRow {
  room: string
  conversation: string
  channel: 'message' | 'comment' | 'case'
  viewer: string
  name: string
  label: string
  topic: string
  product: string
  order: string
  agent: string
  /** queued: a comment in line behind those in memory */
  state: 'open' | 'closed' | 'queued'
  opened_at: number
  human_at: number
  first_reply_at: number
  /** When the oldest unanswered message came; 0 when nobody waits */
  since: number
  last_at: number
  step: number
  closed_at: number
  outcome: string
  score: number
  newest: string
  deadline: number
  /** When somebody must have answered, in business hours; 0 when nobody waits */
  due_at: number
  /** Until when the platform wants an answer; 0 when it does not count this wait */
  platform_due_at?: number
}

/** What is foreseen: by the team's clock (late, will_be_late) and the platform's (will_miss) */
export interface ForeseenAgent { person: string; state: string; on_duty: boolean; open: number; waiting: number; most: number; comments: number; late: number; will_be_late: number; will_miss: number; shift: string; shift_ends: number }
/** `shift` "" are those without one, "-" what nobody has yet */
export interface ForeseenShift { shift: string; people: number; waiting: number; late: number; will_be_late: number; will_miss: number }
export interface ForeseenWait { conversation: string; will_be_late: boolean; will_miss: boolean; answer_at: number }
export interface ForeseenRoom { room: string; now: number; agents: ForeseenAgent[]; shifts: ForeseenShift[]; waiting: ForeseenWait[] }

export interface ServedRoom {
  room: string
  name: string
  platform: string
  nature: string
  brand: string
  now: number
  can_send: boolean
  can_reply: boolean
}

export interface Inbox {
  rows: InboxRow[]
  rooms: ServedRoom[]
  people: Record<string, string>
  limits: { comment: number; message: number; steps: number[] }
  /** Room to the comments that stand in line there */
  queued: Record<string, number>
}

/** What the server tells of a room: rows that are otherwise than before, and where something was said or done */
export interface InboxNews {
  room: string
  now: number
  rows: InboxRow[]
  /** null: it may be any conversation of the room */
  heard: string[] | null
  queued: number
}

export interface Message {
  message: string
  at: number
  who: 'customer' | 'case' | 'agent' | 'auto' | 'robot' | 'note' | 'system'
  person: string
  text: string
  state: 'sending' | 'sent' | 'failed' | 'uncertain'
  suggestion: string
  edited: boolean
  human_at: number
  auto_at: number
  product: string
}

export interface Suggestion {
  reply: string
  message: string
  at: number
  text: string
  facts: string[]
  topic: string
  due_at: number
  state: 'offered' | 'used' | 'edited' | 'sent' | 'dropped'
  why: string
  /** model where a language model worded it */
  made_by: string
}

export interface Draft {
  kind: 'fact' | 'template' | 'past' | 'product'
  id: string
  text: string
  source: string
  sure: number
  missing: string[]
}

export interface CustomerOrder {
  number: string
  state: string
  amount: number
  currency: string
  created_at: number
  paid_at: number
  refunded: number
}

export interface Opened {
  row: InboxRow
  messages: Message[]
  suggestions: Suggestion[]
  drafts: Draft[]
  orders: CustomerOrder[]
  history: InboxRow[]
  product: { product: string; name: string; price: number; selling_points?: string[] } | null
  cards: CardChoice[]
  /** Colleagues who look at it now, and who of them types */
  viewers: string[]
  typing: string[]
}

/** What may be sent as a card; `free` null is unverified */
export interface CardChoice {
  product: string
  name: string
  number: number
  price: number
  free: number | null
}

/** Minutes after midnight; an end beyond 1440 lies in the next day */
export interface Span {
  days: number[]
  start: number
  end: number
}

export interface HoursOf {
  /** Person to spans; '' is the desk itself */
  hours: Record<string, Span[]>
  people: [string, string][]
  time_zone: string
}

export interface Template {
  template: string
  title: string
  text: string
  topic: string
  hotkey: string
}

export interface Fact {
  fact: string
  question: string
  answer: string
  topic: string
  product: string
  source: string
  until: number
  version: number
  saved_by: string
}

export interface Knowledge {
  brand: string
  templates: Template[]
  facts: Fact[]
  variables: string[]
  topics: string[]
  /** Messages that nobody asked for (R059, R130). */
  own: string[]
  never: string[]
}

export interface Share {
  good: number
  of: number
  value: number | null
}

export interface BoardRow {
  group: string
  messages: number
  conversations: number
  first_ms: number | null
  mean_ms: number | null
  p95_ms: number | null
  platform: Share
  fast: Share
  satisfied: Share
  unanswered: number
}

export interface Taken {
  topic: string
  offered: number
  used: number
  edited: number
  sent: number
  stopped: number
  dropped: Record<string, number>
}

export interface Board {
  rows: BoardRow[]
  suggestions: Taken[]
  by: string
  since: number
  until: number
  /** The platforms' rules of these rooms at the end of the span. */
  clocks: { platform: string; name: { zh: string; en: string }; within_ms: number; from: string; until: string; since: string; source: string; mark: string }[]
}

/** A rate of the desk: `part` of `of`; null is unknown, and `why` says for want of what. M84 is a mean in ms. */
export interface ServiceRate {
  name: string
  metric: string
  value: number | null
  part: number
  of: number
  since: number
  until: number
  /** When the last thing it was counted from happened; 0 none */
  newest: number
  sources: Record<string, number>
  /** What was left out, and why */
  aside: Record<string, number>
  bound: number | null
  rule: string
  why: string
  title: { zh: string; en: string }
  definition: { zh: string; en: string }
  mark: string
}

export interface ServiceRates {
  rates: ServiceRate[]
  preset: { since: string; mark: string; source: string; complaint_days: number; good_from: number; review_days: number; paid_within_h: number }
  now: number
}

export interface Reviews {
  /** The worst first */
  products: { product: string; name: string; good: number; of: number; newest: number }[]
  newest: { room: string; review: string; number: string; product: string; name: string; sku: string; score: number; said: string; source: string; at: number }[]
  good_from: number
  days: number
}

export interface ImportedReviews {
  reviews: number
  new: number
  rejected: { row: number; column: string; message: string; code: string }[]
  rejected_count: number
}

export interface HotSpot {
  topic: string
  product: string
  asked: number
  unanswered: number
  share: number
  before: number | null
  examples: string[]
  demonstrate: boolean
}

export interface HotSpots {
  since: number
  until: number
  total: number
  total_before: number
  /** From this share on a demonstration is suggested (R062): the bound in force. */
  demonstrate_from: number
  /** Product to its name */
  names: Record<string, string>
  spots: HotSpot[]
}

const ask = (values: Record<string, string | number>): string =>
  new URLSearchParams(Object.entries(values).map(([key, value]) => [key, String(value)])).toString()

/** How far answers of a room go by themselves: topic to level and wait in ms, where somebody set one. */
export const levelsOf = async (room: string, signal?: AbortSignal): Promise<Record<string, [string, number]>> =>
  (await get<{ service: { levels: Record<string, [string, number]> } }>(path('api', 'rooms', room, 'snapshot'), signal)).service.levels

export const loadInbox = (state: string, signal?: AbortSignal, limit = 200): Promise<Inbox> =>
  get<Inbox>(`/api/service/inbox?${ask({ state, ...(state === 'queued' ? { limit: String(limit) } : {}) })}`, signal)

/** The comments in line behind `last`. */
export const loadQueued = (last: InboxRow, limit: number): Promise<Inbox> =>
  get<Inbox>(`/api/service/inbox?${ask({ state: 'queued', after: String(last.since), after_conversation: last.conversation, after_room: last.room, limit: String(limit) })}`)

export const openConversation = (room: string, conversation: string, signal?: AbortSignal): Promise<Opened> =>
  get<Opened>(path('api', 'rooms', room, 'conversations', conversation), signal)

export const fillTemplate = (room: string, conversation: string, template: string): Promise<{ text: string }> =>
  post<{ text: string }>(path('api', 'rooms', room, 'conversations', 'fill', conversation), { template })

export const revealNumbers = (room: string, conversation: string, reason: string): Promise<{ messages: Message[] }> =>
  post<{ messages: Message[] }>(path('api', 'rooms', room, 'conversations', 'reveal', conversation), { reason })

export const loadKnowledge = (brand: string, signal?: AbortSignal): Promise<Knowledge> => get<Knowledge>(`/api/service/knowledge?${ask({ brand })}`, signal)

export const saveTemplate = (brand: string, template: Partial<Template>): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(`/api/service/templates?${ask({ brand })}`, template)

export const removeTemplate = (brand: string, template: string): Promise<OfficeReceipt> =>
  remove<OfficeReceipt>(`${path('api', 'service', 'templates', template)}?${ask({ brand })}`)

export const saveFact = (brand: string, fact: Partial<Fact>): Promise<OfficeReceipt> => post<OfficeReceipt>(`/api/service/facts?${ask({ brand })}`, fact)

export const removeFact = (brand: string, fact: string): Promise<OfficeReceipt> =>
  remove<OfficeReceipt>(`${path('api', 'service', 'facts', fact)}?${ask({ brand })}`)

export const loadHours = (room: string, signal?: AbortSignal): Promise<HoursOf> => get<HoursOf>(`/api/service/hours?${ask({ room })}`, signal)

export const loadBoard = (room: string, by: string, since: number, signal?: AbortSignal): Promise<Board> =>
  get<Board>(`/api/service/board?${ask({ room, by, since })}`, signal)

export const loadHotSpots = (room: string, since: number, signal?: AbortSignal): Promise<HotSpots> =>
  get<HotSpots>(`/api/service/hot-spots?${ask({ room, since })}`, signal)

export const loadForeseen = (room: string, signal?: AbortSignal): Promise<{ rooms: ForeseenRoom[]; lacking: string[] }> => get(`/api/service/foreseen?${ask({ room })}`, signal)

export const loadRates = (room: string, since: number, signal?: AbortSignal): Promise<ServiceRates> =>
  get<ServiceRates>(`/api/service/rates?${ask({ room, since })}`, signal)

export const loadReviews = (room: string, signal?: AbortSignal): Promise<Reviews> => get<Reviews>(`/api/service/reviews?${ask({ room })}`, signal)

export function importReviews(room: string, file: File): Promise<ImportedReviews> {
  const form = new FormData()
  form.append('file', file)
  return request<ImportedReviews>('POST', path('api', 'rooms', room, 'reviews', 'import'), form)
}
