/** Questions that are asked often, on their way into talk tracks (R062, R080). */
import { get, request } from './client'
import type { OfficeReceipt } from './office'
import { query } from './planning'

export interface LinePlace { room: string; show: string; title: string; starts_at: number; segment: string; name: string }

export interface HotLine {
  product: string
  name: string
  topic: string
  asked: number
  /** Of all questions of the span */
  share: number
  /** null: nothing was asked in the span before */
  before: number | null
  unanswered: number
  examples: string[]
  demonstrate: boolean
  state: 'open' | 'handbook' | 'script' | 'refused' | 'covered'
  /** What the knowledge base says to it, "" nothing */
  answer: string
  source: string
  /** Version of the handbook, 0 none */
  handbook: number
  /** Segments of planned shows that present the product, the soonest first */
  places: LinePlace[]
  decided: { decision: string; reason: string; answer: string; made_by: string; made_at: number } | null
}

export interface HotLines { since: number; until: number; total: number; line_from: number; demonstrate_from: number; again_days: number; rows: HotLine[] }

export interface LineDecision { product: string; topic: string; decision: 'handbook' | 'script' | 'refused'; question?: string; answer?: string; show?: string; segment?: string; reason?: string; version?: number }

export const loadHotLines = (brand: string, signal?: AbortSignal): Promise<HotLines> => get(query('/api/hot-lines', { brand }), signal)
/** A refusal comes inside the answer. */
export const decideHotLine = (brand: string, decision: LineDecision): Promise<OfficeReceipt> => request('POST', query('/api/hot-lines', { brand }), decision)
