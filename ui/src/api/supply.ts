/** What the office asks about product files, suppliers, replenishment and quality. */
import { get, path, post, request } from './client'
import { newId } from './commands'
import type { ImportAnswer, OfficeReceipt } from './office'

export interface PaperState { what: string; state: 'missing' | 'expired' | 'expiring' | 'ok' | 'open_ended'; paper: string; expires_on: string }
export interface Mend { what: string; have: number; want: number; points: number }
export interface RivalState { state: 'band' | 'high' | 'low' | 'unknown'; gap: number | null; price: number | null; shop: string; source: string; noted_on: string; stale: number }

export interface FileState {
  papers: PaperState[]
  page: { score: number; mend: Mend[] }
  rival: RivalState
  sample: 'passed' | 'failed' | 'missing' | 'not_needed'
  /** Rules that keep it from being listed */
  blocks: string[]
  /** Rules that ask for something to be mended */
  warns: string[]
  related: number
}

export interface FileRow extends FileState {
  product: string
  name: string
  category: string
  supplier: string
  price: number
  currency: string
}

export interface FilesAnswer {
  rows: FileRow[]
  found: number
  counts: { all: number; blocked: number; warned: number; mend: number }
  /** Kinds of papers */
  papers: string[]
}

export interface Paper { paper: string; product?: string; supplier?: string; what?: string; number?: string; issued_on?: string; expires_on?: string; active?: boolean; note?: string }
export interface Listing {
  title?: string
  description?: string
  pictures?: number
  videos?: number
  attributes?: Record<string, string>
  no_reason_7d?: boolean | null
  freight_insurance?: boolean | null
  warranty?: string
  related?: string[]
}
export interface Rival { rival: string; shop?: string; price: number; source: string; noted_on: string }
export interface Sample { test: string; what: string; destructive?: boolean; passed: boolean; tested_on: string; note?: string }
export interface ProductFile { state: FileState; listing: Listing | null; papers: Paper[]; rivals: Rival[]; samples: Sample[]; lists: SeenRow[] }

export interface Score {
  score: number | null
  on_time: number | null
  deliveries: number
  quality: number | null
  sampled: number
  returns: number | null
  price: number | null
  compared: number
  /** Weight of what is known, 0 to 1 */
  known: number
  products: number
}

export interface Supplier {
  supplier: string
  name: string
  categories: string[]
  /** Stands ready for these categories */
  backup: string[]
  /** -1: not known */
  payment_days: number
  /** null: hidden from who lacks the permission `money`; -1: not known */
  commission_bp: number | null
  restock_hours: number
  live_only: boolean
  active: boolean
  note: string
  score: Score
}

export interface Backup { category: string; ready: string[]; wanted: number }

export interface StockPosition {
  sku: string
  product: string
  name: string
  supplier: string
  free: number | null
  on_order: number
  line: number
  own_line: boolean
  per_day: number
  lead_hours: number
  needed: number
  shows: string[]
  order: number
  unit_cost: number | null
  days_left: number | null
  turnover_days: number | null
  state: 'ok' | 'order' | 'low' | 'out' | 'unknown'
  late: number
}

export interface Replenishment {
  replenishment: string
  sku: string
  quantity: number
  supplier?: string
  asked_at: number
  due_at: number
  state?: 'asked' | 'arrived' | 'cancelled'
  moved_at?: number
  arrived?: number
}

export interface StockPlan {
  rows: StockPosition[]
  count: number
  turnover: { days: number | null; counted: number; left_out: number; target: number }
  orders: Replenishment[]
  presets: { safety_pieces: number; replenish_hours: number; sales_days: number; cover_days: number; turnover_days: number }
}

export interface QualityCase { quality_case: string; sku: string; batch?: string; title: string; found_at: number; due_at: number; exchange_at?: number; closed_at?: number; step?: 'found' | 'exchange' | 'closed'; note?: string }
export interface CaseState { case: QualityCase; clock: 'running' | 'late' | 'kept' | 'missed' | 'none'; left_ms: number; told: string[] }
export interface Batch { batch: string; sku: string; quantity: number; sampled: number; failed: number; supplier?: string; received_at: number; note?: string }
export interface QualityRates {
  share: number | null
  complaints: number
  orders: number
  bound: number
  days: number
  exchange_ms: number | null
  exchanges: number
  kept: number
  replenish_ms: number | null
  unsampled: string[]
}
export interface QualityAnswer { cases: CaseState[]; batches: Batch[]; rates: QualityRates; hours: number; now: number }
export interface AffectedOrder { room: string; number: string; state: string; paid_at: number; quantity: number }
export interface Duty { rule: string; subject: string; name: string; roles: string[]; due_at?: number; late?: boolean; detail?: string; state?: string }

const of = (address: string, brand: string, more: Record<string, string | number> = {}): string =>
  `${address}?${new URLSearchParams({ brand, ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)])) }).toString()}`

export const loadFiles = (brand: string, asked: { q: string; only: string; offset: number }, signal?: AbortSignal): Promise<FilesAnswer> =>
  get(of('/api/supply/products', brand, asked), signal)
export const loadFile = (brand: string, product: string, signal?: AbortSignal): Promise<ProductFile> => get(of(path('api', 'supply', 'products', product), brand), signal)
export const loadSuppliers = (brand: string, signal?: AbortSignal): Promise<{ suppliers: Supplier[]; backups: Backup[]; core: { live_only: number; wanted: number } }> => get(of('/api/supply/suppliers', brand), signal)
export const loadStockPlan = (brand: string, signal?: AbortSignal): Promise<StockPlan> => get(of('/api/supply/stock', brand), signal)
export const loadQuality = (brand: string, signal?: AbortSignal): Promise<QualityAnswer> => get(of('/api/supply/quality', brand), signal)
export const loadAffected = (brand: string, id: string, signal?: AbortSignal): Promise<{ orders: AffectedOrder[]; pieces: number; batch_known: boolean }> =>
  get(of(path('api', 'supply', 'cases', id, 'orders'), brand), signal)
export const loadDuties = (brand: string, signal?: AbortSignal): Promise<Duty[]> => get(of('/api/supply/duties', brand), signal)

type Door = 'files' | 'goods' | 'checks' | 'cases'

/** Say something to the supply's stream: `kind` names what is entered. A refusal comes inside the answer. */
export const enter = (brand: string, door: Door, kind: string, body: object): Promise<OfficeReceipt> =>
  post(of(path('api', 'supply', door), brand), { ...body, kind, command: newId() })

export function importSuppliers(brand: string, file: File): Promise<ImportAnswer> {
  const form = new FormData()
  form.append('file', file)
  return request('POST', of('/api/supply/suppliers/import', brand), form)
}

export const suppliersAddress = (brand: string, lang: string): string => of('/api/supply/suppliers.xlsx', brand, { lang })
export const purchaseAddress = (brand: string, lang: string): string => of('/api/supply/purchase.xlsx', brand, { lang })

/** A line of a trend list (what rises) or hot list (what sells) */
export interface SeenRow {
  item: string
  list: 'trend' | 'hot'
  name: string
  category: string
  rank: number
  heat: string
  price: number
  source: string
  noted_on: string
  /** Ours that it is or sounds like; "" none */
  product: string
  /** The list itself says so */
  told: boolean
  /** Its name */
  ours?: string
}

/** What stands for empty cells of a list; `sure` takes prices that look like fen. */
export interface BroughtAs { source: string; on: string; sure: boolean; which?: 'trend' | 'hot' }

function bring(brand: string, address: string, file: File, as: BroughtAs): Promise<ImportAnswer> {
  const form = new FormData()
  form.append('file', file)
  return request('POST', of(address, brand, { source: as.source, on: as.on, sure: String(as.sure), ...(as.which ? { which: as.which } : {}) }), form)
}

export const importRivals = (brand: string, file: File, as: BroughtAs): Promise<ImportAnswer> => bring(brand, '/api/supply/rivals/import', file, as)
export const importList = (brand: string, file: File, as: BroughtAs): Promise<ImportAnswer> => bring(brand, '/api/supply/lists/import', file, as)
export const loadLists = (brand: string, signal?: AbortSignal): Promise<{ rows: SeenRow[]; count: number }> => get(of('/api/supply/lists', brand), signal)
export const marketTemplate = (what: 'rivals' | 'lists', lang: string): string => `/api/supply/template.xlsx?what=${what}&lang=${lang}`
