/** The rules of a draw while they are filled in; they are the same for the platform's draws and the team's own. */
import { computed, reactive } from 'vue'
import type { DrawRules } from '@/live/types'

export interface DrawDraft { title: string; prize: string; prizes: string; value: number; method: string; word: string; minutes: string; claim: string }

const count = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0)

export function useDrawDraft() {
  const draft = reactive<DrawDraft>({ title: '', prize: '', prizes: '1', value: 0, method: '', word: '', minutes: '5', claim: '7' })
  const begun = computed(() => draft.title.trim() !== '' || draft.prize.trim() !== '' || draft.word.trim() !== '')
  const rules = computed<DrawRules>(() => ({
    title: draft.title.trim(), prize: draft.prize.trim(), prizes: count(draft.prizes), value: draft.value, method: draft.method.trim(), word: draft.word.trim(),
    duration_s: Math.round((/^\d{1,3}(\.\d{1,2})?$/.test(draft.minutes.trim()) ? Number(draft.minutes) : 0) * 60), claim_days: count(draft.claim),
  }))
  function clear(): void {
    Object.assign(draft, { title: '', prize: '', prizes: '1', value: 0, method: '', word: '', minutes: '5', claim: '7' })
  }
  return { draft, begun, rules, clear }
}
