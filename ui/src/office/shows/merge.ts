/** Two people edit one plan: what each did to it stands, field by field. All pure. */
import type { SegmentPlan } from '@/api/office'
import { copyOf, type Draft } from './plan'
import { reflow } from './rundown'

/** Both changed the same thing to something else. `mine` stands in the draft until somebody chooses. */
export interface Clash {
  /** Segment or product id; "" is the plan itself */
  id: string
  field: string
  title: string
  mine: unknown
  theirs: unknown
}

export interface Merged {
  draft: Draft
  clashes: Clash[]
}

const says = (value: unknown): string => JSON.stringify(value) ?? ''
const same = (a: unknown, b: unknown): boolean => says(a) === says(b)

/** One value after both edited; null when both changed it, differently. */
function settle<T>(base: T, theirs: T, mine: T): { value: T } | null {
  if (same(mine, base) || same(mine, theirs)) return { value: theirs }
  if (same(theirs, base)) return { value: mine }
  return null
}

/** Lines of a text after both edited; null when both changed the same lines, or lines side by side. */
export function mergedText(base: string, theirs: string, mine: string): string | null {
  const known = settle(base, theirs, mine)
  if (known) return known.value
  const [from, a, b] = [base.split('\n'), theirs.split('\n'), mine.split('\n')]
  const [hisFirst, hisLast] = changedLines(from, a)
  const [myFirst, myLast] = changedLines(from, b)
  // One block each: an edit above and an edit below do not touch.
  if (hisLast < myFirst) return [...a.slice(0, hisLast + 1 + a.length - from.length), ...b.slice(hisLast + 1)].join('\n')
  if (myLast < hisFirst) return [...b.slice(0, myLast + 1 + b.length - from.length), ...a.slice(myLast + 1)].join('\n')
  return null
}

/** First and last line of `from` that `to` changed; what is put in between two lines touches the one before. */
function changedLines(from: readonly string[], to: readonly string[]): [number, number] {
  const shorter = Math.min(from.length, to.length)
  let head = 0
  while (head < shorter && from[head] === to[head]) head += 1
  let tail = 0
  while (tail < shorter - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail += 1
  const last = from.length - 1 - tail
  return last < head ? [Math.max(0, head - 1), Math.max(0, head - 1)] : [head, last]
}

function mergedSegment(base: SegmentPlan, theirs: SegmentPlan, mine: SegmentPlan, clashes: Clash[]): SegmentPlan {
  const out: Record<string, unknown> = { ...theirs }
  const [was, his, my] = [base, theirs, mine] as unknown as Record<string, unknown>[]
  for (const field of Object.keys(mine)) {
    if (field === 'offset_s' || !was || !his || !my) continue
    const known = settle(was[field], his[field], my[field])
    const text = known === null && field === 'talk_track' ? mergedText(base.talk_track, theirs.talk_track, mine.talk_track) : null
    if (known) out[field] = known.value
    else if (text !== null) out[field] = text
    else {
      out[field] = my[field]
      clashes.push({ id: mine.segment, field, title: mine.title || theirs.title, mine: my[field], theirs: his[field] })
    }
  }
  return out as unknown as SegmentPlan
}

/** Ids in the order of whoever moved some (mine when both did), with what the other added behind the one it follows there. */
export function mergedOrder(base: readonly string[], theirs: readonly string[], mine: readonly string[], kept: ReadonlySet<string>): string[] {
  const common = (list: readonly string[]): string[] => list.filter((id) => base.includes(id) && theirs.includes(id) && mine.includes(id))
  const [first, second] = same(common(mine), common(base)) ? [theirs, mine] : [mine, theirs]
  const out = first.filter((id) => kept.has(id))
  second.forEach((id, at) => {
    if (!kept.has(id) || out.includes(id)) return
    const before = second.slice(0, at).reverse().find((other) => out.includes(other))
    out.splice(before === undefined ? 0 : out.indexOf(before) + 1, 0, id)
  })
  return out
}

const whole = (item: SegmentPlan): string => says({ ...item, offset_s: 0 })

function mergedSegments(base: readonly SegmentPlan[], theirs: readonly SegmentPlan[], mine: readonly SegmentPlan[], clashes: Clash[]): SegmentPlan[] {
  const byId = (list: readonly SegmentPlan[]): Map<string, SegmentPlan> => new Map(list.map((item) => [item.segment, item]))
  const [was, his, my] = [byId(base), byId(theirs), byId(mine)]
  const found = new Map<string, SegmentPlan>()
  for (const id of new Set([...his.keys(), ...my.keys()])) {
    const [old, other, own] = [was.get(id), his.get(id), my.get(id)]
    if (own && other) found.set(id, old ? mergedSegment(old, other, own, clashes) : own)
    else if (!old) found.set(id, (own ?? other) as SegmentPlan)
    else {
      // One took it away. It goes, unless the other one was just working on it.
      const left = (own ?? other) as SegmentPlan
      if (whole(left) === whole(old)) continue
      found.set(id, left)
      clashes.push({ id, field: 'removed', title: left.title, mine: own ?? null, theirs: other ?? null })
    }
  }
  const ids = (list: readonly SegmentPlan[]): string[] => list.map((item) => item.segment)
  const order = mergedOrder(ids(base), ids(theirs), ids(mine), new Set(found.keys()))
  const placed = order.map((id) => found.get(id)).filter((item) => item !== undefined)
  // A plan nobody touched here keeps its gaps.
  return same(base, mine) ? [...theirs] : reflow(placed)
}

function mergedProducts(base: Draft['products'], theirs: Draft['products'], mine: Draft['products'], clashes: Clash[]): Draft['products'] {
  const find = (list: Draft['products'], id: string): Draft['products'][number] | null => list.find((item) => item.product === id) ?? null
  const kept = new Map<string, Draft['products'][number]>()
  for (const id of new Set([...theirs, ...mine].map((item) => item.product))) {
    const [old, other, own] = [find(base, id), find(theirs, id), find(mine, id)]
    const known = settle(old, other, own)
    if (known === null) clashes.push({ id, field: 'product', title: own?.name ?? other?.name ?? id, mine: own, theirs: other })
    const value = known ? known.value : (own ?? other)
    if (value) kept.set(id, value)
  }
  const ids = (list: Draft['products']): string[] => list.map((item) => item.product)
  const order = mergedOrder(ids(base), ids(theirs), ids(mine), new Set(kept.keys()))
  return order.map((id) => kept.get(id)).filter((item) => item !== undefined)
}

const SINGLE = ['title', 'starts_at', 'ends_at', 'theme', 'studio', 'welfare'] as const
const SETS = ['carried', 'hosts', 'kits', 'lights'] as const

/** The plan after `theirs` was saved while `mine` was typed, both from `base`. */
export function merged(base: Draft, theirs: Draft, mine: Draft): Merged {
  const clashes: Clash[] = []
  const draft = copyOf(theirs)
  for (const field of SINGLE) {
    const known = settle<string | number>(base[field], theirs[field], mine[field])
    const value = known ? known.value : mine[field]
    if (!known) clashes.push({ id: '', field, title: '', mine: mine[field], theirs: theirs[field] })
    Object.assign(draft, { [field]: value })
  }
  for (const field of SETS) {
    const gone = new Set(base[field].filter((item) => !mine[field].includes(item)))
    draft[field] = [...theirs[field].filter((item) => !gone.has(item)), ...mine[field].filter((item) => !base[field].includes(item) && !theirs[field].includes(item))]
  }
  const goals: Record<string, number> = {}
  for (const name of new Set([...Object.keys(theirs.goals), ...Object.keys(mine.goals)])) {
    const known = settle(base.goals[name], theirs.goals[name], mine.goals[name])
    if (!known) clashes.push({ id: '', field: `goal:${name}`, title: name, mine: mine.goals[name], theirs: theirs.goals[name] })
    const value = known ? known.value : mine.goals[name]
    if (value !== undefined) goals[name] = value
  }
  draft.goals = goals
  draft.products = copyOf(mergedProducts(base.products, theirs.products, mine.products, clashes))
  draft.segments = copyOf(mergedSegments(base.segments, theirs.segments, mine.segments, clashes))
  return { draft, clashes }
}

/** The draft with the other's side of a clash in place of mine. */
export function takeTheirs(draft: Draft, clash: Clash): Draft {
  const next = copyOf(draft)
  if (clash.id === '' && clash.field.startsWith('goal:')) {
    const name = clash.field.slice(5)
    if (typeof clash.theirs === 'number') next.goals[name] = clash.theirs
    else delete next.goals[name]
  } else if (clash.id === '') Object.assign(next, { [clash.field]: clash.theirs })
  else if (clash.field === 'product') {
    next.products = next.products.flatMap((item) => (item.product !== clash.id ? [item] : clash.theirs ? [clash.theirs as Draft['products'][number]] : []))
  } else if (clash.field === 'removed') {
    // Theirs: either they took it away, or they went on with what I took away.
    if (clash.theirs === null) next.segments = reflow(next.segments.filter((item) => item.segment !== clash.id))
  } else next.segments = reflow(next.segments.map((item) => (item.segment === clash.id ? { ...item, [clash.field]: clash.theirs } : item)))
  return next
}
