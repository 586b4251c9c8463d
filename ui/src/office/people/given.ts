/** What a person was given: a role for everything, a brand, a room, or the rooms of one platform account. */
import type { PersonRow } from '@/api/office'
import type { Grant } from '@/api/types'
import { label, t } from '@/i18n'
import { brandName, roomName } from '../place'

/** Grants as they were given: what an account brings room by room is told once, by its account. */
export const givenOf = (person: PersonRow): Grant[] => [
  ...person.grants.filter((row) => !row.account),
  ...person.accounts.map((row) => ({ role: row.role, brand: row.brand, room: '', account: row.account })),
]
export const keyOf = (row: Grant): string => `${row.role}/${row.brand}/${row.room}/${row.account ?? ''}`

/** "douyin/flagship" in words */
export function accountName(account: string): string {
  const cut = account.indexOf('/')
  return `${label('live.platform', account.slice(0, cut))} · ${account.slice(cut + 1)}`
}

export function placeOf(row: Grant): string {
  if (row.account) return accountName(row.account)
  return row.room ? roomName(row.room) : row.brand ? brandName(row.brand) : t('office.people.whole')
}
