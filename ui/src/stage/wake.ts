/** Keeps the screen of the stage from going dark, where the browser can. */
import { onScopeDispose, ref } from 'vue'

export function useWakeLock() {
  const supported = 'wakeLock' in navigator
  const held = ref(false)
  let lock: WakeLockSentinel | null = null

  async function request(): Promise<void> {
    if (!supported || document.visibilityState !== 'visible' || lock) return
    try {
      lock = await navigator.wakeLock.request('screen')
      held.value = true
      lock.addEventListener('release', () => {
        lock = null
        held.value = false
      })
    } catch {
      // Refused (low battery, policy): the settings say that the screen may go dark.
      held.value = false
    }
  }

  // The lock is lost whenever the page is hidden.
  const again = (): void => void request()
  document.addEventListener('visibilitychange', again)
  void request()
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  })
  return { supported, held }
}
