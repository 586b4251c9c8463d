/** The debrief of a show as the server writes it. Moments are ms UTC (0 is none), money minor units of `currency`. */
import type { Reading } from '@/live/types'
import { get, path } from './client'
import type { Nature, Words } from './types'

export interface SegmentLine {
  segment: string
  part: string
  title: string
  product: string
  host: string
  planned_start: number
  planned_end: number
  started_at: number
  ended_at: number
  /** null where it did not run */
  start_drift_ms: number | null
  length_drift_ms: number | null
  target_gmv: number
  target_orders: number
  gmv_attained: number | null
  orders_attained: number | null
  figures: Reading[]
}

export interface FunnelStep {
  step: string
  times: Reading
  people: Reading
  /** People of this step over people of the step before */
  rate: Reading | null
}

export interface ProductLine {
  product: string
  name: string
  role: string
  number: number
  price: number
  planned: boolean
  sold_out_at: number
  sold_out_listed_ms: number
  figures: Reading[]
}

export interface SourceLine {
  via: string
  figures: Reading[]
}

export interface HostLine {
  host: string
  segments: string[]
  figures: Reading[]
}

export interface CueRuleLine {
  rule: string
  given: number
  followed: number
  dismissed: number
  unanswered: number
  escalated: number
  verdicts: Record<string, number>
  metric: string
  measured: number
  effect: number | null
  low: number | null
  high: number | null
  reasons: string[]
}

export interface CueLine {
  cue: string
  rule: string
  role: string
  person: string
  subject: string
  raised_at: number
  ended_at: number
  outcome: string
  reason: string
  verdict: string
  metric: string
  effect: number | null
  low: number | null
  high: number | null
  why: string
}

export interface IncidentLine {
  kind: string
  when: number
  until: number
  subject: string
  text: Words
}

export interface QuestionLine {
  topic: string
  product: string
  count: number
  answered: number
  share: number
  texts: string[]
}

export interface GoalLine {
  metric: string
  target: number
  actual: Reading
  attained: number | null
}

export interface UsualLine {
  actual: Reading
  usual: number | null
  shows: number
}

export interface Finding {
  code: string
  rule: string
  kind: string
  subject: string
  text: Words
  metrics: string[]
}

export interface ImprovementLine {
  improvement: string
  code: string
  rule: string
  subject: string
  title: Words
  evidence: Words
  role: string
  person: string
  person_name: string
  due_at: number
  metrics: string[]
  documents: string[]
  talk: boolean
}

export interface DebriefBody {
  org: string
  brand: string
  room: string
  room_name: string
  platform: string
  nature: Nature
  currency: string
  time_zone: string
  language: string
  show: string
  title: string
  starts_at: number
  started_at: number
  ended_at: number
  measured_at: number
  written_at: number
  revised_at: number
  segments: SegmentLine[]
  funnel: FunnelStep[]
  funnel_rates: Reading[]
  money: Reading[]
  net: Reading[]
  net_at: number
  return_days: number
  net_until: number
  traffic: Reading[]
  interaction: Reading[]
  service: Reading[]
  sources: SourceLine[]
  products: ProductLine[]
  hosts: HostLine[]
  goals: GoalLine[]
  usual: UsualLine[]
  carried: { improvement: string; title: string; role: string; state: string; words?: Words | null }[]
  cue_sums: { given: number; followed: number; dismissed: number; unanswered: number; useful: number }
  cue_rules: CueRuleLine[]
  cues: CueLine[]
  incidents: IncidentLine[]
  incident_counts: Record<string, number>
  questions: QuestionLine[]
  unanswered: QuestionLine[]
  /** Too many to be followed: an answer to them is not counted */
  questions_let_go?: number
  complaints: QuestionLine[]
  highlights: Finding[]
  problems: Finding[]
  improvements: ImprovementLine[]
}

export interface DebriefRow {
  brand: string
  room: string
  show: string
  title: string
  started_at: number
  ended_at: number
  written_at: number
  revised_at: number
  /** How many were proposed */
  improvements: number
}

export const listDebriefs = (room: string, signal?: AbortSignal): Promise<DebriefRow[]> => get(path('api', 'rooms', room, 'debriefs'), signal)
export const findDebrief = (show: string, signal?: AbortSignal): Promise<DebriefBody> => get(path('api', 'shows', show, 'debrief'), signal)
export const workbookAddress = (show: string, language: string): string => `${path('api', 'shows', show, 'debrief.xlsx')}?lang=${language}`
export const printAddress = (show: string, language: string): string => `${path('api', 'shows', show, 'debrief', 'print')}?lang=${language}`
