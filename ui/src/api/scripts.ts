/** Remarks on a script, its review, the values of its variables, news of others' edits; handbooks of products. */
import { get, path, post, request } from './client'
import type { OfficeReceipt } from './office'
import { query } from './planning'

export type ReviewState = 'draft' | 'in_review' | 'approved' | 'returned'

export interface ReviewStep { review: string; state: ReviewState; digest: string; version: number; note: string; by: string; at: number; alone: boolean }
export interface Remark { comment: string; segment: string; reply_to: string; text: string; by: string; at: number; closed_by: string; closed_at: number }
export interface MissingValue { segment: string; variable: string; why: string }

export interface ScriptReview {
  standing: { state: ReviewState; edited: boolean; digest: string; steps: ReviewStep[] }
  remarks: Remark[]
  missing: MissingValue[]
  may_decide: boolean
  /** Nobody else may approve */
  alone: boolean
}

export const loadReview = (show: string, signal?: AbortSignal): Promise<ScriptReview> => get(path('api', 'shows', show, 'review'), signal)
/** A refusal comes inside the answer. */
export const stepReview = (show: string, step: { state: ReviewState; version: number; note: string }): Promise<OfficeReceipt> => post(path('api', 'shows', show, 'review'), step)
export const sendRemark = (show: string, remark: { text: string; segment: string; reply_to: string }): Promise<OfficeReceipt> => post(path('api', 'shows', show, 'remarks'), remark)
export const closeRemark = (show: string, comment: string, closed: boolean): Promise<OfficeReceipt> => post(path('api', 'shows', show, 'remarks', comment), { closed })
export const loadVariables = (show: string, language: string, signal?: AbortSignal): Promise<{ words: Record<string, [string, string]>; values: Record<string, Record<string, string>> }> =>
  get(query(path('api', 'shows', show, 'variables'), { lang: language }), signal)

export interface ShowNews { what: 'plan' | 'review'; by: string }

/** Hear of every change of a show and of what is said of its script; returns the way to stop. */
export function followShow(show: string, hear: (news: ShowNews) => void): () => void {
  if (typeof EventSource === 'undefined') return () => {}
  const source = new EventSource(path('api', 'shows', show, 'changes'))
  let opened = false
  source.addEventListener('changed', (event) => hear(JSON.parse((event as MessageEvent<string>).data) as ShowNews))
  source.addEventListener('open', () => {
    // What happened while the line was down is found by looking.
    if (opened) for (const what of ['plan', 'review'] as const) hear({ what, by: '' })
    opened = true
  })
  return () => source.close()
}

export interface HandbookBody {
  advantages: { text: string; evidence?: string; evidence_date?: string }[]
  answers: { question: string; answer?: string }[]
  forbidden: string[]
  scenes: string[]
  demonstration: string
}
export interface HandbookEntry {
  product: string
  name: string
  /** Version 0 is a proposal nobody saved */
  handbook: { product: string; version: number; made_by: string; made_at: number; body: HandbookBody; unproved: number }
}

export const listHandbooks = (brand: string, signal?: AbortSignal): Promise<HandbookEntry[]> => get(query('/api/handbooks', { brand }), signal)
export const loadHandbook = (brand: string, product: string, signal?: AbortSignal): Promise<HandbookEntry> => get(query(path('api', 'handbooks', product), { brand }), signal)
export const saveHandbook = (brand: string, product: string, book: HandbookBody & { version: number }): Promise<OfficeReceipt> =>
  request('PUT', query(path('api', 'handbooks', product), { brand }), book)

/** A reply to unfavourable comments of one kind (F19) */
export interface NegativeReply { trigger: string; text: string; ask: string; escalate: string }
export interface ReplySet { version: number; made_by: string; made_at: number; replies: Partial<NegativeReply>[] }
export const loadReplies = (brand: string, signal?: AbortSignal): Promise<ReplySet> => get(query('/api/negative-replies', { brand }), signal)
export const saveReplies = (brand: string, body: { replies: NegativeReply[]; version: number }): Promise<OfficeReceipt> => request('PUT', query('/api/negative-replies', { brand }), body)

export interface ScoreMark { part: 'timing' | 'cues' | 'replies' | 'words'; weight: number; value: number | null; hits: number; of: number }
export interface RehearsalRow {
  rehearsal: { rehearsal: string; room: string; digest: string; version: number; by: string; at: number }
  status: string
  started_at: number
  ended_at: number
  /** Of the script as it stands */
  current: boolean
  /** Every segment ran */
  whole: boolean
  score: { points: number | null; marks: ScoreMark[] } | null
}
export interface Rehearsals {
  /** R075 */
  gate: { state: 'done' | 'late' | 'due' | 'missing'; deadline: number }
  /** The rehearsal on air for this room, "" is none */
  running: string
  rehearsal_room: string
  rows: RehearsalRow[]
}
export const loadRehearsals = (show: string, signal?: AbortSignal): Promise<Rehearsals> => get(path('api', 'shows', show, 'rehearsals'), signal)
/** `rate` 0 is at once, played by the script alone. */
export const beginRehearsal = (show: string, roles: string[], rate: number): Promise<{ room: string; show: string }> => post(path('api', 'shows', show, 'rehearsals'), { roles, rate })
export const endRehearsal = (show: string): Promise<void> => post(path('api', 'shows', show, 'rehearsals', 'end'), {})

/** A show of a practice room before a simulated audience; `rate` 0 is none runs so, `held` is why it may not begin. */
export interface Practised { possible: boolean; held: string[]; rate: number }
export const loadPractice = (show: string, signal?: AbortSignal): Promise<Practised> => get(path('api', 'shows', show, 'practice'), signal)
export const beginPractice = (show: string, roles: string[], rate: number): Promise<{ room: string; show: string }> => post(path('api', 'shows', show, 'practice'), { roles, rate })
export const setPracticeRate = (show: string, rate: number): Promise<void> => post(path('api', 'shows', show, 'practice', 'rate'), { rate })
