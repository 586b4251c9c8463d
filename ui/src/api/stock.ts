/** What the office asks about stock: balances, an opening balance, a correction. */
import { get, post } from './client'
import { newId } from './commands'
import type { OfficeReceipt } from './office'

export interface BalanceRow {
  sku: string
  warehouse: string
  product: string
  name: string
  on_hand: number
  reserved: number
  free: number
}

export interface StockAnswer {
  balances: BalanceRow[]
  /** SKUs of the catalogue nobody told a balance of */
  unknown: { sku: string; product: string; name: string }[]
  /** Under so many pieces a product is low: the highest bound of R030 in the brand's rooms */
  low: number
}

const of = (address: string, brand: string): string => `${address}?brand=${encodeURIComponent(brand)}`

export const loadStock = (brand: string, signal?: AbortSignal): Promise<StockAnswer> => get<StockAnswer>(of('/api/stock', brand), signal)

export const openStock = (brand: string, sku: string, warehouse: string, quantity: number, reason: string): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(of('/api/stock/openings', brand), { sku, warehouse, quantity, reason, command: newId() })

export const correctStock = (brand: string, sku: string, warehouse: string, delta: number, reason: string): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(of('/api/stock/corrections', brand), { sku, warehouse, delta, reason, command: newId() })

export interface StockPolicy {
  policy: 'cart_hold' | 'first_paid'
  /** -1 is the shipped preset */
  hold_s: number
  choose: 'priority' | 'most' | 'near'
  safety: number
}

export interface Warehouse {
  warehouse: string
  name: string
  priority: number
  regions: string[]
  holds: 'goods' | 'presale' | 'inspection'
  active: boolean
}

export interface StockRulesAnswer {
  warehouses: Warehouse[]
  /** By SKU; '' is the brand's */
  policies: Record<string, StockPolicy>
  bundles: Record<string, Record<string, number>>
  quotas: { channel: string; sku: string; quota: number; used: number }[]
}

export interface MoveRow {
  room: string
  move: number
  at: number
  sku: string
  source: string
  target: string
  quantity: number
  cause: string
  subject: string
}

export const loadStockRules = (brand: string, signal?: AbortSignal): Promise<StockRulesAnswer> => get<StockRulesAnswer>(of('/api/stock/rules', brand), signal)

export const saveStockRule = (brand: string, what: 'policies' | 'warehouses' | 'quotas' | 'bundles', body: Record<string, unknown>): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(of(`/api/stock/${what}`, brand), { ...body, command: newId() })

export const loadMoves = (brand: string, sku: string, signal?: AbortSignal): Promise<MoveRow[]> =>
  get<MoveRow[]>(`${of('/api/stock/moves', brand)}&sku=${encodeURIComponent(sku)}`, signal)

export const transferStock = (brand: string, body: { sku: string; source: string; target: string; quantity: number; reason: string }): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(of('/api/stock/transfers', brand), { ...body, command: newId() })
