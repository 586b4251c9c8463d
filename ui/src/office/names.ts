/** Names of people for the pages that show or choose them. Who may not see the team's list still sees who is on duty. */
import { computed, type ComputedRef } from 'vue'
import { listPeople, snapshotOf } from '@/api/office'
import { may } from '@/app/session'
import { useLoad } from './load'

export interface Named {
  person: string
  name: string
  /** Role codes */
  roles: string[]
}

async function ask(room: string, signal: AbortSignal): Promise<Named[]> {
  const found = new Map<string, Named>()
  const [people, snapshot] = await Promise.allSettled([may('people') ? listPeople(signal) : Promise.resolve([]), snapshotOf(room, signal)])
  if (people.status === 'fulfilled') {
    for (const row of people.value) if (row.active) found.set(row.person, { person: row.person, name: row.name, roles: row.grants.map((grant) => grant.role) })
  }
  if (snapshot.status === 'fulfilled') {
    for (const row of snapshot.value.team?.duty ?? []) {
      const known = found.get(row.person)
      if (known) known.roles.push(row.role)
      else found.set(row.person, { person: row.person, name: row.name || row.person, roles: [row.role] })
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

export interface Names {
  people: ComputedRef<Named[]>
  nameOf: (person: string) => string
}

/** The people of the team for `room`; failures show ids instead of names. */
export function useNames(room: () => string): Names {
  const loaded = useLoad((signal) => (room() === '' ? null : ask(room(), signal)), [room])
  const people = computed(() => loaded.data.value ?? [])
  const byId = computed(() => new Map(people.value.map((row) => [row.person, row.name])))
  return { people, nameOf: (person) => byId.value.get(person) ?? person }
}
