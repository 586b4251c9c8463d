/** The inbox of this browser: loaded once, again on every word of the server, with each room's own time. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { explain } from '@/api/client'
import { loadInbox, type Inbox, type ServedRoom } from '@/api/service'

const SILENCE_MS = 15_000
const RETRY_MS = 1500
const TICK_MS = 500

export function useInbox() {
  const data = shallowRef<Inbox | null>(null)
  const state = ref<'open' | 'closed'>('open')
  const failure = ref('')
  const lost = ref(false)
  const real = ref(performance.now())
  /** Counts every change the server told, by room: whoever shows one conversation looks again. */
  const changed = ref(0)
  let loadedAt = performance.now()
  let heardAt = performance.now()
  let stop = new AbortController()
  let source: EventSource | null = null
  let closed = false

  async function reload(): Promise<void> {
    stop.abort()
    const mine = new AbortController()
    stop = mine
    try {
      const found = await loadInbox(state.value, mine.signal)
      if (mine.signal.aborted) return
      data.value = found
      loadedAt = performance.now()
      failure.value = ''
    } catch (error) {
      if (!mine.signal.aborted) failure.value = explain(error)
    }
  }

  function listen(): void {
    if (closed) return
    source?.close()
    source = new EventSource('/api/service/live')
    const alive = (): void => {
      heardAt = performance.now()
      lost.value = false
    }
    source.onopen = () => {
      // Whatever happened while nobody listened.
      if (lost.value) void reload()
      alive()
    }
    source.addEventListener('alive', alive)
    source.addEventListener('changed', () => {
      alive()
      changed.value += 1
      void reload()
    })
    source.onerror = () => {
      lost.value = true
      if (source?.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS)
    }
  }

  const timer = setInterval(() => {
    real.value = performance.now()
    if (real.value - heardAt > SILENCE_MS) {
      lost.value = true
      heardAt = real.value
      listen()
    }
  }, TICK_MS)

  const rooms = computed(() => new Map<string, ServedRoom>((data.value?.rooms ?? []).map((room) => [room.room, room])))

  /** Room time now, ms: waits are reckoned in the room's own time. */
  function now(room: string): number {
    const found = rooms.value.get(room)
    return found ? found.now + (real.value - loadedAt) : 0
  }

  /** Open conversations, or those that are closed. */
  function show(next: 'open' | 'closed'): void {
    state.value = next
    void reload()
  }

  function name(person: string): string {
    return data.value?.people[person] ?? person
  }

  void reload()
  listen()
  onScopeDispose(() => {
    closed = true
    stop.abort()
    source?.close()
    clearInterval(timer)
  })
  return { data, state, show, failure, lost, changed, rooms, now, name, reload }
}

export type InboxDesk = ReturnType<typeof useInbox>
