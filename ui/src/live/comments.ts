/**
 * The comment stream: a ring of the newest comments with their judgements, fed by snapshots at any pace and
 * shown once per animation frame. 3,000 comments a minute are 50 a second: the ring bounds memory, the window
 * bounds the page.
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { CommentView, Judgement, Snapshot } from './types'

export interface CommentRow {
  readonly comment: CommentView
  /** null until triage has judged it */
  readonly judgement: Judgement | null
}

/** How many comments are kept; older ones are asked from the server. */
export const KEPT = 600

/** A bounded buffer of comments in order of arrival; every key once, judgements filled in when they come. */
export class CommentRing {
  private rows: CommentRow[] = []
  private places = new Map<string, CommentRow>()
  private dropped = 0

  constructor(private readonly limit = KEPT) {}

  /** Rows oldest first. A new array after each change, the same one otherwise. */
  get all(): readonly CommentRow[] {
    return this.rows
  }

  /** How many comments have left the ring. */
  get lost(): number {
    return this.dropped
  }

  /** Take the newest comments (oldest first) with what is judged of them; true when anything changed. */
  take(comments: readonly CommentView[], judged: Readonly<Record<string, Judgement>>): boolean {
    let fresh: CommentRow[] | null = null
    const better = new Map<CommentRow, CommentRow>()
    for (const comment of comments) {
      const known = this.places.get(comment.key)
      const judgement = judged[comment.key] ?? null
      if (known === undefined) {
        const row: CommentRow = { comment, judgement }
        this.places.set(comment.key, row)
        fresh ??= []
        fresh.push(row)
      } else if (judgement !== null && !same(known.judgement, judgement)) {
        const row: CommentRow = { comment: known.comment, judgement }
        this.places.set(comment.key, row)
        better.set(known, row)
      }
    }
    if (fresh === null && better.size === 0) return false
    let next = better.size > 0 ? this.rows.map((row) => better.get(row) ?? row) : this.rows
    if (fresh !== null) next = next.concat(fresh)
    this.keep(next)
    return true
  }

  /** Put older comments (oldest first) in front, as far as there is room; true when anything changed. */
  prepend(comments: readonly CommentView[], judged: Readonly<Record<string, Judgement>> = {}): boolean {
    const older = comments.filter((comment) => !this.places.has(comment.key))
    if (older.length === 0) return false
    const rows = older.map((comment): CommentRow => ({ comment, judgement: judged[comment.key] ?? null }))
    for (const row of rows) this.places.set(row.comment.key, row)
    const next = rows.concat(this.rows)
    next.sort((a, b) => a.comment.when - b.comment.when)
    this.keep(next)
    return true
  }

  private keep(next: CommentRow[]): void {
    const over = next.length - this.limit
    if (over > 0) {
      for (const row of next.slice(0, over)) this.places.delete(row.comment.key)
      this.dropped += over
      next = next.slice(over)
    }
    this.rows = next
  }
}

/** Whether two judgements say the same: each snapshot brings new objects for old judgements. */
function same(a: Judgement | null, b: Judgement): boolean {
  return (
    a !== null && a.label === b.label && a.topic === b.topic && a.product === b.product && a.hidden === b.hidden &&
    a.for_host === b.for_host && JSON.stringify(a.flagged) === JSON.stringify(b.flagged)
  )
}

/** Comments per minute over the last minute of room time, from what the ring holds. */
export function ratePerMinute(rows: readonly CommentRow[], now: number): number | null {
  const first = rows[0]
  if (!first) return null
  let index = rows.length
  while (index > 0 && (rows[index - 1]?.comment.when ?? 0) > now - 60_000) index -= 1
  const count = rows.length - index
  if (index > 0) return count
  // The ring is younger (or shorter) than a minute: scale by the time it covers, if that is enough to say.
  const covered = now - first.comment.when
  return covered >= 5_000 ? Math.round((count * 60_000) / covered) : null
}

export interface CommentStream {
  rows: Readonly<ShallowRef<readonly CommentRow[]>>
  /** Feed a snapshot; the page follows on the next frame. */
  feed: (snapshot: Snapshot) => void
  prepend: (comments: readonly CommentView[]) => void
}

/** The stream for a component: changes are shown at most once per animation frame. */
export function useComments(limit = KEPT): CommentStream {
  const ring = new CommentRing(limit)
  const rows = shallowRef<readonly CommentRow[]>([])
  let frame = 0
  function show(): void {
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      rows.value = ring.all
    })
  }
  onScopeDispose(() => cancelAnimationFrame(frame))
  return {
    rows,
    feed(snapshot) {
      if (ring.take(snapshot.audience.comments, snapshot.desk.judged)) show()
    },
    prepend(comments) {
      if (ring.prepend(comments)) show()
    },
  }
}

export type Piece = { text: string; flagged: boolean }

/** Cut a text at its flagged words, so that they can be marked. Longer words win; case does not matter. */
export function markWords(text: string, words: readonly string[]): Piece[] {
  const wanted = [...new Set(words.filter((word) => word !== ''))].sort((a, b) => b.length - a.length)
  if (wanted.length === 0) return [{ text, flagged: false }]
  const pattern = new RegExp(wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'giu')
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), flagged: false })
    pieces.push({ text: match[0], flagged: true })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), flagged: false })
  return pieces.length > 0 ? pieces : [{ text, flagged: false }]
}

/** The flagged words of a judgement, however the desk tells them. */
export function flaggedWords(judgement: Judgement | null): string[] {
  const flagged = judgement?.flagged
  if (Array.isArray(flagged)) return flagged.map(String)
  return typeof flagged === 'string' && flagged !== '' ? [flagged] : []
}
