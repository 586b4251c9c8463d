/** The funnel in people, put together from the readings whose numerators and denominators tell its steps. */
import { findReading } from '@/live/readings'
import type { Reading } from '@/live/types'

export type Step = 'exposed' | 'entered' | 'seen' | 'clicked' | 'created' | 'paid'

export interface FunnelStep {
  step: Step
  /** null is unknown */
  count: number | null
  /** Share of the step before that came here; null is unknown */
  rate: number | null
  why: string
}

/** Each rate with the step it starts from and the step it leads to. */
const RATES: [metric: string, from: Step, to: Step][] = [
  ['M05', 'exposed', 'entered'],
  ['M26', 'entered', 'seen'],
  ['M27', 'seen', 'clicked'],
  ['M31', 'clicked', 'created'],
  ['M32', 'created', 'paid'],
]

/** What each step counts, and the rate that leads to it. */
export const STEP_METRICS: Readonly<Record<Step, { count: string; rate: string }>> = {
  exposed: { count: 'M01.people', rate: '' },
  entered: { count: 'M02', rate: 'M05' },
  seen: { count: 'M26', rate: 'M26' },
  clicked: { count: 'M27.people', rate: 'M27' },
  created: { count: 'M31.people', rate: 'M31' },
  paid: { count: 'M41.buyers', rate: 'M32' },
}

/** The six steps over the whole show; what nobody tells is null with its reason, never 0. */
export function funnelOf(readings: readonly Reading[]): FunnelStep[] {
  const counts = new Map<Step, number>()
  const rates = new Map<Step, Reading>()
  const direct: [string, Step][] = [['M02', 'entered']]
  for (const [metric, from, to] of RATES) {
    const reading = findReading(readings, metric, ['show'])
    if (!reading) continue
    rates.set(to, reading)
    if (reading.den !== null && !counts.has(from)) counts.set(from, reading.den)
    if (reading.num !== null && !counts.has(to)) counts.set(to, reading.num)
  }
  for (const [metric, step] of direct) {
    const value = findReading(readings, metric, ['show'])?.value
    if (value !== null && value !== undefined && !counts.has(step)) counts.set(step, value)
  }
  // M33 tells the last step where creating is not told apart from paying.
  const paid = findReading(readings, 'M33', ['show'])
  if (paid && !counts.has('paid') && paid.num !== null) counts.set('paid', paid.num)
  if (paid && !counts.has('clicked') && paid.den !== null) counts.set('clicked', paid.den)
  const steps: Step[] = ['exposed', 'entered', 'seen', 'clicked', 'created', 'paid']
  return steps.map((step) => {
    const reading = rates.get(step)
    return { step, count: counts.get(step) ?? null, rate: reading?.value ?? null, why: reading?.why || 'no_source' }
  })
}
