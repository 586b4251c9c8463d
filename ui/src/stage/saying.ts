/** What the host has to read: the act big, the reason small. */

export interface Saying {
  act: string
  why: string
}

/** "UV value ¥0.62, below ¥0.80: strengthen the close" is reason and act; without a colon all of it is the act. */
export function splitSaying(text: string): Saying {
  const match = /^(.+?)(?:：|:\s)(.+)$/su.exec(text)
  const [why, act] = [match?.[1]?.trim() ?? '', match?.[2]?.trim() ?? '']
  if (!why || !act) return { act: text, why: '' }
  return { act: act.charAt(0).toUpperCase() + act.slice(1), why }
}
