/** Tells once for each cue that it stood on a screen somebody can look at. */
import { onBeforeUnmount, ref, watch } from 'vue'
import type { CueView } from '@/live/types'

const UNSEEN = ['raised', 'delivered']

/** Calls `say` when a cue nobody has seen is shown on a visible page; a cue that could not be told is told when it is shown again. */
export function tellsSeen(say: (cue: string) => Promise<unknown>): (cue: Pick<CueView, 'cue' | 'state'> | undefined, visible: boolean) => void {
  const told = new Set<string>()
  return (cue, visible) => {
    if (!cue || !visible || told.has(cue.cue) || !UNSEEN.includes(cue.state)) return
    told.add(cue.cue)
    say(cue.cue).catch(() => told.delete(cue.cue))
  }
}

/** The same for the cue of a page that is on the screen. */
export function useSeen(shown: () => CueView | undefined, say: (cue: string) => Promise<unknown>): void {
  const tell = tellsSeen(say)
  const visible = ref(document.visibilityState === 'visible')
  const look = (): void => void (visible.value = document.visibilityState === 'visible')
  document.addEventListener('visibilitychange', look)
  onBeforeUnmount(() => document.removeEventListener('visibilitychange', look))
  // After the frame was put on the page.
  watch(() => [shown()?.cue, visible.value] as const, () => tell(shown(), visible.value), { immediate: true, flush: 'post' })
}
