/** What a new team has done of what leads to its first month. */
import { session } from '@/app/session'
import { get } from './client'
import { query } from './planning'

export type FirstStep = 'room' | 'people' | 'products' | 'shows' | 'goals' | 'roster' | 'selection' | 'script' | 'rehearsal' | 'run' | 'next'

export interface FirstSteps {
  steps: { step: FirstStep; count: number }[]
  /** The next planned show, "" without one */
  room: string
  show: string
}

export const loadFirstSteps = (signal?: AbortSignal): Promise<FirstSteps> => get(query('/api/first-steps', { brand: session.value?.brands[0]?.brand ?? '' }), signal)
