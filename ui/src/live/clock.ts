/** Room time between two snapshots: it follows the stream's clock and its rate, never the wall clock of this device. */

/** How far (in real ms) the screen may be ahead of a snapshot before the snapshot wins at once. */
const TOLERANCE_MS = 1500

export class RoomClock {
  private anchorRoom = 0
  private anchorReal = 0
  private rate = 0
  private shown = 0

  /** Take a snapshot's `now` and `rate`, received at `real` (performance.now(), ms). */
  set(now: number, rate: number, real: number): void {
    const expected = this.at(real)
    this.anchorReal = real
    this.rate = rate
    // A snapshot a little behind what is shown is network jitter: hold the shown time instead of stepping back.
    const behind = expected - now
    const limit = TOLERANCE_MS * Math.max(1, rate)
    if (this.anchorRoom === 0 || behind <= 0 || behind > limit) {
      this.anchorRoom = now
      if (behind > limit) this.shown = now
    } else {
      // Close half of the distance with each snapshot; `shown` keeps it from running backwards.
      this.anchorRoom = now + behind / 2
    }
  }

  /** Room time at `real`, ms; 0 before the first snapshot. Never runs backwards except for a jump of the stream. */
  at(real: number): number {
    if (this.anchorRoom === 0) return 0
    const estimate = this.anchorRoom + Math.max(0, real - this.anchorReal) * this.rate
    this.shown = Math.max(this.shown, estimate)
    return this.shown
  }
}
