/** Live actions in the reader's words. */
import { label } from '@/i18n'
import { formatPrice } from '@/i18n/format'
import type { LiveAction } from './types'

/** "Change price · rice crust · ¥19.90": what it does, to what, to which value. */
export function actionWords(action: LiveAction, nameOf: (product: string) => string, currency: string): string {
  const about = action.product ? nameOf(action.product) : (action.title ?? '')
  const value =
    action.kind === 'ChangePrice' && action.price !== undefined ? formatPrice(action.price, currency)
    : action.kind === 'SetStock' && action.quantity !== undefined ? String(action.quantity)
    : ''
  return [label('console.actions', action.kind), about, action.kind === 'StartOffer' && action.product ? (action.title ?? '') : '', value].filter(Boolean).join(' · ')
}
