/** How long a talk track takes to say. */

/** Chinese characters a minute; a live host speaks faster than a newsreader. Our default is the middle one. */
export const PACES = [200, 240, 300] as const
export type Pace = (typeof PACES)[number]

/** One English word takes about as long as this many Chinese characters. */
const CHARACTERS_PER_WORD = 1.6

/** What is to be said: characters of Chinese (digits counted one by one) and words of other scripts. */
export function spokenSize(text: string): { characters: number; words: number } {
  const characters = text.match(/\p{Script=Han}|\d/gu)?.length ?? 0
  const words = text.replace(/\p{Script=Han}|\d/gu, ' ').match(/[\p{L}]+/gu)?.length ?? 0
  return { characters, words }
}

/** Seconds that saying `text` takes at `pace` characters a minute, rounded up. */
export function speakingSeconds(text: string, pace: number): number {
  const { characters, words } = spokenSize(text)
  return Math.ceil(((characters + words * CHARACTERS_PER_WORD) / pace) * 60)
}
