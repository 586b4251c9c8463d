/** Rules, metrics, roles and documents in both languages: loaded once, shown in every tooltip. */
import { shallowRef } from 'vue'
import { label, language, pick, t } from '@/i18n'
import { get } from './client'
import type { MetricRow, Reference, RuleRow } from './types'

const EMPTY: Reference = { rules: {}, metrics: {}, roles: {}, documents: {}, citations: {} }
export const reference = shallowRef<Reference>(EMPTY)
let loading: Promise<void> | null = null

/** Load the tables once; a failed attempt may be repeated. */
export function loadReference(): Promise<void> {
  loading ??= get<Reference>('/api/reference').then(
    (tables) => {
      reference.value = tables
    },
    (error: unknown) => {
      loading = null
      throw error
    },
  )
  return loading
}

/** The row of a metric or of a variant of one ("M25.likes"); a variant without a row of its own has its metric's. */
export function metricRow(id: string): MetricRow | undefined {
  const { metrics, variants } = reference.value
  return metrics[id] ?? variants?.[id] ?? metrics[id.split('.')[0] ?? id]
}

export const ruleRow = (id: string): RuleRow | undefined => reference.value.rules[id]
export const ruleName = (id: string): string => pick(ruleRow(id), id)

/** A metric's short name for tiles and facts: ours where there is one, else the table's. */
export function metricName(id: string): string {
  return label('metric.name', id.replace('.', '_'), '') || pick(metricRow(id), id)
}

export const metricFormula = (id: string): string => pick(metricRow(id)?.formula)
export const metricNotes = (id: string): string => pick(metricRow(id)?.notes)
export const metricTitle = (id: string): string => pick(metricRow(id)) || metricName(id)

/** A role's short name: ours, else the table's. */
export function roleName(code: string): string {
  return label('live.role', code, '') || pick(reference.value.roles[code], code)
}

/** A task's title: a step of the SOP in the language of the page, what a person wrote as it is. */
export function taskTitle(task: { title: string; cause?: string }): string {
  const step = reference.value.steps?.[task.cause ?? '']
  return step && (task.title === step.zh || task.title === step.en) ? pick(step) : task.title
}

/** What a finding rests on, in the language of the page; the house's own words rest on themselves. */
export function citation(basis: string | undefined): string {
  if (!basis || basis === 'own') return basis ? t('text.own_word') : ''
  if (language.value === 'zh') return basis
  return basis.split('；').map((part) => reference.value.citations?.[part.trim()] ?? part).join('; ')
}
