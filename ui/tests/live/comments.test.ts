import { describe, expect, it } from 'vitest'
import { CommentRing, flaggedWords, markWords, ratePerMinute } from '@/live/comments'
import type { Judgement } from '@/live/types'
import { comment, NOW } from '../fixture'

const question: Judgement = { label: 'question' }
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => comment(from + index))

describe('comment ring', () => {
  it('takes every comment once, in order', () => {
    const ring = new CommentRing()
    ring.take(range(0, 60), {})
    ring.take(range(30, 90), {})
    expect(ring.all.map((row) => row.comment.key)).toEqual(range(0, 90).map((one) => one.key))
  })

  it('stays bounded and counts what it let go', () => {
    const ring = new CommentRing(100)
    for (let from = 0; from < 3000; from += 50) ring.take(range(from, from + 60), {})
    expect(ring.all.length).toBe(100)
    expect(ring.all.at(-1)?.comment.key).toBe('k3009')
    expect(ring.lost).toBe(2910)
  })

  it('says when nothing changed, so that nothing is drawn', () => {
    const ring = new CommentRing()
    expect(ring.take(range(0, 3), { k1: question })).toBe(true)
    const rows = ring.all
    expect(ring.take(range(0, 3), { k1: { label: 'question' } })).toBe(false)
    expect(ring.all).toBe(rows)
  })

  it('fills a judgement in when it comes, and leaves the other rows as they are', () => {
    const ring = new CommentRing()
    ring.take(range(0, 3), {})
    const [first] = ring.all
    expect(ring.take(range(0, 3), { k1: question })).toBe(true)
    expect(ring.all[1]?.judgement).toEqual(question)
    expect(ring.all[0]).toBe(first)
  })

  it('keeps a judgement that the snapshot no longer carries', () => {
    const ring = new CommentRing()
    ring.take(range(0, 2), { k0: question })
    ring.take(range(1, 4), {})
    expect(ring.all[0]?.judgement).toEqual(question)
  })

  it('puts missed comments where they belong', () => {
    const ring = new CommentRing()
    ring.take(range(10, 12), {})
    ring.prepend(range(4, 11))
    expect(ring.all.map((row) => row.comment.key)).toEqual(range(4, 12).map((one) => one.key))
  })

  it('takes 3,000 comments a minute for ten minutes in well under a second', () => {
    const ring = new CommentRing()
    const started = performance.now()
    for (let from = 0; from < 30_000; from += 12) ring.take(range(from, from + 60), {})
    expect(performance.now() - started).toBeLessThan(1500)
    expect(ring.all.length).toBe(600)
  })
})

describe('rate', () => {
  it('counts the last minute', () => {
    const ring = new CommentRing()
    ring.take([comment(0, { when: NOW - 90_000 }), comment(1, { when: NOW - 30_000 }), comment(2, { when: NOW - 1000 })], {})
    expect(ratePerMinute(ring.all, NOW)).toBe(2)
  })

  it('scales what covers less than a minute, and is silent on too little', () => {
    const ring = new CommentRing()
    ring.take(Array.from({ length: 30 }, (_, index) => comment(index, { when: NOW - 30_000 + index * 1000 })), {})
    expect(ratePerMinute(ring.all, NOW)).toBe(60)
    expect(ratePerMinute([], NOW)).toBeNull()
    expect(ratePerMinute(ring.all.slice(-2), NOW)).toBeNull()
  })
})

describe('flagged words', () => {
  it('cuts the text at them', () => {
    expect(markWords('this is the best and BEST', ['best'])).toEqual([
      { text: 'this is the ', flagged: false },
      { text: 'best', flagged: true },
      { text: ' and ', flagged: false },
      { text: 'BEST', flagged: true },
    ])
  })

  it('takes the longer word and no signs of patterns', () => {
    expect(markWords('a+b c', ['a', 'a+b'])[0]).toEqual({ text: 'a+b', flagged: true })
    expect(markWords('plain', [])).toEqual([{ text: 'plain', flagged: false }])
  })

  it('reads them however the desk tells them', () => {
    expect(flaggedWords({ label: 'chat', flagged: ['x', 'y'] })).toEqual(['x', 'y'])
    expect(flaggedWords({ label: 'chat', flagged: 'x' })).toEqual(['x'])
    expect(flaggedWords({ label: 'chat', flagged: true })).toEqual([])
    expect(flaggedWords(null)).toEqual([])
  })
})
