/** Loading what a page shows: once, again on demand, again when what it depends on changes; the newest wins. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'
import { explain } from '@/api/client'

export interface Loaded<T> {
  data: ShallowRef<T | null>
  failure: Ref<string>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/**
 * Load with `ask` now and whenever `sources` change; with `everyMs` also from time to time while the page is seen.
 * A change of `sources` is another thing: what stands is taken away at once. A change of `versions` is the same thing
 * anew: what stands stays until the answer is there, so that nobody who writes in it loses the place or the words.
 * `ask` may return null for "nothing to ask yet".
 */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T> | null, sources: WatchSource[] = [], everyMs = 0, versions: WatchSource[] = []): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const failure = ref('')
  const loading = ref(false)
  let stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function reload(): Promise<void> {
    stop.abort()
    clearTimeout(timer)
    const mine = new AbortController()
    stop = mine
    const asked = ask(mine.signal)
    if (asked === null) {
      data.value = null
      return
    }
    loading.value = true
    try {
      const found = await asked
      if (mine.signal.aborted) return
      data.value = found
      failure.value = ''
    } catch (error) {
      if (mine.signal.aborted) return
      failure.value = explain(error)
    }
    loading.value = false
    if (everyMs > 0) timer = setTimeout(() => void reload(), everyMs)
  }

  if (sources.length > 0) {
    watch(sources, () => {
      data.value = null
      void reload()
    })
  }
  if (versions.length > 0) watch(versions, () => void reload())
  void reload()
  onScopeDispose(() => {
    stop.abort()
    clearTimeout(timer)
  })
  return { data, failure, loading, reload }
}
