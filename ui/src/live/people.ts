/** Display names for the ids of people on a room's screens: whoever may watch the room may know what they are called. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import { get, path } from '@/api/client'
import { session } from '@/app/session'
import { t } from '@/i18n'

export interface Named {
  person: string
  name: string
  /** Roles held on the room; empty for who was on duty once and holds none now */
  roles: string[]
}

/** Made by a program, so that it tells a reader nothing. */
const MADE = /^(?=.*\d)[0-9a-z-]{12,}$/i
/** Remarks in brackets do not belong to the name. */
export const plainName = (name: string): string => name.replace(/[(\uff08].*$/u, '').trim() || name

export const listNamed = (room: string, signal?: AbortSignal): Promise<Named[]> => get<Named[]>(path('api', 'rooms', room, 'people'), signal)

/** The name of `person`; who is not on the list is called so, never by a made-up id. */
export function nameIn(names: Readonly<Record<string, string>>, person: string): string {
  if (person === '') return ''
  const known = names[person]
  if (known) return known
  if (person === session.value?.person) return session.value.name
  if (person === 'livecue') return t('live.program')
  return MADE.test(person) ? t('live.somebody') : person
}

export interface People {
  people: ComputedRef<Named[]>
  names: ComputedRef<Record<string, string>>
  nameOf: (person: string) => string
  reload: () => Promise<void>
}

/** The people of `room`; without an answer the names of those on the screen are `somebody`. */
export function usePeople(room: () => string): People {
  const found = shallowRef<Named[]>([])
  let stop = new AbortController()

  async function reload(): Promise<void> {
    stop.abort()
    const mine = new AbortController()
    stop = mine
    if (room() === '') return
    try {
      const listed = await listNamed(room(), mine.signal)
      if (!mine.signal.aborted) found.value = listed
    } catch {
      // Names only: the screen stands without them, and its own failure is told elsewhere.
    }
  }

  watch(room, () => {
    found.value = []
    void reload()
  }, { immediate: true })
  onScopeDispose(() => stop.abort())
  const names = computed(() => Object.fromEntries(found.value.map((row) => [row.person, row.name])))
  return { people: computed(() => found.value), names, nameOf: (person) => nameIn(names.value, person), reload }
}
