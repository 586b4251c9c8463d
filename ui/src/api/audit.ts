/** The audit chain, searched on the server. */
import { get, withQuery } from './client'

export interface AuditRow {
  number: number
  at: number
  brand: string
  room: string
  who: string
  name: string
  what: string
  subject: string
  /** What the subject is called, where it is a person or a room */
  subject_name: string
  /** What the subject does, where it is an action: its kind, else "" */
  action?: string
  /** The rule of the cue, where the subject is one, else "" */
  rule?: string
  /** JSON */
  detail: string
  previous: string
  hash: string
}

export interface AuditAnswer {
  rows: AuditRow[]
  /** The `before` of the page behind; null at the end */
  next: number | null
  /** Of the first page only */
  broken_at?: number | null
  kinds?: string[]
  people?: { person: string; name: string }[]
  rooms?: { room: string; name: string }[]
}

export interface AuditSearch {
  person: string
  kind: string
  room: string
  /** ms; 0 does not narrow */
  since: number
  until: number
  text: string
  /** Kinds that the text may mean in the reader's language */
  also: string
}

export const searchAudit = (search: AuditSearch, before: number, limit: number, signal?: AbortSignal): Promise<AuditAnswer> =>
  get(withQuery('/api/audit', { ...search, since: search.since || '', until: search.until || '', limit, before: before || '' }), signal)
