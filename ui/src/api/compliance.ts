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
