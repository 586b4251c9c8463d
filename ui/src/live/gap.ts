/** What the connection missed, told once it is back. */

export interface Gap {
  /** Seconds of room time for which no snapshot arrived */
  seconds: number
  /** Real moment (performance.now()) at which the connection was back */
  at: number
}

/**
 * The gap between the last snapshot before a loss and the first after it, or null when nothing was missed:
 * the same journal number means that nothing happened meanwhile.
 */
export function gapBetween(
  before: { now: number; number: number } | null,
  after: { now: number; number: number },
  real: number,
): Gap | null {
  if (before === null || after.number === before.number) return null
  const seconds = Math.round((after.now - before.now) / 1000)
  return seconds >= 1 ? { seconds, at: real } : null
}
