/** What the office asks about rosters, the team's stage and hand-overs. */
import { get, path, post, remove } from './client'
import type { OfficeReceipt } from './office'
import { query } from './planning'

export const ROSTER_ROLES = ['host', 'cohost', 'floor', 'console', 'cs'] as const
export const TIERS = ['head', 'potential', 'reserve'] as const

export interface RosterRow {
  roster: string
  title: string
  first: string
  days: number
  state: 'draft' | 'published'
  version: number
  /** -1: not proved for the roster as it stands */
  penalty: number
  bound: number
  seconds: number
}

export interface RosterPost {
  post: string
  role: string
  day: number
  /** Minutes from midnight before the first day */
  start: number
  end: number
  room: string
  title: string
  golden: boolean
  least: string
  wanted: string
  rehearsal_start: number
  rehearsal_end: number
  person: string
  pinned: boolean
}

export interface Violation {
  rule: string
  person: string
  post: string
  day: number
  value: number
  limit: number
  other: string
}

export interface RosterLoad {
  person: string
  name: string
  tier: string
  roles: string[]
  minutes: number
  golden: number
  fair_hours: number
  fair_golden: number
}

export interface EmptyPost {
  post: string
  reasons: { rule: string; people: string[] }[]
}

export interface RosterView {
  roster: RosterRow
  gap: number | null
  posts: RosterPost[]
  people: RosterLoad[]
  names: Record<string, string>
  violations: Violation[]
  penalty: number
  costs: Record<string, number>
  empties: EmptyPost[]
  wishes: { all: number; ungranted: Ungranted[] }
}

/** A wish that the roster does not meet; `reason` a rule, dearer, no_place, nobody_else or pinned */
export interface Ungranted {
  wish: string
  person: string
  day: number
  on: boolean
  weight: number
  reason: string
  post: string
  /** Minutes from midnight before the first day; 0 and 0: the whole day */
  start: number
  end: number
}

export interface Candidate {
  person: string
  violations: Violation[]
  minutes: number
  short: number
  strange: boolean
  unwanted: boolean
}

export interface SearchState {
  state: 'none' | 'running' | 'stopping' | 'stopped' | 'done' | 'failed'
  progress?: { penalty: number; bound: number | null; seconds: number; done: number } | null
  wrong?: string
  result?: { filled: number; penalty: number; bound: number | null; gap: number; seconds: number; finished: boolean } | null
}

export interface RosterLine {
  room: string
  weekdays: number[]
  start: number
  end: number
  roles: Record<string, number>
  special: boolean
}

export interface RosterPerson {
  person: string
  name: string
  roles: string[]
  tier: string
  categories: string[]
  rooms: string[]
  most_hours: number
  department: string
  /** 0: the rule of the roster */
  week_hours: number
  streak_days: number
}

export interface Wish {
  wish: string
  person: string
  day: string
  last: string
  on: boolean
  weight: number
  /** Minutes of the day; 0 and 0: the whole day */
  start: number
  end: number
}

export type NewWish = Omit<Wish, 'wish'>

export interface OwnShift {
  brand: string
  roster: string
  first: string
  plan: RosterPost
}

export interface Absence {
  absence: string
  person: string
  first: string
  last: string
  reason: string
}

export interface RosterPeople {
  people: RosterPerson[]
  absences: Absence[]
  wishes: Wish[]
}

export interface Doubling {
  rule: string
  verdict: 'forbidden' | 'doubtful'
  roles: string[]
}

export interface StageAnswer {
  stage: {
    shows: number
    sales: number | null
    people: number
    by_shows: string
    by_sales: string
    by_people: string
    posts_stage: string
    controls_stage: string
    posts: { roles: string[]; holders: string[] }[]
    departments: string[]
  }
  doublings: Record<string, Doubling[]>
  team: Doubling[]
  names: Record<string, string>
}

const at = (brand: string, ...parts: string[]): string => query(path('api', 'rosters', ...parts), { brand })

export const listRosters = (brand: string, signal?: AbortSignal): Promise<RosterRow[]> => get(query('/api/rosters', { brand }), signal)
export const makeRoster = (brand: string, body: { title: string; first: string; days: number; lines: RosterLine[]; shows: boolean }): Promise<OfficeReceipt & { roster: string }> => post(query('/api/rosters', { brand }), body)
export const loadRoster = (brand: string, roster: string, signal?: AbortSignal): Promise<RosterView> => get(at(brand, roster), signal)
export const dropRoster = (brand: string, roster: string): Promise<OfficeReceipt> => remove(at(brand, roster))
export const candidatesOf = (brand: string, roster: string, id: string, signal?: AbortSignal): Promise<Candidate[]> => get(at(brand, roster, 'posts', id), signal)
export const assign = (brand: string, roster: string, id: string, body: { person: string; version: number; pinned: boolean }): Promise<OfficeReceipt> => post(at(brand, roster, 'posts', id), body)
export const publishRoster = (brand: string, roster: string, version: number): Promise<OfficeReceipt> => post(at(brand, roster, 'publish'), { version })
export const startSearch = (brand: string, roster: string, seconds: number): Promise<SearchState> => post(at(brand, roster, 'search'), { seconds, gap: 0.05 })
export const searchState = (brand: string, roster: string, signal?: AbortSignal): Promise<SearchState> => get(at(brand, roster, 'search'), signal)
export const endSearch = (brand: string, roster: string, keep: boolean): Promise<SearchState> => remove(query(path('api', 'rosters', roster, 'search'), { brand, keep: String(keep) }))
export const acceptSearch = (brand: string, roster: string): Promise<OfficeReceipt> => post(at(brand, roster, 'search', 'accept'), {})
export const rosterPeople = (brand: string, signal?: AbortSignal): Promise<RosterPeople> => get(query('/api/roster/people', { brand }), signal)
export const saveProfile = (brand: string, person: RosterPerson): Promise<OfficeReceipt> =>
  post(query(path('api', 'roster', 'people', person.person), { brand }), { tier: person.tier, categories: person.categories, rooms: person.rooms, most_hours: person.most_hours, department: person.department, week_hours: person.week_hours, streak_days: person.streak_days })
export const saveAbsence = (brand: string, body: { person: string; first: string; last: string; reason: string }): Promise<OfficeReceipt> => post(query('/api/roster/absences', { brand }), body)
export const dropAbsence = (brand: string, absence: string): Promise<OfficeReceipt> => remove(query(path('api', 'roster', 'absences', absence), { brand }))
export const saveWish = (brand: string, body: NewWish): Promise<OfficeReceipt> => post(query('/api/roster/wishes', { brand }), body)
export const dropWish = (brand: string, wish: string): Promise<OfficeReceipt> => remove(query(path('api', 'roster', 'wishes', wish), { brand }))
export const myShifts = (signal?: AbortSignal): Promise<OwnShift[]> => get('/api/roster/mine', signal)
export const myWishes = (brand: string, first: string, signal?: AbortSignal): Promise<{ brand: string; wishes: Wish[]; absences: Absence[] }> => get(query('/api/roster/mine/wishes', { brand, first }), signal)
export const loadStage = (brand: string, signal?: AbortSignal): Promise<StageAnswer> => get(query('/api/team/stage', { brand }), signal)

export interface OpenDuties {
  duty: { room: string; role: string }[]
  tasks: { room: string; task: { task: string; title: string; cause?: string } }[]
  shifts: { roster: string; day: string }[]
}

export const openDuties = (person: string, signal?: AbortSignal): Promise<OpenDuties> => get(path('api', 'team', 'people', person, 'open'), signal)
export const handOver = (person: string, to: string): Promise<{ refused: { code: string; why: string }[] }> => post(path('api', 'team', 'people', person, 'handover'), { to })
export const doublingsOf = (brand: string, person: string, role: string, signal?: AbortSignal): Promise<{ stage: string; doublings: Doubling[] }> => get(query(path('api', 'team', 'people', person, 'doublings'), { brand, role }), signal)
