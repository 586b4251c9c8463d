/** Frames of the live push: all sections at first, then those that changed. */
import type { Snapshot } from './types'

export interface Frame {
  number: number
  now: number
  rate: number
  /** `part` or `part.field` to its value */
  changed: Record<string, unknown>
}

/** Builds the whole picture out of frames; `reset` when a new connection begins. */
export class Picture {
  private whole: Record<string, unknown> = {}

  reset(): void {
    this.whole = {}
  }

  /** The picture with the frame's sections in place; parts that did not change keep their identity. */
  apply(frame: Frame): Partial<Snapshot> {
    const next: Record<string, unknown> = { ...this.whole, number: frame.number, now: frame.now, rate: frame.rate }
    const copied = new Set<string>()
    for (const [section, value] of Object.entries(frame.changed)) {
      const dot = section.indexOf('.')
      if (dot < 0) {
        next[section] = value
        continue
      }
      const part = section.slice(0, dot)
      if (!copied.has(part)) {
        next[part] = { ...((next[part] as object | undefined) ?? {}) }
        copied.add(part)
      }
      ;(next[part] as Record<string, unknown>)[section.slice(dot + 1)] = value
    }
    this.whole = next
    return next as Partial<Snapshot>
  }
}
