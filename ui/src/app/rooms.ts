/** The rooms this person may see, refreshed while a page shows them. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { explain, get } from '@/api/client'
import type { RoomRow } from '@/api/types'

const REFRESH_MS = 5000

export function useRooms() {
  const rooms = shallowRef<RoomRow[] | null>(null)
  const failure = ref('')
  const stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      rooms.value = await get<RoomRow[]>('/api/rooms', stop.signal)
      failure.value = ''
    } catch (error) {
      if (stop.signal.aborted) return
      failure.value = explain(error)
    }
    if (!stop.signal.aborted) timer = setTimeout(() => void refresh(), REFRESH_MS)
  }

  void refresh()
  onScopeDispose(() => {
    stop.abort()
    clearTimeout(timer)
  })
  return { rooms, failure, refresh }
}
