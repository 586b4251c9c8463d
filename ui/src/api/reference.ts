/** Rules, metrics, roles and documents in both languages: loaded once, shown in every tooltip. */
import { shallowRef } from 'vue'
import { pick } from '@/i18n'
import { get } from './client'
import type { Reference, ReferenceRow } from './types'

const EMPTY: Reference = { rules: {}, metrics: {}, roles: {}, documents: {} }
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

export const metricRow = (id: string): ReferenceRow | undefined => reference.value.metrics[id]
export const ruleRow = (id: string): ReferenceRow | undefined => reference.value.rules[id]
export const metricName = (id: string): string => pick(metricRow(id), id)
export const ruleName = (id: string): string => pick(ruleRow(id), id)
export const roleName = (code: string): string => pick(reference.value.roles[code], code)
