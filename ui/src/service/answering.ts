/** The id of an answer: one press sent again, because nobody knows whether it arrived, is the same answer. */
import { newId } from '@/api/commands'

const open = new Map<string, string>()
const named = (conversation: string, words: string, product: string): string => JSON.stringify([conversation, words, product])

/** The id for these words in this conversation; the same until they were taken. */
export function answerId(conversation: string, words: string, product = ''): string {
  const name = named(conversation, words, product)
  const known = open.get(name)
  if (known) return known
  const made = newId()
  // Other words to this customer are another answer: nothing is kept of what was given up.
  for (const old of open.keys()) if ((JSON.parse(old) as string[])[0] === conversation) open.delete(old)
  open.set(name, made)
  return made
}

/** It was taken: the same words once more are meant. */
export function answerTaken(conversation: string, words: string, product = ''): void {
  open.delete(named(conversation, words, product))
}
