/** Names of people for the pages of the office that show or choose them. */
import { computed, type ComputedRef } from 'vue'
import { usePeople, type Named } from '@/live/people'

export type { Named } from '@/live/people'

export interface Names {
  /** Who holds a role on the room: those one can choose */
  people: ComputedRef<Named[]>
  nameOf: (person: string) => string
}

export function useNames(room: () => string): Names {
  const { people, nameOf } = usePeople(room)
  return { people: computed(() => people.value.filter((row) => row.roles.length > 0)), nameOf }
}
