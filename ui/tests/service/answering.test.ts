import { describe, expect, it } from 'vitest'
import { answerId, answerTaken } from '@/service/answering'

describe('the id of an answer', () => {
  it('stays until the answer was taken, so that a second press sends nothing twice', () => {
    const first = answerId('r k', 'hello')
    expect(answerId('r k', 'hello')).toBe(first)
    answerTaken('r k', 'hello')
    expect(answerId('r k', 'hello')).not.toBe(first)
  })

  it('is another when the words, the card or the conversation is another', () => {
    const first = answerId('r a', 'hello')
    expect(answerId('r b', 'hello')).not.toBe(first)
    expect(answerId('r a', 'hello')).toBe(first)
    expect(answerId('r a', 'hello', 'coat')).not.toBe(first)
    expect(answerId('r a', 'hello!')).not.toBe(first)
    expect(answerId('r a', 'hello')).not.toBe(first)
  })
})
