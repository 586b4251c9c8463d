/** What the office asks about orders: the feed and its lists, one order, exceptions, files. */
import { get, path, request, requestFile } from './client'
import { sendCommand } from './commands'
import type { CommandAnswer } from './types'

export interface OrderLine {
  sku: string
  product?: string
  quantity?: number
  price?: number
}

export interface OrderRow {
  room: string
  number: string
  state: string
  amount: number
  currency: string
  buyer: string
  via: string
  lines: OrderLine[]
  placed_at: number
  paid_at: number
  closed_at: number
  refunded: number
  checked: string
  reminded: string
  feedback: string
  shipped_at: number
  delivered_at: number
}

export interface OrderPage {
  rows: OrderRow[]
  next: string
  counts?: Record<string, number>
  /** So far lists are counted; one more stands for more. */
  counted_to?: number
  systems?: Record<string, { zh: string; en: string }>
}

export interface FaultRow {
  room: string
  number: string
  fault: string
  kind: string
  what: string
  have: string
  got: string
  at: number
  state: string
  settled_by: string
  note: string
  /** That of the order; "" where nobody knows the order. */
  currency: string
  /** What the customer chose about a SKU that is short (R039); "" not asked yet. */
  choice: string
}

export interface CaseRow {
  room: string
  number: string
  case: string
  type: string
  state: string
  amount: number
  sku: string
  quantity: number
  reason: string
  deadline: number
  opened_at: number
}

/** A legal or promised time; moments in ms, 0 is none or unknown. `due_at` is the first moment that is too late. */
export interface ClockRow {
  clock: 'refund_return' | 'no_reason' | 'ship'
  case: string
  since: number
  basis: string
  due_at: number
  ended_at: number
  /** running, alarm, late, kept, missed, closed, disputed, over or unknown */
  state: string
  /** When it will be over by the brand's own median; 0 nobody can tell. */
  forecast: number
  law: { zh?: string; en?: string }
}

/** A case of the list; `clock` null while no goods are on their way back. */
export interface ListedCase extends CaseRow {
  /** Whether it is our move. */
  ours: boolean
  clock: ClockRow | null
  damage: boolean
}

export type Whose = 'ours' | 'open' | 'all'

/** One page of cases with how many there are in all, by whose move it is; `next` leads on, "" at the end. */
export interface CasePage {
  rows: ListedCase[]
  next: string
  counts: Record<Whose, number>
}

/** What is written to the buyer of our own accord; `conversation` "" when they never wrote to us here. */
export interface Outreach {
  about: 'remind' | 'feedback'
  conversation: string
  text: string
  state: string
  why: string
  made_at: number
  due_at: number
  moved_at: number
  moved_by: string
}

/** A choice about pieces that were short; `state` open, done or late. */
export interface Choice {
  sku: string
  choice: string
  pieces: number
  instead: string
  until_at: number
  note: string
  state: string
  chosen_at: number
  chosen_by: string
}

export interface OrderSheet {
  order: OrderRow
  parcels: { parcel: string; carrier: string; tracking: string; state: string; sent_at: number; moved_at: number }[]
  cases: CaseRow[]
  faults: FaultRow[]
  allocs: [string, string, number][]
  refunds: [string, number, string, number][]
  insured: boolean
  freight_paid: number
  outreach: Outreach[]
  choices: Choice[]
  clocks: ClockRow[]
  /** Cases whose goods came broken (R060). */
  damage: string[]
}

export interface OrderSearch {
  brand: string
  room?: string
  state?: string
  list?: string
  text?: string
}

function query(fields: Record<string, string | number | undefined>): string {
  const found = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== '') found.set(name, String(value))
  return found.toString()
}

export const searchOrders = (search: OrderSearch, after = '', signal?: AbortSignal): Promise<OrderPage> => get<OrderPage>(`/api/orders?${query({ ...search, after })}`, signal)
export const exportAddress = (search: OrderSearch, lang: string): string => `/api/orders.xlsx?${query({ ...search, lang })}`
/** The workbook; `cut` is the number of orders it was cut at, 0 where it holds all. */
export async function exportOrders(search: OrderSearch, lang: string): Promise<{ content: Blob; cut: number }> {
  const { content, headers } = await requestFile('GET', exportAddress(search, lang))
  return { content, cut: Number(headers.get('x-livecue-cut-at') ?? 0) }
}
export const loadOrder = (room: string, number: string, signal?: AbortSignal): Promise<OrderSheet> => get<OrderSheet>(path('api', 'rooms', room, 'orders', number), signal)
export const loadFaults = (brand: string, state: string, signal?: AbortSignal): Promise<FaultRow[]> => get<FaultRow[]>(`/api/orders/exceptions?${query({ brand, state })}`, signal)
export const loadCases = (brand: string, whose: Whose, after = '', signal?: AbortSignal): Promise<CasePage> => get<CasePage>(`/api/orders/cases?${query({ brand, whose, after })}`, signal)

export interface ImportedOrders {
  orders: number
  lines: number
  new: number
  rejected: { row: number; column: string; message: string; code: string }[]
  rejected_count: number
}

export interface Reconciled {
  compared: number
  equal: number
  ours: number
  theirs: number
  differences: { kind: string; order: string; row: number; ours: number; theirs: number }[]
  errors: { row: number; column: string; message: string; code: string }[]
}

export function importOrders(room: string, file: File, system: string): Promise<ImportedOrders> {
  const form = new FormData()
  form.append('file', file)
  form.append('system', system)
  return request<ImportedOrders>('POST', path('api', 'rooms', room, 'orders', 'import'), form)
}

/** Moments (ms) between which orders were placed that a statement must hold; `until` is outside. */
export interface Period {
  since: number
  until: number
}

function statementForm(file: File, period: Period | null): FormData {
  const form = new FormData()
  form.append('file', file)
  if (period) {
    form.append('since', String(period.since))
    form.append('until', String(period.until))
  }
  return form
}

/** Without a period nobody looks for orders that the statement lacks. */
export const compareStatement = (room: string, file: File, period: Period | null = null): Promise<Reconciled> =>
  request<Reconciled>('POST', path('api', 'rooms', room, 'orders', 'statement'), statementForm(file, period))

export async function statementWorkbook(room: string, file: File, period: Period | null = null): Promise<Blob> {
  const form = statementForm(file, period)
  form.append('workbook', 'true')
  return (await requestFile('POST', path('api', 'rooms', room, 'orders', 'statement'), form)).content
}

export const confirmOrder = (room: string, order: string, ok: boolean, note = ''): Promise<CommandAnswer> => sendCommand(room, { kind: 'OrderConfirmed', order, ok, note })
export const remindOrder = (room: string, order: string, sent: boolean): Promise<CommandAnswer> => sendCommand(room, { kind: 'OrderReminded', order, sent })
export const noteFeedback = (room: string, order: string, score: number, text: string): Promise<CommandAnswer> => sendCommand(room, { kind: 'FeedbackNoted', order, score, text })
export const settleFault = (room: string, order: string, fault: string, note: string): Promise<CommandAnswer> => sendCommand(room, { kind: 'FaultSettled', order, fault, note })
export const sendOutreach = (room: string, order: string, item: Outreach, text: string): Promise<CommandAnswer> => sendCommand(room, { kind: 'OutreachAsked', order, about: item.about, conversation: item.conversation, text })
export const chooseShort = (room: string, order: string, asked: { sku: string; choice: string; instead: string; until: number; note: string }): Promise<CommandAnswer> => sendCommand(room, { kind: 'ShortChosen', order, ...asked })
