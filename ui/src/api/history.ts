/** The history: boards over shows that have ended, and what is kept for how long. Moments are ms UTC, money minor units. */
import { get, request } from './client'
import type { Words } from './types'

export type By = 'show' | 'day' | 'room' | 'product' | 'source'

/** `value` null is unknown; `partial` is what the `known` of `shows` shows that told it come to */
export interface BoardFigure {
  value: number | null
  partial: number | null
  known: number
  shows: number
  why: string
  as_of: number
}

export interface BoardRow {
  group: string
  currency: string
  figures: Record<string, BoardFigure>
}

export interface Board {
  asked: { first: string; last: string; rooms: string[]; natures: string[] }
  board: {
    by: By
    metrics: string[]
    rows: BoardRow[]
    cues: { group: string; given: number; followed: number; useful: number; measured: number; waited_ms: number | null }[]
    comments: { group: string; label: string; count: number }[]
    shows: { room: string; show: string; title: string; nature: string; currency: string; day: string }[]
    made_at: number
    files: number
  }
  names: Record<string, string>
  definitions: Record<string, { zh: string; en: string; unit: string; formula: Words }>
}

export interface BoardQuestion {
  by: By
  first: string
  last: string
  room: string
}

function asked(question: BoardQuestion, more: Record<string, string> = {}): string {
  return new URLSearchParams({ by: question.by, first: question.first, last: question.last, rooms: question.room, ...more }).toString()
}

export const loadBoard = (question: BoardQuestion, signal?: AbortSignal): Promise<Board> => get<Board>(`/api/boards?${asked(question)}`, signal)
export const boardWorkbook = (question: BoardQuestion, lang: string): string => `/api/boards.xlsx?${asked(question, { lang })}`

export interface KeptClass {
  id: string
  zh: string
  en: string
  basis: Words
  mark: 'S' | 'D'
  days: number
}

export interface Hold {
  hold: string
  brand: string
  room: string
  why: string
  made_by: string
  made_at: number
  until: number
  lifted_at: number
}

export interface Erasure {
  erasure: string
  asked_by: string
  asked_at: number
  why: string
  state: 'running' | 'begun' | 'done'
  done_at: number
  changed: Record<string, number>
  /** Rooms (of a guest: brands) under a legal hold that came since. */
  held: string[]
  /** Rooms whose words are not counted yet. */
  behind: string[]
  /** Rooms with a show on air: it waits until that has ended */
  on_air: string[]
}

export interface Retention {
  classes: KeptClass[]
  due: { id: string; rows: Record<string, number>; files: number; held: number }[]
  unclassed: string[]
  holds: Hold[]
  erasures: Erasure[]
}

export interface FoundViewer {
  rooms: string[]
  comments: number
  gifts: number
  orders: number
  held: string[]
  on_air: string[]
}

export const loadRetention = (signal?: AbortSignal): Promise<Retention> => get<Retention>('/api/retention', signal)
export const placeHold = (room: string, why: string, until: number): Promise<Hold> => request('POST', '/api/retention/holds', { room, why, until })
export const liftHold = (hold: string): Promise<unknown> => request('DELETE', `/api/retention/holds/${encodeURIComponent(hold)}`)
export const previewErasure = (viewer: string, why: string): Promise<FoundViewer> => request('POST', '/api/retention/erasures/preview', { viewer, why })
export const askErasure = (viewer: string, why: string): Promise<{ erasure: string }> => request('POST', '/api/retention/erasures', { viewer, why })
/** A guest of activities is known by name alone. */
export const previewGuest = (name: string, why: string): Promise<{ activities: number; brands: string[] }> => request('POST', '/api/retention/erasures/preview', { kind: 'guest', viewer: name, why })
export const askGuestErasure = (name: string, why: string): Promise<{ erasure: string }> => request('POST', '/api/retention/erasures', { kind: 'guest', viewer: name, why })
