/** Stock in the words of the console: what can still be sold. */
import type { StockView } from '@/live/types'

/** Pieces of one SKU that can still be sold; never negative. */
export const freeOf = (row: StockView): number => Math.max(0, row.on_hand - row.reserved)

/** Pieces of a product that can still be sold; null when no balance of any of its SKUs is known. */
export function freeStock(stock: readonly StockView[], product: string): number | null {
  const known = stock.filter((row) => row.product === product && row.known)
  return known.length === 0 ? null : known.reduce((sum, row) => sum + freeOf(row), 0)
}
