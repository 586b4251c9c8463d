/** Days and times of a roster: minutes from midnight before its first day, weeks of seven days. */
import type { RosterPost } from '@/api/roster'
import { locale } from '@/i18n'

export const DAY = 1440
const pad = (value: number): string => String(value).padStart(2, '0')

/** "19:00" of a moment; past midnight it is the next day's. */
export const clock = (minutes: number): string => `${pad(Math.floor((minutes % DAY) / 60))}:${pad(minutes % 60)}`
export const span = (post: { start: number; end: number }): string => `${clock(post.start)}–${clock(post.end)}`

export function dateOf(first: string, day: number): Date {
  return new Date(Date.parse(`${first}T00:00:00Z`) + day * 86_400_000)
}

export const dayName = (first: string, day: number): string =>
  new Intl.DateTimeFormat(locale.value, { weekday: 'short', day: 'numeric', month: 'numeric', timeZone: 'UTC' }).format(dateOf(first, day))

/** "19:30" as minutes of the day; null when it is no time. */
export function minutesOf(text: string): number | null {
  const found = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text.trim())
  const value = found ? Number(found[1]) * 60 + Number(found[2]) : NaN
  return value <= DAY ? value : null
}

export interface BoardRow {
  key: string
  room: string
  time: string
  /** Places by day of the week shown */
  days: RosterPost[][]
}

/** The rows of a week's board: a room's shifts of the same time together, the early ones first. */
export function rowsOf(posts: readonly RosterPost[], from: number, room: string, roles: readonly string[]): BoardRow[] {
  const found = new Map<string, BoardRow & { order: string }>()
  for (const post of posts) {
    if ((room !== '*' && post.room !== room) || post.day < from || post.day >= from + 7) continue
    const time = span(post)
    const key = `${post.room}/${time}`
    const row = found.get(key) ?? { key, room: post.room, time, days: Array.from({ length: 7 }, () => []), order: `${post.room || '~'}/${time}` }
    row.days[post.day - from]?.push(post)
    found.set(key, row)
  }
  const rank = (role: string): number => (roles.includes(role) ? roles.indexOf(role) : roles.length)
  for (const row of found.values()) for (const day of row.days) day.sort((a, b) => rank(a.role) - rank(b.role) || a.post.localeCompare(b.post))
  return [...found.values()].sort((a, b) => a.order.localeCompare(b.order))
}
