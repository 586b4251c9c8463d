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
}

const of = (address: string, brand: string): string => `${address}?brand=${encodeURIComponent(brand)}`

export const loadStock = (brand: string, signal?: AbortSignal): Promise<StockAnswer> => get<StockAnswer>(of('/api/stock', brand), signal)

export const openStock = (brand: string, sku: string, warehouse: string, quantity: number, reason: string): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(of('/api/stock/openings', brand), { sku, warehouse, quantity, reason, command: newId() })

export const correctStock = (brand: string, sku: string, warehouse: string, delta: number, reason: string): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(of('/api/stock/corrections', brand), { sku, warehouse, delta, reason, command: newId() })
