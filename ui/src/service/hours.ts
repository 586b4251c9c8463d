/** Minutes after midnight as a clock, and back; beyond midnight the clock begins anew. */

export function clockOf(minutes: number): string {
  const inside = minutes % 1440
  return `${String(Math.floor(inside / 60)).padStart(2, '0')}:${String(inside % 60).padStart(2, '0')}`
}

export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
