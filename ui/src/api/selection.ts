/** What the office asks about the selection: the pool, proposals, why, and taking one into a show. */
import { get, path, post } from './client'
import type { OfficeReceipt } from './office'
import type { SeenRow } from './supply'
import type { Mark } from './types'

export interface Evidence { hits: number; tries: number }

export interface Candidate {
  product: string
  name: string
  role: string
  category: string
  supplier: string
  price: number
  /** null: needs the permission `money` */
  cost: number | null
  commission_bp: number | null
  /** null: not known */
  stock: number | null
  clicks: Evidence
  sales: Evidence
  asked: number
  shows: number
  /** Whom it suits */
  tags?: string[]
  idle_days: number | null
}

export interface Phase { phase: string; minutes: number; audience: number; golden: boolean }

export interface QuotaRule {
  rule: string
  by: 'all' | 'role' | 'supplier' | 'category' | 'price'
  values: string[]
  least_price: number
  most_price: number
  phases: string[]
  unit: 'count' | 'minutes'
  low: number
  high: number | null
  penalty: number | null
}

export interface Lock { product: string; state: 'in' | 'out'; phase: string; minutes: number }

export interface Brief {
  phases: Phase[]
  lengths: number[]
  exposures: number
  least: number
  most: number
  rules: QuotaRule[]
  locks: Lock[]
  weights: Record<string, number>
  audience_tags: Record<string, number>
  each_category: number
  each_supplier: number
  same_penalty: number
}

export interface OutRow { product: string; rule: string; value: number; bound: number; sample: number }
export interface AskedRow { product: string; name: string; asked: number; share: number; topic: string; topic_asked: number; demonstrate: boolean; offered: boolean }
export interface WantedRow { what: string; count: number; last_at: number; product: string; name: string }

export interface HitRate {
  rate: number | null
  hits: number
  judged: number
  waiting: number
  unjudged: number
  unshown: number
  shows: number
  target: number
}

/** How a host sells a category against the others: 1 is as they do */
export interface HostFit { fit: number; pieces: number; expected: number; shows: number }

export interface PoolAnswer {
  items: Candidate[]
  out: OutRow[]
  known: number
  /** Products that lack papers, terms or a sample test, out for it or not */
  lacking: number
  /** Trend and hot lists of the last days */
  lists: SeenRow[]
  wanted: WantedRow[]
  /** What customers asked about most: products with their share of all questions of `days` (R062) */
  asked: { total: number; days: number; rows: AskedRow[] }
  brief: Brief
  audience_shows: number
  kinds: string[]
  rules: string[]
  /** The eliminations to begin with */
  usual: string[]
  assumed: { since: string; mark: Mark }
  hit_rate: HitRate
  fits: Record<string, HostFit>
  hosts: { person: string; name: string; shows: number }[]
  /** `minutes`: what the planned length leaves for talks, 0 when it has no end */
  shows: { show: string; title: string; starts_at: number; version: number; minutes?: number }[]
  currency: string
  money: boolean
}

export interface Parts {
  pieces: number
  wanted: number
  click_rate: number
  sale_rate: number
  return_rate: number
  unit_margin: number | null
  tag_fit: number
  host_fit: number
  tired: number
  risk: number
  margin: number | null
  turnover: number
  pull: number | null
  worth: number | null
}

export interface Pick {
  product: string
  name: string
  role: string
  category: string
  supplier: string
  price: number
  phase: string
  minutes: number
  start_s: number
  parts: Parts
  locked: boolean
  unsure: string[]
}

export interface Tight {
  rule: string
  subject: string
  unit: string
  low: number
  high: number | null
  use: number
  price: number | null
  hard: boolean
  broken: boolean
}

export interface Near { product: string; name: string; role: string; worth: number | null; short: number | null; share: number; against: string[] }

export interface ProposalBody {
  kind: string
  picks: Pick[]
  worth: number | null
  bound: number | null
  proved: boolean
  gap: number
  order_proved: boolean
  margin: number | null
  turnover: number
  pieces: number
  minutes: number
  tight: Tight[]
  near: Near[]
  pool: number
  seconds: number
}

export interface KeptProposal { selection: string; show: string; kind: string; made_at: number; accepted_at: number; body: ProposalBody }
export interface Need { rule: string; subject: string; side: 'low' | 'high' | 'lock'; now: number; to: number; alone: boolean }
export interface Contradiction { code: string; needs: Need[] }

export interface ProposeAnswer { proposals: KeptProposal[]; contradiction: Contradiction | null; out: OutRow[] }

export interface WhyAnswer {
  out?: OutRow
  product: string
  inside: boolean
  possible: boolean
  loss: number | null
  factor: number | null
  enters: string[]
  leaves: string[]
}

export interface SelectionAsk {
  brief: Brief
  rules: string[]
  kinds: string[]
  show: string
  host: string
  changes: Record<string, Record<string, number>>
  product?: string
}

export const loadPool = (room: string, minutes: number, host: string, signal?: AbortSignal): Promise<PoolAnswer> =>
  get(`${path('api', 'rooms', room, 'selection')}?minutes=${minutes}&host=${encodeURIComponent(host)}`, signal)
export const propose = (room: string, asked: SelectionAsk): Promise<ProposeAnswer> => post(path('api', 'rooms', room, 'selection'), asked)
export const why = (room: string, asked: SelectionAsk): Promise<WhyAnswer> => post(path('api', 'rooms', room, 'selection', 'why'), asked)
export const acceptSelection = (room: string, selection: string, body: { show: string; version: number; title: string; starts_at: number }): Promise<OfficeReceipt & { show: string }> =>
  post(path('api', 'rooms', room, 'selections', selection, 'accept'), body)
export const sheetAddress = (room: string, selection: string, language: string): string => `${path('api', 'rooms', room, 'selections', `${selection}.xlsx`)}?lang=${language}`
