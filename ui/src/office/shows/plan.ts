/** The plan of a show while it is being edited: from the server, from the last show, and back. */
import type { Improvement, SegmentPlan, Show } from '@/api/office'
import { newId, type Command } from '@/api/commands'
import type { ProductCard } from '@/live/types'
import { differences, reflow, type Difference } from './rundown'

export interface Draft {
  show: string
  title: string
  starts_at: number
  segments: SegmentPlan[]
  products: ProductCard[]
  goals: Record<string, number>
  carried: string[]
  /** What the show holds on the calendar; the editor passes it on */
  ends_at: number
  theme: string
  hosts: string[]
  kits: string[]
  lights: string[]
  studio: string
  welfare: string
}

const DAY_MS = 24 * 3600 * 1000
const HALF_HOUR_MS = 1_800_000

export const newSegmentId = (): string => `s-${newId().slice(0, 8)}`

/** A deep copy, so that editing never reaches what was loaded. */
export const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export function draftOf(show: Show): Draft {
  const { show: id, title, starts_at, segments, products, goals, carried } = show
  const { ends_at = 0, theme = '', hosts = [], kits = [], lights = [], studio = '', welfare = '' } = show
  return copyOf({ show: id, title, starts_at, segments, products, goals, carried, ends_at, theme, hosts, kits, lights, studio, welfare })
}

/** Whether two drafts say the same. */
export const sameDraft = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Improvements that still want to be taken up: proposed, accepted, or carried into a show without being done. */
export const openImprovements = (all: readonly Improvement[]): Improvement[] =>
  all.filter((item) => item.state === 'proposed' || item.state === 'accepted' || item.state === 'carried')

/** Those of them that no other show, planned or running, has taken up. */
export function freeImprovements(all: readonly Improvement[], shows: readonly Show[]): Improvement[] {
  const taken = new Set(shows.filter((show) => show.status !== 'ended').flatMap((show) => show.carried))
  return openImprovements(all).filter((item) => !taken.has(item.improvement))
}

/** The planned show that comes first. */
export const comingShow = (shows: readonly Show[]): Show | null =>
  shows.filter((show) => show.status === 'planned').sort((a, b) => a.starts_at - b.starts_at)[0] ?? null

/** The next time of day at which the last show began, at least half an hour ahead; else the next full half hour. */
export function nextStart(last: number, now: number): number {
  if (last <= 0) return Math.ceil((now + HALF_HOUR_MS) / HALF_HOUR_MS) * HALF_HOUR_MS
  const days = Math.max(1, Math.ceil((now + HALF_HOUR_MS - last) / DAY_MS))
  return last + days * DAY_MS
}

/** What a plan without rundown and end is held for, as the server counts it. */
export const EMPTY_MS = 2 * 3_600_000
const lengthOf = (segments: readonly SegmentPlan[]): number => (segments.length === 0 ? EMPTY_MS : Math.max(...segments.map((item) => item.offset_s + item.duration_s)) * 1000)
export const endOf = (show: Pick<Show, 'starts_at' | 'segments' | 'ends_at'>): number => Math.max(show.ends_at || 0, show.starts_at + (show.ends_at ? 0 : lengthOf(show.segments)))

/** `start`, or a day and more later: the first at which no other show of the room is planned or runs. */
export function freeStart(start: number, length: number, shows: readonly Show[]): number {
  const held = shows.filter((show) => show.status === 'planned' || show.status === 'on_air').map((show) => [show.starts_at, endOf(show)] as const)
  let at = start
  for (let days = 0; days < 366 && held.some(([from, to]) => from < at + length && to > at); days += 1) at += DAY_MS
  return at
}

/** A plan after the last show: its rundown, lineup and goals, and every open improvement that no other plan has. */
export function nextDraft(last: Show | null, improvements: readonly Improvement[], shows: readonly Show[], now: number, title: string): Draft {
  const open = freeImprovements(improvements, shows).map((item) => item.improvement)
  const nothing = { ends_at: 0, theme: '', hosts: [], kits: [], lights: [], studio: '', welfare: '' }
  if (last === null) return { ...nothing, show: newId(), title, starts_at: freeStart(nextStart(0, now), EMPTY_MS, shows), segments: [], products: [], goals: {}, carried: open }
  const draft = draftOf(last)
  const length = endOf(draft) - draft.starts_at
  const starts_at = freeStart(nextStart(last.starts_at, now), length, shows)
  return {
    ...draft,
    show: newId(),
    title,
    starts_at,
    ends_at: draft.ends_at ? starts_at + length : 0,
    segments: reflow(draft.segments.map((item) => ({ ...item, segment: newSegmentId() }))),
    carried: open,
  }
}

/** The show a next one is planned after: what runs, else what ran last, else what is planned last. */
export function lastShow(shows: readonly Show[]): Show | null {
  const running = shows.find((show) => show.status === 'on_air')
  if (running) return running
  const ended = shows.filter((show) => show.status === 'ended').sort((a, b) => b.ended_at - a.ended_at)
  return ended[0] ?? [...shows].sort((a, b) => b.starts_at - a.starts_at)[0] ?? null
}

/**
 * The commands that bring `draft` about. A planned show is planned anew, whole, unless only rundown or lineup changed;
 * a running one can change nothing else. `version` is the one that was edited.
 */
export function commandsFor(base: Draft | null, draft: Draft, status: string, version: number): Command[] {
  const rundown: Command = { kind: 'RundownChanged', show: draft.show, version: version + 1, segments: draft.segments }
  if (base === null) return [{ kind: 'ShowPlanned', ...draft }]
  const rundownChanged = JSON.stringify(base.segments) !== JSON.stringify(draft.segments)
  const lineupChanged = JSON.stringify(base.products) !== JSON.stringify(draft.products)
  const rest = sameDraft({ ...base, segments: draft.segments, products: draft.products }, draft)
  if (status === 'planned' && !rest) return [{ kind: 'ShowPlanned', ...draft, version: version + 1 }]
  const found: Command[] = []
  if (rundownChanged) found.push(rundown)
  // Each change makes a version of its own.
  if (lineupChanged) found.push({ kind: 'LineupChanged', show: draft.show, products: draft.products, version: version + 1 + found.length })
  return found
}

const says = (value: unknown): string => JSON.stringify(value)
/** What `theirs` has done to the plan besides the rundown, and to the rundown segment by segment. */
export function planDifferences(base: Draft, theirs: Draft): Difference[] {
  const found: Difference[] = []
  if (base.title !== theirs.title) found.push({ kind: 'title', title: theirs.title })
  if (base.starts_at !== theirs.starts_at) found.push({ kind: 'start', title: '' })
  for (const part of ['products', 'goals', 'carried'] as const) if (says(base[part]) !== says(theirs[part])) found.push({ kind: part, title: '' })
  return [...found, ...differences(base.segments, theirs.segments)]
}

/** What the segments are to bring together. */
export const sumOf = (segments: readonly SegmentPlan[], field: 'target_gmv' | 'target_orders'): number =>
  segments.reduce((sum, item) => sum + item[field], 0)
