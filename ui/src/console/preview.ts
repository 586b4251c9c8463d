/** A look at a live action before it is asked for: what it would change, what stands against it, who must agree. Looking sends nothing. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { explain } from '@/api/client'
import type { CommandAnswer } from '@/api/types'
import { label } from '@/i18n'
import { formatPrice } from '@/i18n/format'

export interface Preview {
  effect?: Record<string, number | string>
  before?: Record<string, number | string>
  problems?: Record<string, Record<string, string>>
  warnings?: Record<string, Record<string, string>>
  second?: boolean
  wait_s?: number
  undoable?: boolean
}

/** Between the last key pressed and the question. */
const CALM_MS = 250
const MONEY = new Set(['floor', 'cap', 'before', 'lowest'])

/** A problem or warning in the reader's words, amounts as money. */
export function wordsOf(code: string, names: Record<string, string>, currency: string): string {
  const told = Object.fromEntries(Object.entries(names).map(([name, value]) => [name, MONEY.has(name) ? formatPrice(Number(value), currency) : value]))
  return label('shelf.code', code, code, told)
}

/** A reason of which only the code is known; the platform's own words where it is none of ours. */
export const reasonOf = (code: string): string => label('shelf.short', code, label('shelf.code', code, code))

export interface Looking {
  preview: Ref<Preview | null>
  problems: ComputedRef<[string, Record<string, string>][]>
  warnings: ComputedRef<[string, Record<string, string>][]>
  /** Looked at, and nothing stands against it */
  ready: ComputedRef<boolean>
  failure: Ref<string>
}

/** Ask what `wanted` would do whenever it changes; null asks nothing. */
export function useLook<T extends object>(wanted: ComputedRef<T | null>, ask: (wanted: T) => Promise<CommandAnswer>): Looking {
  const preview = shallowRef<Preview | null>(null)
  const failure = ref('')
  let wait: ReturnType<typeof setTimeout> | undefined

  async function look(action: T): Promise<void> {
    try {
      const answer = await ask(action)
      const told = (answer.announced as ({ kind?: string } & Preview)[]).find((event) => event.kind === 'ActionPreviewed')
      if (action === wanted.value) preview.value = told ?? {}
    } catch (error) {
      if (action === wanted.value) failure.value = explain(error)
    }
  }

  watch(wanted, (action) => {
    clearTimeout(wait)
    preview.value = null
    failure.value = ''
    if (action) wait = setTimeout(() => void look(action), CALM_MS)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(wait))
  const problems = computed(() => Object.entries(preview.value?.problems ?? {}))
  const warnings = computed(() => Object.entries(preview.value?.warnings ?? {}))
  return { preview, problems, warnings, ready: computed(() => preview.value !== null && problems.value.length === 0), failure }
}
