/** What the server's JSON answers look like (the live snapshot is in live/types). */

export interface Grant {
  role: string
  brand: string
  room: string
  /** "platform/name": the account by which the role holds in the room; empty when given for the room itself */
  account?: string
}

export interface Session {
  person: string
  name: string
  language: string
  org: string
  brands: { brand: string; name: string }[]
  roles: Grant[]
  permissions: string[]
  /** full, or stage: a paired device that may only show one room's stage */
  scope?: 'full' | 'stage'
  /** The room of a stage device */
  room?: string
  /** The role that is being tried out in a demo, "" for one's own */
  acting?: string
  demo: boolean
  version: string
}

export type Nature = 'real' | 'simulated' | 'replayed' | 'rehearsed'
export type ShowStatus = 'none' | 'planned' | 'on_air' | 'ended' | 'cancelled'

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
  started_at: number
  starts_at?: number
  show?: string
  /** Kinds of actions that something connected to this room can perform */
  capabilities?: string[]
  language?: string
  category?: string
  /** Packs of compliance rules in force */
  packs?: string[]
  /** The account on the platform whose room it is */
  account?: string
}

export interface Words {
  zh: string
  en: string
}

/** S stated by a source text, E stated there only as an example, D our own default */
export type Mark = 'S' | 'E' | 'D'

export interface RuleRow extends Words {
  id: string
  group: string
  condition: Words
  value: Words
  window: Words
  action: Words
  /** Role codes */
  who: string[]
  via?: string
  source: string
  mark: Mark
  value_mark?: Mark | ''
  window_mark?: Mark | ''
}

export interface MetricRow extends Words {
  id: string
  group: string
  unit: string
  kind: 'count' | 'people' | 'ratio' | 'money' | 'seconds'
  live: boolean
  formula: Words
  notes?: Words
}

export interface RoleRow extends Words {
  id: string
  duties: Words
  permissions: string[]
  mark: Mark
}

export interface DocumentRow extends Words {
  id: string
  owner: string
  readers: string[]
  due: Words
  columns: (Words & { mark: Mark })[]
}

export interface Reference {
  rules: Record<string, RuleRow>
  metrics: Record<string, MetricRow>
  /** Metrics counted in another way, by ids like "M25.likes" */
  variants?: Record<string, MetricRow>
  roles: Record<string, RoleRow>
  documents: Record<string, DocumentRow>
  /** English for each law and article that a finding may rest on */
  citations?: Record<string, string>
  /** Steps of the SOP by the cause of their tasks ("sop:rehearsal") */
  steps?: Record<string, { zh: string; en: string }>
}

export interface CommandAnswer {
  /** Journal number at which it was applied */
  number: number
  applied: boolean
  refused: { code: string; why: string; about?: Record<string, string> } | null
  announced: unknown[]
}

export interface Pairing {
  code: string
  expires_at: number
  url: string
  qr_svg: string
}
