/** What the screens need to know of cues: which are open, for whom, how long yet, and in which words. */
import { ruleName, ruleRow } from '@/api/reference'
import { pick } from '@/i18n'
import { fillSaying, type Names } from './facts'
import type { CueView } from './types'

const OPEN: ReadonlySet<string> = new Set(['noticed', 'raised', 'delivered', 'seen'])

export const isOpen = (cue: CueView): boolean => OPEN.has(cue.state)

/** Open cues, the most urgent first: interrupting, then priority, then the one that runs out first. */
export function openCues(cues: readonly CueView[]): CueView[] {
  return cues
    .filter(isOpen)
    .sort(
      (a, b) =>
        Number(b.interrupting) - Number(a.interrupting) ||
        b.priority - a.priority ||
        (a.expires_at || Infinity) - (b.expires_at || Infinity) ||
        a.raised_at - b.raised_at,
    )
}

/** Answered, expired and judged cues, the newest first. */
export function closedCues(cues: readonly CueView[]): CueView[] {
  const last = (cue: CueView): number => Math.max(cue.answered_at, cue.raised_at)
  return cues.filter((cue) => !isOpen(cue)).sort((a, b) => last(b) - last(a))
}

const STAGE_ROLES = new Set(['host', 'cohost', 'virtual_host'])

/** Open cues that the host's screen shows, in the same order. */
export function stageCues(cues: readonly CueView[]): CueView[] {
  return openCues(cues).filter((cue) => STAGE_ROLES.has(cue.role))
}

/** What to do, in one sentence: the preset's with its figures, else the rule's action, else its name. */
export function cueAction(cue: CueView, currency = 'CNY', names: Names = {}): string {
  const saying = pick({ zh: cue.say_zh, en: cue.say_en })
  const text = saying ? fillSaying(saying, cue.facts, currency, names) : pick(ruleRow(cue.rule)?.action) || ruleName(cue.rule)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Why: the name of the rule. */
export const cueCause = (cue: CueView): string => ruleName(cue.rule)

/** Share of its life that is left, 1 to 0; null when it does not expire. */
export function lifeLeft(cue: CueView, now: number): number | null {
  if (cue.expires_at <= 0 || cue.expires_at <= cue.raised_at) return null
  return Math.min(1, Math.max(0, (cue.expires_at - now) / (cue.expires_at - cue.raised_at)))
}

/** Why a cue may be dismissed: codes that travel, words in i18n. */
export const REASONS = ['already_done', 'not_now', 'does_not_fit', 'data_wrong', 'too_often'] as const
