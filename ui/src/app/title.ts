/** document.title: how many cues are open, then where we are. */
import { onScopeDispose, watchEffect } from 'vue'

/** Keep the page's title at "(3) where – LiveCue" while the calling component lives. */
export function usePageTitle(where: () => string, open: () => number = () => 0): void {
  const stop = watchEffect(() => {
    const count = open()
    document.title = `${count > 0 ? `(${count}) ` : ''}${where()} – LiveCue`
  })
  onScopeDispose(stop)
}
