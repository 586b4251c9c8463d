/** Which room and brand the office works on: in the address, so that a page can be sent to a colleague, and remembered. */
import { computed, ref, shallowRef, watch, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { get } from '@/api/client'
import type { RoomRow } from '@/api/types'
import { session } from '@/app/session'

const REMEMBERED = 'livecue.office.room'

function recall(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? ''
  } catch {
    return ''
  }
}

export const rooms = shallowRef<RoomRow[] | null>(null)
const last = ref(recall())

/** Load the rooms anew; the pages of the office share them. Throws ApiError. */
export async function loadRooms(signal?: AbortSignal): Promise<RoomRow[]> {
  const found = await get<RoomRow[]>('/api/rooms', signal)
  rooms.value = found
  return found
}

export const roomRow = (id: string): RoomRow | undefined => rooms.value?.find((room) => room.room === id)
export const roomName = (id: string): string => roomRow(id)?.name ?? id
export const brandName = (id: string): string => session.value?.brands.find((row) => row.brand === id)?.name ?? id

const RANK: Record<string, number> = { on_air: 0, planned: 1, ended: 2, none: 3 }

/** The room to begin with: asked for, last used, on air, else the first. */
export function chooseRoom(asked: string, remembered: string, found: readonly RoomRow[]): string {
  const known = new Set(found.map((row) => row.room))
  if (known.has(asked)) return asked
  if (known.has(remembered)) return remembered
  const ranked = [...found].sort((a, b) => (RANK[a.status] ?? 9) - (RANK[b.status] ?? 9) || a.name.localeCompare(b.name))
  return ranked[0]?.room ?? ''
}

export interface Place {
  room: ComputedRef<string>
  row: ComputedRef<RoomRow | undefined>
  currency: ComputedRef<string>
  zone: ComputedRef<string>
  setRoom: (room: string) => void
}

/** The room the page is about; "" while the rooms are not known or there is none. */
export function usePlace(): Place {
  const route = useRoute()
  const router = useRouter()
  const asked = computed(() => (typeof route.query['room'] === 'string' ? route.query['room'] : ''))
  const room = computed(() => (rooms.value === null ? '' : chooseRoom(asked.value, last.value, rooms.value)))
  const row = computed(() => roomRow(room.value))

  watch(room, (now) => {
    if (now === '') return
    last.value = now
    try {
      localStorage.setItem(REMEMBERED, now)
    } catch {
      // Not remembered, still chosen.
    }
  }, { immediate: true })

  return {
    room,
    row,
    currency: computed(() => row.value?.currency || 'CNY'),
    zone: computed(() => row.value?.time_zone || 'Asia/Shanghai'),
    setRoom: (next) => void router.replace({ query: { ...route.query, room: next } }),
  }
}
