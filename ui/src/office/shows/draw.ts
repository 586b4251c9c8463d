/** What a planned prize draw has to tell. The server decides; this names what lacks while it is typed. */
import type { DrawPlan } from '@/api/office'

export const DRAW_KINDS = ['goods', 'coupon', 'cash', 'virtual', 'chance'] as const
export const NO_DRAW: DrawPlan = { kind: '', prize: '', prizes: 0, value: 0, chances: 1, conditions: '', method: '', word: '', after_s: 0, odds: '', claim: '', published: '' }

export type DrawField = 'kind' | 'prize' | 'number' | 'value' | 'conditions' | 'method' | 'time' | 'claim' | 'published'

/** Names of what is not told yet, in the order of the form. */
export function toldOf(draw: DrawPlan, seconds: number): DrawField[] {
  const told: Record<DrawField, boolean> = {
    kind: draw.kind !== '',
    value: draw.value > 0,
    prize: draw.prize.trim() !== '',
    number: draw.prizes > 0 || draw.odds.trim() !== '',
    time: draw.after_s > 0 && draw.after_s <= seconds,
    conditions: draw.conditions.trim() !== '',
    method: draw.method.trim() !== '',
    claim: draw.claim.trim() !== '',
    published: draw.published.trim() !== '',
  }
  return (Object.keys(told) as DrawField[]).filter((name) => !told[name])
}
