/** The rundown as a list: order, lengths, offsets, and what somebody else changed in it. All pure. */
import type { SegmentPlan } from '@/api/office'

export const PARTS = ['warm_up', 'pitch', 'interaction', 'close', 'deal', 'lucky_bag', 'goodbye'] as const

/** The same segments, each beginning where the one before ends. */
export function reflow(segments: readonly SegmentPlan[]): SegmentPlan[] {
  let offset = 0
  return segments.map((item) => {
    const placed = item.offset_s === offset ? item : { ...item, offset_s: offset }
    offset += item.duration_s
    return placed
  })
}

/** Whether each segment begins where the one before ends. */
export const isTight = (segments: readonly SegmentPlan[]): boolean => reflow(segments).every((item, index) => item === segments[index])

export const totalSeconds = (segments: readonly SegmentPlan[]): number => segments.reduce((sum, item) => sum + item.duration_s, 0)

/** Segment `from` moved to place `to`, reflowed. Places below `fixed` have run already and stay where they are. */
export function moved(segments: readonly SegmentPlan[], from: number, to: number, fixed = 0): SegmentPlan[] {
  const target = Math.max(fixed, Math.min(segments.length - 1, to))
  if (from < fixed || from >= segments.length || from === target) return [...segments]
  const next = [...segments]
  next.splice(target, 0, ...next.splice(from, 1))
  return reflow(next)
}

/** One thing somebody else did: to a segment, or to another part of the plan. */
export type Difference = { kind: 'added' | 'removed' | 'changed' | 'moved' | 'title' | 'start' | 'products' | 'goals' | 'carried'; title: string }

const said = (item: SegmentPlan): string => item.title || item.segment

/** What `theirs` has done to `base`, in words that a person can weigh. */
export function differences(base: readonly SegmentPlan[], theirs: readonly SegmentPlan[]): Difference[] {
  const before = new Map(base.map((item) => [item.segment, item]))
  const after = new Set(theirs.map((item) => item.segment))
  const found: Difference[] = base.filter((item) => !after.has(item.segment)).map((item) => ({ kind: 'removed', title: said(item) }))
  // Only the order of what both know counts as moved, or one new segment would move everything behind it.
  const known = base.filter((item) => after.has(item.segment)).map((item) => item.segment)
  const now = theirs.filter((item) => before.has(item.segment)).map((item) => item.segment)
  const kept = new Set(longestKept(known, now))
  for (const item of theirs) {
    const old = before.get(item.segment)
    if (!old) found.push({ kind: 'added', title: said(item) })
    else if (!same(old, item)) found.push({ kind: 'changed', title: said(item) })
    else if (!kept.has(item.segment)) found.push({ kind: 'moved', title: said(item) })
  }
  return found
}

function same(a: SegmentPlan, b: SegmentPlan): boolean {
  return (Object.keys(a) as (keyof SegmentPlan)[]).every((key) => key === 'offset_s' || a[key] === b[key] || JSON.stringify(a[key]) === JSON.stringify(b[key]))
}

/** The longest run of ids that stand in the same order in both lists. */
function longestKept(a: readonly string[], b: readonly string[]): string[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const kept: string[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      kept.push(a[i] ?? '')
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return kept
}
