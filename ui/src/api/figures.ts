/** Every live metric of a room over one window of one scope. */
import type { Reading } from '@/live/types'
import { get, path, withQuery } from './client'

export const FIGURE_WINDOWS = ['1m', '5m', '15m', 'segment', 'show'] as const
export type FigureWindow = (typeof FIGURE_WINDOWS)[number]

/** M39: paid orders per 10 s, from the start of the talks, and from six minutes before their end to one after it. */
export interface Showcase {
  product: string
  talks: number
  /** Room ms; 0 when no talk goes on */
  started_at: number
  from_start: number[]
  to_end: number[]
}

export interface Figures {
  room: string
  currency: string
  now: number
  show: string
  window: FigureWindow
  scope: string
  segments: string[]
  products: string[]
  sources: string[]
  figures: (Reading & { age_ms: number | null })[]
  showcase: Showcase | null
  /** Not told while a show runs, and why */
  not_live: { metric: string; why: { zh: string; en: string } }[]
}

/** `scope`: "room", "segment:ID", "product:ID" or "source:VIA". */
export const getFigures = (room: string, window: FigureWindow, scope: string, signal?: AbortSignal): Promise<Figures> =>
  get(withQuery(path('api', 'rooms', room, 'figures'), { window, scope }), signal)
