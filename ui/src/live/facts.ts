/** The figures that made a cue fire, in words: metric ids by their names and units, other keys by the translations. */
import { metricName, metricRow } from '@/api/reference'
import { label, language, t } from '@/i18n'
import { formatByUnit, formatNumber } from '@/i18n/format'

export interface Fact {
  key: string
  name: string
  value: string
}

const METRIC = /^M\d{2}(?:\.\w+)*$/

/** Not told to people: ids, and what the sentence or another line says already. */
const SILENT = new Set(['metric', 'case', 'unit', 'scope', 'method', 'source', 'comment', 'next_segment', 'class', 'where', 'advice_en', 'direction', 'title', 'name', 'number', 'product', 'left'])
/** Figures of the metric itself, so they have its unit. */
const ALIKE = new Set(['value', 'before', 'after', 'expected', 'usual', 'baseline', 'mean', 'median', 'p25', 'p75'])
const SHARES = new Set(['share', 'fall', 'rise', 'drop', 'change', 'clicks_above'])
/** Values that are codes: where their words are. */
const CODES: Readonly<Record<string, string>> = { window: 'live.window', part: 'live.part', next_part: 'live.part', severity: 'live.severity', topic: 'office.topic', via: 'live.via', meant_for: 'live.role' }

export type Facts = Readonly<Record<string, number | string>>
export type Names = Readonly<Record<string, string>>

function metricOf(facts: Facts): string {
  const named = facts['metric']
  if (typeof named === 'string') return named
  return Object.keys(facts).find((key) => METRIC.test(key)) ?? ''
}

/** The unit of the bound depends on what was compared with it. */
function boundUnit(facts: Facts, subject: string): string {
  if ('z' in facts) return ''
  if ('share' in facts || 'fall' in facts || 'rise' in facts) return 'ratio'
  if ('since_s' in facts || 'left' in facts || 'left_s' in facts || 'oldest' in facts) return 's'
  return 'value' in facts || subject in facts ? unitOf(subject) : ''
}

const unitOf = (metric: string): string => metricRow(metric)?.unit ?? ''

function unitFor(key: string, facts: Facts): string {
  const subject = metricOf(facts)
  if (METRIC.test(key)) return unitOf(key)
  if (ALIKE.has(key)) return unitOf(subject)
  if (key === 'bound' || key === 'threshold') return boundUnit(facts, subject)
  if (SHARES.has(key)) return 'ratio'
  if (key === 'oldest' || /_s$/.test(key)) return 's'
  if (/_ms$/.test(key)) return 'ms'
  if (/_(pct|ratio|rate|share)$/.test(key)) return 'ratio'
  return ''
}

function textOf(key: string, value: string, names: Names): string {
  const group = CODES[key]
  if (group) return label(group, value)
  if (key === 'stock' && value === 'unknown') return t('live.unknown')
  return names[value] ?? value
}

/** A metric's name; a key like "M45.show" is the metric over that window. */
function nameOf(key: string): string {
  const [metric = key, window = ''] = key.split('.')
  const words = label('live.window', window, '')
  return words === '' ? metricName(key) : `${metricName(metric)} (${words})`
}

/** What a flagged word's rule advises, in the reader's language where the rule has it. */
export const flagAdvice = (flag: { advice?: string; advice_en?: string }): string => (language.value === 'en' && flag.advice_en) || (flag.advice ?? '')

/** Facts as name and value, in order; without those that the sentence `said` tells already. `names` is for product ids. */
export function tellFacts(facts: Facts, currency = 'CNY', names: Names = {}, said = ''): Fact[] {
  const subject = metricOf(facts)
  const told: Fact[] = []
  const places = new Set(Array.from(said.matchAll(/\{(\w+)\}/g), (match) => match[1]))
  for (const [key, value] of Object.entries(facts)) {
    // The metric's own figure stands twice, by its id and as `value`: tell it once, by its name.
    if (SILENT.has(key) || places.has(key) || (METRIC.test(key) && key === subject && 'value' in facts)) continue
    const isMetric = METRIC.test(key) || (key === 'value' && subject !== '')
    const unit = unitFor(key, facts)
    told.push({
      key,
      name: isMetric ? nameOf(key === 'value' ? subject : key) : label('live.fact', key),
      value:
        typeof value === 'string'
          ? textOf(key, key === 'advice' ? flagAdvice({ advice: value, advice_en: String(facts['advice_en'] ?? '') }) : value, names)
          : unit === ''
            ? formatNumber(value, 2)
            : formatByUnit(value, unit, currency),
    })
  }
  return told
}

/** A preset's sentence with its {places} filled from the facts; words for units stand in the sentence. */
export function fillSaying(saying: string, facts: Facts, currency = 'CNY', names: Names = {}): string {
  return saying.replace(/\{(\w+)\}/g, (whole, key: string) => {
    const value = facts[key]
    if (value === undefined) return key in names ? (names[key] ?? whole) : t('live.unknown')
    if (typeof value === 'string') return textOf(key, value, names)
    const unit = unitFor(key, facts)
    return unit === 'ratio' || unit.startsWith('money') ? formatByUnit(value, unit, currency) : formatNumber(value, 2)
  })
}

