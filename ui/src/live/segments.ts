/** The rundown in room time: what runs, what comes, how far off the plan. */
import type { SegmentState, ShowsPicture } from './types'

/** skipped: the show ended before it came */
export type SegmentPhase = 'past' | 'now' | 'next' | 'later' | 'skipped'

export function currentSegment(shows: ShowsPicture): SegmentState | null {
  return shows.segments.find((segment) => segment.segment === shows.segment) ?? null
}

/** The segment after the running one; before the start the first; null at the end and once the show is over. */
export function nextSegment(shows: ShowsPicture): SegmentState | null {
  if (shows.status === 'ended') return null
  if (shows.segment === '') return shows.segments.find((segment) => segment.started_at === 0) ?? null
  const index = shows.segments.findIndex((segment) => segment.segment === shows.segment)
  return index < 0 ? null : (shows.segments[index + 1] ?? null)
}

export function phaseOf(segment: SegmentState, shows: ShowsPicture): SegmentPhase {
  if (segment.segment === shows.segment && shows.status === 'on_air') return 'now'
  if (segment.ended_at > 0 || segment.started_at > 0) return 'past'
  if (shows.status === 'ended') return 'skipped'
  return nextSegment(shows)?.segment === segment.segment ? 'next' : 'later'
}

/** Planned length in ms. */
export const plannedLength = (segment: SegmentState): number => segment.planned_end - segment.planned_start

/** Room ms left of the planned length of the running segment; negative is overtime. */
export function timeLeft(segment: SegmentState, now: number): number {
  return segment.started_at + plannedLength(segment) - now
}

/** Share of the planned length that has passed, 0..1. */
export function progressOf(segment: SegmentState, now: number): number {
  const length = plannedLength(segment)
  return length > 0 ? Math.min(1, Math.max(0, (now - segment.started_at) / length)) : 0
}

/** How late the end is against the plan, ms; negative is early. */
export function driftOf(segment: SegmentState, phase: SegmentPhase, now: number): number {
  if (phase === 'skipped') return 0
  if (phase === 'past') return segment.ended_at - segment.planned_end
  const end = phase === 'now' ? Math.max(segment.expected_end, now) : segment.expected_end
  return end - segment.planned_end
}
