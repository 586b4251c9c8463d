/** Variables in talk tracks: {price} is what is true at the moment it is read. */
import type { ProductCard, StockView } from '@/live/types'
import { en } from '@/i18n/en'
import { formatPrice } from '@/i18n/format'
import { zh } from '@/i18n/zh'

type Words = typeof zh.live.variable_word
export type Variable = keyof Words
/** Variable to how it is written in Chinese and in English; either may stand in a text. */
export const VARIABLES = Object.fromEntries(
  Object.keys(zh.live.variable_word).map((name) => [name, [zh.live.variable_word[name as Variable], en.live.variable_word[name as Variable]] as const]),
) as Record<Variable, readonly [string, string]>
export type Values = Partial<Record<Variable, string>>

export interface Piece {
  text: string
  /** "" for plain words */
  variable: string
  /** unknown_variable, no_product or not_known: it has no value */
  missing: string
}

const known = new Map(Object.entries(VARIABLES).flatMap(([name, words]) => words.map((word) => [word as string, name as Variable])))
const FOUND = /\{([^{}\n]{1,40})\}/g

/** How a variable is written. */
export const written = (name: Variable, language: string): string => `{${VARIABLES[name][language === 'en' ? 1 : 0]}}`

/** The values of a product now; null without one. Stock is known when every SKU was counted. */
export function valuesOf(card: ProductCard | undefined, stock: readonly StockView[], currency: string, comma: string): Values | null {
  if (!card) return null
  const skus = card.skus ?? []
  const rows = skus.map((sku) => stock.find((row) => row.sku === sku && row.known))
  const free = rows.reduce((sum, row) => sum + (row ? Math.max(0, row.on_hand - row.reserved) : 0), 0)
  return {
    name: card.name,
    price: card.price ? formatPrice(card.price, currency) : '',
    stock: skus.length > 0 && rows.every((row) => row !== undefined) ? String(free) : '',
    skus: skus.join(comma),
    points: (card.selling_points ?? []).join(comma),
    number: card.number ? String(card.number) : '',
  }
}

/** A talk track cut into words and variables with their values. */
export function spoken(text: string, values: Values | null): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(FOUND)) {
    const word = (found[1] ?? '').trim()
    const name = known.get(word)
    const value = name && values ? (values[name] ?? '') : ''
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), variable: '', missing: '' })
    pieces.push({ text: value, variable: word, missing: value ? '' : !name ? 'unknown_variable' : values === null ? 'no_product' : 'not_known' })
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), variable: '', missing: '' })
  return pieces
}
