/** The rules of a draw while they are filled in; they are the same for the platform's draws and the team's own. */
import { computed, reactive, ref, watch, type ComputedRef } from 'vue'
import type { DrawPlan } from '@/api/office'
import type { DrawRules, SegmentState, Snapshot } from '@/live/types'
import { NO_DRAW } from '@/office/shows/draw'
import { useConsole } from './context'

export interface DrawDraft { title: string; prize: string; prizes: string; value: number; method: string; word: string; minutes: string; claim: string }

const EMPTY: DrawDraft = { title: '', prize: '', prizes: '1', value: 0, method: '', word: '', minutes: '5', claim: '7' }
/** A draw is announced for at least so long. */
const LEAST_S = 60
/** So many days; the day of a month is none. */
const DAYS = /(?<![\d\u6708])(\d{1,3})\s*(?:\u5929|\u65e5\u5185|days?\b)/
const count = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0)

/** The draw planned in a segment as the form takes it. It is drawn `after_s` behind the segment's start: what is left of that is its length. */
export function draftOf(segment: SegmentState, now: number): DrawDraft | null {
  if (!segment.draw) return null
  const plan: DrawPlan = { ...NO_DRAW, ...segment.draw }
  const passed = segment.started_at > 0 ? Math.max(0, now - segment.started_at) / 1000 : 0
  const left = plan.after_s > 0 ? Math.max(LEAST_S, Math.round(plan.after_s - passed)) : 0
  return {
    title: segment.title || plan.prize, prize: plan.prize.trim(), prizes: plan.prizes > 0 ? String(plan.prizes) : '', value: plan.value,
    method: [plan.conditions.trim(), plan.method.trim()].filter(Boolean).join(' · '), word: plan.word.trim(),
    minutes: left > 0 ? String(Math.round((left / 60) * 100) / 100) : EMPTY.minutes, claim: DAYS.exec(plan.claim)?.[1] ?? EMPTY.claim,
  }
}

/** Whether a draw was started since the running segment began: the planned one is not offered twice. */
export function drawnSince(snapshot: Snapshot, segment: SegmentState): boolean {
  return snapshot.shows.last_draw_at >= segment.started_at || snapshot.draws.recent.some((one) => one.at >= segment.started_at)
}

export function useDrawDraft() {
  const draft = reactive<DrawDraft>({ ...EMPTY })
  const begun = computed(() => draft.title.trim() !== '' || draft.prize.trim() !== '' || draft.word.trim() !== '')
  const rules = computed<DrawRules>(() => ({
    title: draft.title.trim(), prize: draft.prize.trim(), prizes: count(draft.prizes), value: draft.value, method: draft.method.trim(), word: draft.word.trim(),
    duration_s: Math.round((/^\d{1,3}(\.\d{1,2})?$/.test(draft.minutes.trim()) ? Number(draft.minutes) : 0) * 60), claim_days: count(draft.claim),
  }))
  const clear = (): void => {
    Object.assign(draft, EMPTY)
  }
  return { draft, begun, rules, clear }
}

/** The same on the console: in a segment with a planned draw the form comes filled in with it. */
export function usePlannedDraw() {
  const { snapshot, segment, now } = useConsole()
  const { draft, begun, rules: own, clear: empty } = useDrawDraft()
  /** The segment whose planned draw is being filled in; "" where it is one of its own */
  const planned = ref('')
  const rules = computed<DrawRules & { segment: string }>(() => ({ ...own.value, segment: planned.value }))
  const running: ComputedRef<SegmentState | null> = computed(() => (snapshot.value.shows.status === 'on_air' ? segment.value : null))
  /** The segment that runs, where a draw is planned in it */
  const offered = computed(() => (running.value?.draw ? running.value : null))
  const plannedTitle = computed(() => snapshot.value.shows.segments.find((one) => one.segment === planned.value)?.title ?? '')

  function clear(): void {
    empty()
    planned.value = ''
  }
  function fill(): void {
    const found = offered.value && draftOf(offered.value, now.value)
    if (!found || !offered.value) return
    Object.assign(draft, found)
    planned.value = offered.value.segment
  }
  watch(() => offered.value?.segment, () => {
    if (offered.value && !begun.value && !drawnSince(snapshot.value, offered.value)) fill()
  }, { immediate: true })
  return { draft, begun, rules, clear, fill, offered, planned, plannedTitle }
}
