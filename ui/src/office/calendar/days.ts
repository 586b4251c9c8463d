/** Days of the calendar as text ("2026-11-22"), the weeks of a month, and where a moment lies in a day. All pure. */
import { fromField, toField } from '../zoned'

export type View = 'month' | 'week' | 'rooms'
export const VIEWS: readonly View[] = ['month', 'week', 'rooms']

const DAY_MS = 86_400_000
const stamp = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** `day` moved by whole days. */
export const plusDays = (day: string, days: number): string => text(stamp(day) + days * DAY_MS)

/** The Monday on or before `day`. */
export const mondayOf = (day: string): string => plusDays(day, -((new Date(stamp(day)).getUTCDay() + 6) % 7))

/** The days that a view shows around `day`. A month has whole weeks, Monday first. */
export function daysOf(view: View, day: string): string[] {
  if (view !== 'month') {
    const first = mondayOf(day)
    return Array.from({ length: view === 'week' ? 7 : 14 }, (_, index) => plusDays(first, index))
  }
  const first = `${day.slice(0, 7)}-01`
  const start = mondayOf(first)
  const next = plusMonths(first, 1)
  const days: string[] = []
  for (let at = start; at < next || days.length % 7 !== 0; at = plusDays(at, 1)) days.push(at)
  return days
}

/** The first day of the month `months` away. */
export function plusMonths(day: string, months: number): string {
  const at = new Date(stamp(`${day.slice(0, 7)}-01`))
  at.setUTCMonth(at.getUTCMonth() + months)
  return text(at.getTime())
}

/** One step back or on in a view. */
export const stepped = (view: View, day: string, by: number): string => (view === 'month' ? plusMonths(day, by) : plusDays(day, by * (view === 'week' ? 7 : 14)))

/** The day that `ms` lies in, in `zone`. */
export const dayOf = (ms: number, zone: string): string => toField(ms, zone).slice(0, 10)

/** Minutes since midnight of `day`, 0 before it and 1440 behind it. */
export function minuteIn(ms: number, day: string, zone: string): number {
  const field = toField(ms, zone)
  if (field.slice(0, 10) < day) return 0
  if (field.slice(0, 10) > day) return 1440
  return Number(field.slice(11, 13)) * 60 + Number(field.slice(14, 16))
}

/** The moment of a clock time on a day. */
export const momentOf = (day: string, clock: string, zone: string): number => fromField(`${day}T${clock}`, zone)

/** Whether something from `start` to `end` (ms) touches `day`. Ending at midnight is not the next day's. */
export const touches = (start: number, end: number, day: string, zone: string): boolean => dayOf(start, zone) <= day && dayOf(Math.max(start, end - 1), zone) >= day

export interface Lane<T> {
  item: T
  lane: number
  lanes: number
}

/** Side by side what overlaps: each gets a lane of its own within its cluster. */
export function lanesOf<T>(items: readonly T[], span: (item: T) => [number, number]): Lane<T>[] {
  const sorted = [...items].sort((a, b) => span(a)[0] - span(b)[0] || span(b)[1] - span(a)[1])
  const found: Lane<T>[] = []
  let cluster: Lane<T>[] = []
  let ends: number[] = []
  let until = -Infinity
  const close = (): void => {
    for (const row of cluster) row.lanes = ends.length
    cluster = []
    ends = []
  }
  for (const item of sorted) {
    const [start, end] = span(item)
    if (start >= until) close()
    let lane = ends.findIndex((free) => free <= start)
    if (lane < 0) lane = ends.push(0) - 1
    ends[lane] = end
    until = Math.max(until, end)
    const row = { item, lane, lanes: 1 }
    cluster.push(row)
    found.push(row)
  }
  close()
  return found
}
