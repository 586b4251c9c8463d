/** Finding one reading among many. */
import type { Reading } from './types'

const WINDOWS = ['show', 'segment', '15m', '5m', '1m']

/** The reading of `metric`, in the first of `windows` that is told (whole show first when not given). */
export function findReading(
  readings: readonly Reading[] | undefined,
  metric: string,
  windows: readonly string[] = WINDOWS,
): Reading | undefined {
  for (const window of windows) {
    const found = readings?.find((reading) => reading.metric === metric && reading.window === window)
    if (found) return found
  }
  return undefined
}

/** Room ms since the newest input, null when there was none. */
export function ageOf(reading: Reading, now: number): number | null {
  return reading.at > 0 ? Math.max(0, now - reading.at) : null
}
