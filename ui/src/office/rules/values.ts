/** The figures of a preset: in which unit each is, and how people read and type them. */
import { metricName, metricRow } from '@/api/reference'
import type { Fired, RuleInForce } from '@/api/office'
import { label, t } from '@/i18n'
import { exponentOf, formatByUnit, formatNumber } from '@/i18n/format'

/** Values that are shares of something whatever the rule measures. */
const SHARES = new Set(['drop', 'fall', 'share', 'clicks_above', 'hide_from', 'host_from', 'like_from'])
const SWITCHES = new Set(['any_role', 'always'])
const COUNTS = new Set(['sample', 'minutes', 'flood', 'repeat', 'z', 'spans', 'level', 'episode'])
/** What a rule is about, in the order that decides the unit of its recovery line. */
const SUBJECTS = ['below', 'above', 'drop', 'fall', 'share', 'left_s', 'every_s', 'late_s', 'z', 'flood', 'repeat', 'rise', 'multiple']

export type Unit = 'ratio' | 's' | 'ms' | 'money' | 'multiple' | 'switch' | 'number'

/** The unit of the value `name` in a rule; `recover` has the unit of what the rule compares. */
export function unitOf(rule: Pick<RuleInForce, 'metrics' | 'values'>, name: string): Unit {
  if (SWITCHES.has(name)) return 'switch'
  if (name.endsWith('_s')) return 's'
  if (name.endsWith('_ms')) return 'ms'
  if (SHARES.has(name)) return 'ratio'
  if (COUNTS.has(name) || name.endsWith('_min')) return 'number'
  if (name === 'rise' || name === 'multiple') return 'multiple'
  if (name === 'recover') {
    const subject = SUBJECTS.find((word) => word in rule.values)
    return subject === undefined ? 'number' : unitOf(rule, subject)
  }
  const unit = metricRow(rule.metrics[0] ?? '')?.unit ?? ''
  if (unit === 'ratio' || unit === 's' || unit === 'ms') return unit
  return unit.startsWith('money') ? 'money' : 'number'
}

/** As people read it: "2.4%", "¥80", "90 s". */
export function readable(value: number, unit: Unit, currency: string): string {
  if (unit === 'switch') return t(value ? 'app.yes' : 'app.no')
  if (unit === 'number') return formatNumber(value, 2)
  return formatByUnit(value, unit, currency)
}

/** By how much what people type is larger than what is kept: percent, whole currency. */
function factor(unit: Unit, currency: string): number {
  if (unit === 'ratio') return 100
  return unit === 'money' ? 1 / 10 ** exponentOf(currency) : 1
}

/** As people type it: a share in percent, money in whole units. */
export const typed = (value: number, unit: Unit, currency: string): string => String(Number((value * factor(unit, currency)).toFixed(6)))

/** What was typed as it is kept; null when it is no number between `least` and `most`. */
export function kept(text: string, unit: Unit, currency: string, least = 0, most: number | null = null): number | null {
  const value = Number(text.trim().replace(/[%％,，]/g, ''))
  if (text.trim() === '' || !Number.isFinite(value) ) return null
  const found = Number((value / factor(unit, currency)).toFixed(8))
  return found < least || (most !== null && found > most) ? null : found
}

/** What stands behind a typed figure. */
export function suffix(unit: Unit, currency: string): string {
  if (unit === 'money') return currency
  return unit === 'ratio' ? '%' : unit === 's' ? t('office.rules.seconds') : unit === 'ms' ? 'ms' : unit === 'multiple' ? '×' : ''
}

export interface Often {
  /** Shows of which it can be told */
  shows: number
  /** In how many of them it would have fired at all */
  fired: number
  /** Cues in all of them */
  times: number
  /** Shows of which nobody can tell */
  unknown: number
  /** Why not, or why never: the commonest code, and the figure it is about */
  why: string
  metric: string
}

/** The sum of "how often would it have fired" over past shows. */
export function often(fired: readonly Fired[] | null | undefined): Often {
  const all = fired ?? []
  const told = all.filter((item) => item.count !== null)
  const unknown = all.filter((item) => item.count === null)
  const times = told.reduce((sum, item) => sum + (item.count ?? 0), 0)
  // Where nothing fired, a reason for that is told before the one for what is unknown.
  const reasons = new Map<string, { item: Fired; count: number }>()
  for (const item of unknown.length > 0 ? unknown : times === 0 ? told : []) {
    if (item.why === '') continue
    const known = reasons.get(item.why)
    reasons.set(item.why, { item, count: (known?.count ?? 0) + 1 })
  }
  const most = [...reasons.values()].sort((a, b) => b.count - a.count)[0]
  return { shows: told.length, fired: told.filter((item) => (item.count ?? 0) > 0).length, times, unknown: unknown.length, why: most?.item.why ?? '', metric: most?.item.metric ?? '' }
}

/** Why a count is missing or zero, in words. */
export function whyWords(why: string, metric: string): string {
  if (why === '') return ''
  const words = label('office.rules.why', why, label('live.why', why))
  return !/^M\d/.test(metric) ? words : t('office.rules.why_metric', { metric: metricName(metric), why: words })
}
