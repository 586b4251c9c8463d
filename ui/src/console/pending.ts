/**
 * Actions that were asked for and that the platform has not shown yet. The screen never pretends: a pressed
 * "pin" stays pending until the snapshot says so, and says when that takes too long.
 */
import { computed, reactive } from 'vue'
import type { Snapshot } from '@/live/types'

export interface Pending {
  /** What it changes, e.g. "pin:p1": one at a time */
  key: string
  since: number
  /** Asked, not yet shown after PATIENCE_MS */
  overdue: boolean
  shown: (snapshot: Snapshot) => boolean
}

export const PATIENCE_MS = 15_000
/** After this the wait is given up: the action is in the outbox, a person looks there. */
export const FORGET_MS = 120_000

export class PendingActions {
  private readonly items = reactive(new Map<string, Pending>())
  readonly count = computed(() => this.items.size)

  add(key: string, shown: (snapshot: Snapshot) => boolean, real: number): void {
    this.items.set(key, { key, since: real, overdue: false, shown })
  }

  remove(key: string): void {
    this.items.delete(key)
  }

  /** undefined when nothing is pending under `key`. */
  find(key: string): Pending | undefined {
    return this.items.get(key)
  }

  /** Compare with a snapshot at real time `real` (performance.now()). */
  check(snapshot: Snapshot, real: number): void {
    for (const [key, item] of this.items) {
      const age = real - item.since
      if (item.shown(snapshot) || age > FORGET_MS) this.items.delete(key)
      else if (age > PATIENCE_MS) item.overdue = true
    }
  }
}
