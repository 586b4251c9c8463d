/** What may be said: rules, drafts, own words. */
import { get, path, post, request } from './client'
import { newId } from './commands'

export type Severity = 'silent' | 'warn' | 'block'
export type TextDoor = 'script' | 'speech' | 'title' | 'reply' | 'comment'
export const DOORS: TextDoor[] = ['script', 'speech', 'title', 'reply', 'comment']

export interface TextHit {
  /** In characters (code points) of the text */
  start: number
  end: number
  word: string
  entry: string
  cls: string
  severity: Severity
  basis: string
  /** The article's text, "" where it does not ship */
  law: string
  advice: string
  advice_en: string
  view: string
  context: string
  /** Wordings for its place, best first; "" takes it out */
  instead: string[]
}

export interface CheckedText {
  id: string
  verdict: Severity
  hits: TextHit[]
  /** Hits that were left out */
  more: number
}

export interface TextDraft {
  id: string
  text: string
  door: TextDoor
  product?: string
  category?: string
  /** Minor units */
  price?: number
}

export const checkTexts = (room: string, texts: TextDraft[], signal?: AbortSignal): Promise<{ version: string; texts: CheckedText[] }> =>
  request('POST', '/api/compliance/check', { room, texts }, signal)

export interface SafeContext {
  code: string
  to: string
  texts: string[]
  by_pattern: boolean
  entries: string[]
}

export interface RuleEntry {
  id: string
  cls: string
  severity: 'block' | 'warn' | 'context'
  basis: string
  law: string
  valid_from: string
  valid_until: string
  zh: string
  en: string
  texts: string[]
  categories: string[]
  except_categories?: string[]
  doors?: TextDoor[]
  alike?: string[]
  patterns?: number
  unless?: string[]
  reword?: string[]
  safe?: SafeContext[]
}

export interface RulePack {
  id: string
  version: string
  zh: string
  en: string
  platforms: string[]
  safe: SafeContext[]
  entries: RuleEntry[]
  duties: RuleEntry[]
}

export const loadPacks = (room: string, on: string, signal?: AbortSignal): Promise<{ version: string; packs: RulePack[] }> =>
  get(`/api/compliance/packs?room=${encodeURIComponent(room)}&on=${encodeURIComponent(on)}`, signal)

export interface Versions {
  version: string
  kept: { version: string; kept_at: number }[]
  /** Newest first */
  days: string[]
}
export const loadVersions = (signal?: AbortSignal): Promise<Versions> => get('/api/compliance/versions', signal)

export interface RuleDifference {
  what: 'added' | 'removed' | 'changed'
  pack: string
  entry: string
  cls: string
  zh: string
  en: string
  basis: string
  fields: Record<string, [unknown, unknown]>
}
export const loadDifferences = (older: string, newer: string, signal?: AbortSignal): Promise<RuleDifference[]> =>
  get(`/api/compliance/differences?old=${encodeURIComponent(older)}&new=${encodeURIComponent(newer)}`, signal)

export type WordScope = 'org' | 'brand' | 'room'
export interface OwnWordRow {
  command: string
  set_at: number
  name: string
  scope: WordScope
  word: string
  severity: Severity
  reason: string
  advice: string
  reword: string
  doors: TextDoor[]
  removed: boolean
  undoes: string
  undone: boolean
}

export interface WordAnswer {
  applied: boolean
  command: string
  refused: { code: string; why: string } | null
  others_refused: { room: string; code: string; why: string }[]
}

export const loadWords = (room: string, signal?: AbortSignal): Promise<{ words: OwnWordRow[]; changes: OwnWordRow[] }> =>
  get(`/api/compliance/words?room=${encodeURIComponent(room)}`, signal)

export interface OwnWordForm {
  word: string
  severity: Severity
  reason: string
  advice: string
  reword: string
  doors: TextDoor[]
  scope: WordScope
  removed: boolean
  undoes: string
}
export const setWord = (room: string, form: Partial<OwnWordForm>): Promise<WordAnswer> =>
  post(`${path('api', 'compliance', 'words')}?room=${encodeURIComponent(room)}`, { ...form, command: newId() })

/* The review of a show. */

export const LABELS = ['seller', 'ad', 'ai', 'price_basis', 'draw_rules'] as const
export type ShownLabel = (typeof LABELS)[number]
export type Declared = Record<ShownLabel, 'yes' | 'no' | 'none'>
export const EXEMPTIONS = ['evidence', 'attitude', 'own_range', 'instruction', 'standard', 'name', 'award', 'order', 'other_sense'] as const
export type ReviewState = 'draft' | 'asked' | 'returned' | 'signed'

export interface ReviewText {
  place: string
  subject: string
  door: TextDoor
  text: string
  product: string
  by: string
}

export interface ReviewHit {
  hit: string
  place: string
  start: number
  end: number
  word: string
  severity: Severity
  cls: string
  entry: string
  basis: string
  advice: string
  advice_en: string
}

export interface ReviewDecision {
  by: string
  at: number
  decision: 'accepted' | 'change'
  exemption: string
  evidence: string
}

export interface ReviewOfShow {
  number: number
  digest: string
  version: string
  state: ReviewState
  reasons: string[]
  texts: ReviewText[]
  hits: ReviewHit[]
  /** Ids of hits that keep the show off the air */
  open: string[]
  decisions: Record<string, ReviewDecision>
  declared: Partial<Declared>
  authors: string[]
  asked_by: string
  asked_at: number
  asked_note: string
  read_by: string
  read_at: number
  signed_by: string
  signed_at: number
  self_signed: boolean
  note: string
  returned_by: string
  returned_at: number
  returned_why: string
}

export interface ReviewBrief {
  number: number
  state: ReviewState
  changed_at: number
  signed_by: string
  signed_at: number
  self_signed: boolean
  open_hits: number
  version: string
}

export interface ReviewAnswer {
  /** null: the show needs none */
  review: ReviewOfShow | null
  versions: ReviewBrief[]
  /** Label to whether these texts cannot do without */
  labels?: Record<ShownLabel, boolean>
  signers?: { person: string; name: string }[]
  may_sign?: boolean
  /** Where the review of the script stands: it goes before the signature */
  script?: 'draft' | 'in_review' | 'approved' | 'returned'
  own?: boolean
  alone?: boolean
  second_reading_minutes?: number
  names: Record<string, string>
}

export const loadReview = (show: string, signal?: AbortSignal): Promise<ReviewAnswer> => get(path('api', 'shows', show, 'sign-off'), signal)

export interface ReviewRow extends ReviewBrief {
  room: string
  room_name: string
  show: string
  title: string
  starts_at: number
  time_zone: string
  due_at: number
  authors: string[]
  asked_at: number
}
export const loadReviews = (signal?: AbortSignal): Promise<ReviewRow[]> => get('/api/compliance/reviews', signal)

export interface CheckItem {
  item: string
  state: 'ok' | 'open' | 'stop' | 'unknown'
  about: { n?: number; names?: string[]; labels?: string[]; reasons?: string[]; state?: ReviewState; self_signed?: boolean; due_at?: number }
}
export const loadChecklist = (show: string, signal?: AbortSignal): Promise<CheckItem[]> => get(path('api', 'shows', show, 'checklist'), signal)
export const evidenceAddress = (show: string): string => path('api', 'shows', show, 'evidence.zip')

/* Trainings. */

export interface TrainingRow {
  training: string
  day: string
  subject: string
  trainer: string
  minutes: number
  note: string
  attended: string[]
  missed: string[]
}
export interface Trainings {
  trainings: TrainingRow[]
  days: number
  people: { person: string; name: string; last: number; due: boolean; roles: string[] }[]
  names: Record<string, string>
}
export const loadTrainings = (brand: string, signal?: AbortSignal): Promise<Trainings> => get(`/api/compliance/trainings?brand=${encodeURIComponent(brand)}`, signal)
export const saveTraining = (brand: string, row: Partial<TrainingRow>): Promise<{ applied: boolean; refused: { code: string; why: string } | null }> =>
  post(`/api/compliance/trainings?brand=${encodeURIComponent(brand)}`, row)
