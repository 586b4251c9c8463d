/** A reading or a figure of the house as what its definition says of it: unit, window, sample, source, age. */
import { metricRow, reference } from '@/api/reference'
import { label, t } from '@/i18n'
import { formatByUnit, formatLength, formatNumber } from '@/i18n/format'
import type { Row } from './MeaningTip.vue'
import { ageOf } from './readings'
import type { Reading } from './types'

/** A unit's code in words: "money/1000_views" is money per thousand views. */
export const unitWords = (unit: string, currency = 'CNY'): string => label('explain.unit', unit.replace('/', '_'), unit, { currency })

/** The unit of a metric or of a variant of one. */
export const unitOf = (metric: string): string => metricRow(metric)?.unit ?? reference.value.metrics[metric.split('.')[0] ?? '']?.unit ?? ''

/** Whether a metric is that of a moment: it has no window. */
export const ofMoment = (metric: string): boolean => metric === 'M06'

/** Shares and multiples of money by money: numerator and denominator are minor units, though the unit does not say so. */
const MONEY_BY_MONEY = new Set(['M52', 'M53', 'M54', 'M59', 'M59.shipped', 'M59.unshipped'])

/** Money per something is stored as minor units over a count; so is the numerator. */
const part = (value: number, money: boolean, currency: string): string => (money ? formatByUnit(value, 'money', currency) : formatNumber(value))

/** `age` is words for how old the figure is where it is not the reading's own. */
export function readingRows(reading: Reading, now: number, currency: string, age = ''): Row[] {
  const rows: Row[] = []
  const { num, den, unit, metric } = reading
  const both = MONEY_BY_MONEY.has(metric)
  const old = ageOf(reading, now)
  if (reading.value === null) rows.push({ name: t('console.tiles.why'), text: label('live.why', reading.why || 'no_source'), why: true })
  rows.push({ name: t('explain.unit_of'), text: unitWords(unit || unitOf(reading.metric), currency) })
  if (reading.window && !ofMoment(metric)) rows.push({ name: t('console.tiles.window'), text: label('live.window', reading.window) })
  if (num !== null && den !== null) rows.push({ name: t('console.tiles.ratio_of'), text: `${part(num, both || unit.startsWith('money'), currency)} / ${part(den, both, currency)}` })
  rows.push({ name: t('console.tiles.sample'), text: formatNumber(reading.sample) })
  rows.push({ name: t('explain.source'), text: reading.source ? label('live.platform', reading.source) : t('explain.none') })
  rows.push({ name: t('explain.age'), text: age || (old === null ? t('explain.none') : t('live.ago', { time: formatLength(old / 1000) })) })
  return rows
}
