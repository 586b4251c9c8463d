/** Constraints and eliminations in the words of the screens. */
import type { Need, OutRow, Phase, QuotaRule, Tight } from '@/api/selection'
import { label, t } from '@/i18n'
import { formatNumber, formatRatio } from '@/i18n/format'
import { typedMoney } from '../parts/amount'

const GOLDEN = 'golden'
const ROLES = ['hook', 'deal', 'profit', 'prestige', 'rising', 'hit']

/** The name of a rule as people know it; rules of their own keep the name they were given. */
export function ruleWords(rule: string, subject: string): string {
  if (ROLES.includes(rule)) return label('live.product_role', rule)
  const [name = '', ...rest] = rule.split(':')
  if (name === GOLDEN) return t('office.selection.golden_rule', { role: label('live.product_role', rest.join(':')) })
  return label('office.selection.rule_name', name, rule, { subject: subject || rest.join(':') })
}

export function needWords(need: Need, names: ReadonlyMap<string, string>): string {
  if (need.side === 'lock') return t('office.selection.need_lock', { product: names.get(need.subject) ?? need.subject })
  const params = { rule: ruleWords(need.rule, need.subject), now: formatNumber(need.now, need.now % 1 ? 1 : 0), to: formatNumber(need.to, need.to % 1 ? 1 : 0) }
  return need.side === 'low' ? t('office.selection.need_low', params) : t('office.selection.need_high', params)
}

export function outWords(row: OutRow): string {
  const shown = (value: number): string => (row.rule === 'R030' ? formatNumber(value) : formatRatio(value))
  return label('office.selection.out_reason', row.rule, row.rule, { value: shown(row.value), bound: shown(row.bound) })
}

/** Bounds of a constraint beside its use: "5 / 2–6". */
export function bounds(row: Tight): string {
  const use = formatNumber(row.use, row.use % 1 ? 1 : 0)
  if (row.high === null) return row.low > 0 ? `${use} / ≥ ${formatNumber(row.low)}` : use
  return row.low > 0 ? `${use} / ${formatNumber(row.low)}–${formatNumber(row.high)}` : `${use} / ≤ ${formatNumber(row.high)}`
}

export function quota(role: string): QuotaRule {
  return { rule: role, by: 'role', values: [role], least_price: 0, most_price: 0, phases: [], unit: 'count', low: 0, high: null, penalty: null }
}

/** The rule that asks for items of a role in the golden minutes. */
export const goldenRule = (role: string): string => `${GOLDEN}:${role}`
export const isGolden = (rule: QuotaRule): boolean => rule.rule.startsWith(`${GOLDEN}:`)

/** Products of a price from here to there, in minor units of the currency. */
export function band(from: number, to: number, currency: string): QuotaRule {
  return { ...quota('band'), rule: `band:${typedMoney(from, currency)}–${to ? typedMoney(to, currency) : '∞'}`, by: 'price', values: [], least_price: from, most_price: to }
}

/** The phases stretched to another length of the show. */
export function stretched(phases: readonly Phase[], minutes: number): Phase[] {
  const whole = phases.reduce((sum, phase) => sum + phase.minutes, 0)
  return phases.map((phase) => ({ ...phase, minutes: whole > 0 ? Math.round((phase.minutes / whole) * minutes * 10) / 10 : 0 }))
}
