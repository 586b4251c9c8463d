/** What the server's JSON answers look like (the live snapshot is in live/types). */

export interface Grant {
  role: string
  brand: string
  room: string
}

export interface Session {
  person: string
  name: string
  language: string
  org: string
  brands: { brand: string; name: string }[]
  roles: Grant[]
  permissions: string[]
  demo: boolean
  version: string
}

export type Nature = 'real' | 'simulated' | 'replayed' | 'rehearsed'
export type ShowStatus = 'none' | 'planned' | 'on_air' | 'ended'

export interface RoomRow {
  room: string
  name: string
  platform: string
  nature: Nature
  brand: string
  currency: string
  time_zone: string
  status: ShowStatus
  title: string
  /** ms UTC; 0 when no show has started */
  started_at: number
}

/** A row of a reference table; `mark` is S (stated), E (example) or D (our default). */
export interface ReferenceRow {
  id?: string
  zh: string
  en: string
  mark?: string
  source?: string
  [field: string]: unknown
}

export interface Reference {
  rules: Record<string, ReferenceRow>
  metrics: Record<string, ReferenceRow>
  roles: Record<string, ReferenceRow>
  documents: Record<string, ReferenceRow>
}

export interface CommandAnswer {
  /** Journal number at which it was applied */
  number: number
  applied: boolean
  refused: { code: string; why: string } | null
  announced: unknown[]
}

export interface Pairing {
  code: string
  expires_at: number
  url: string
  qr_svg: string
}
