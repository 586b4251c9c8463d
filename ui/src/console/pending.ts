/**
 * Actions that were asked for and that the platform has not shown yet. The screen never pretends: a pressed
 * "pin" stays pending until the snapshot says so. What others asked for is seen in the outbox of the snapshot.
 */
import { computed, reactive, shallowRef } from 'vue'
import type { OpenAction, Snapshot } from '@/live/types'

export type ShelfAction = 'PinProduct' | 'UnpinProduct' | 'ListProduct' | 'DelistProduct'

const SHELF: ReadonlySet<string> = new Set<ShelfAction>(['PinProduct', 'UnpinProduct', 'ListProduct', 'DelistProduct'])

/** What an action changes: one change of the same thing at a time. */
export function changeOf(kind: string, product: string): string {
  return `${kind === 'PinProduct' || kind === 'UnpinProduct' ? 'pin' : 'list'}:${product}`
}

/** Whether the platform shows what the action asked for. */
export function isShown(kind: ShelfAction, product: string, snapshot: Snapshot): boolean {
  const { pinned, listed } = snapshot.shows
  if (kind === 'PinProduct') return pinned === product
  if (kind === 'UnpinProduct') return pinned !== product
  return product in listed === (kind === 'ListProduct')
}

interface Asked {
  kind: ShelfAction
  product: string
  since: number
  /** When it was last seen in the outbox, 0 never */
  outAt: number
}

/** After leaving the outbox the platform's own word may take this long. */
export const GRACE_MS = 6_000
/** Asked, but never seen in the outbox: it was answered within one snapshot, or lost. */
export const FORGET_MS = 20_000

export type PendingState = 'pending' | 'uncertain'

export class PendingActions {
  private readonly asked = reactive(new Map<string, Asked>())
  private readonly out = shallowRef<ReadonlyMap<string, OpenAction>>(new Map())
  readonly count = computed(() => new Set([...this.asked.keys(), ...this.out.value.keys()]).size)

  add(kind: ShelfAction, product: string, real: number): void {
    this.asked.set(changeOf(kind, product), { kind, product, since: real, outAt: 0 })
  }

  remove(change: string): void {
    this.asked.delete(change)
  }

  /** undefined when nothing is on its way for this change. */
  state(change: string): PendingState | undefined {
    const open = this.out.value.get(change)
    if (open) return open.state === 'uncertain' ? 'uncertain' : 'pending'
    return this.asked.has(change) ? 'pending' : undefined
  }

  /** Compare with a snapshot at real time `real` (performance.now()). Returns what left without an effect. */
  check(snapshot: Snapshot, real: number): { kind: ShelfAction; product: string }[] {
    // A price or a coupon on its way says nothing of the place in the cart; what waits for the office is not on its way.
    const open = new Map(snapshot.outbox.actions.filter((one) => one.what.product && SHELF.has(one.kind) && one.state !== 'held' && one.state !== 'dead').map((one) => [changeOf(one.kind, one.what.product ?? ''), one]))
    if (open.size > 0 || this.out.value.size > 0) this.out.value = open
    const failed: { kind: ShelfAction; product: string }[] = []
    for (const [change, item] of this.asked) {
      if (open.has(change)) item.outAt = real
      else if (isShown(item.kind, item.product, snapshot)) this.asked.delete(change)
      else if (item.outAt > 0 ? real - item.outAt > GRACE_MS : real - item.since > FORGET_MS) {
        this.asked.delete(change)
        failed.push({ kind: item.kind, product: item.product })
      }
    }
    return failed
  }
}
