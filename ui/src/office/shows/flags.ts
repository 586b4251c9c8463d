/** What compliance found in the texts of a plan: titles, selling points, talk tracks. */
import type { Draft } from './plan'

export interface TextFlag {
  where: string
  /** A segment, a product, or the show itself */
  subject: string
  word: string
  severity: string
  basis?: string
  advice?: string
  advice_en?: string
}

const WHERE = new Set(['script', 'title'])

/** The findings about plans among events or views of events. */
export function flagsOf(found: readonly unknown[]): TextFlag[] {
  return found.filter((item): item is TextFlag => {
    const flag = item as Partial<TextFlag> & { kind?: string }
    return typeof item === 'object' && item !== null && (flag.kind ?? 'TextFlagged') === 'TextFlagged' && WHERE.has(flag.where ?? '') && typeof flag.subject === 'string'
  })
}

/** Whether the words found still stand in the plan: a finding is gone as soon as the text is mended. */
export function stillThere(flag: TextFlag, draft: Draft): boolean {
  const segment = draft.segments.find((item) => item.segment === flag.subject)
  if (segment) return segment.talk_track.includes(flag.word)
  const card = draft.products.find((item) => item.product === flag.subject)
  if (card) return [card.name, ...(card.selling_points ?? [])].join('；').includes(flag.word)
  return flag.subject === draft.show && (flag.where === 'script' || draft.title.includes(flag.word))
}
