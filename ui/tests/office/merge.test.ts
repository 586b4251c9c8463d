import { describe, expect, it } from 'vitest'
import { merged, mergedOrder, mergedText, takeTheirs } from '@/office/shows/merge'
import { copyOf, draftOf, type Draft } from '@/office/shows/plan'
import { reflow } from '@/office/shows/rundown'
import { segment, show } from './made'

const base: Draft = {
  ...draftOf(show()),
  title: 'Base',
  segments: reflow([segment('a', 60, { talk_track: 'one\ntwo\nthree' }), segment('b', 120), segment('c', 30), segment('d', 90)]),
  products: [{ product: 'p', name: 'P' }, { product: 'q', name: 'Q' }],
  goals: { M41: 100 },
  carried: ['i1'],
}
const changed = (id: string, part: object, from: Draft = base): Draft => ({ ...copyOf(from), segments: reflow(copyOf(from).segments.map((item) => (item.segment === id ? { ...item, ...part } : item))) })
const of = (draft: Draft, id: string): Draft['segments'][number] => draft.segments.find((item) => item.segment === id)!
const ids = (draft: Draft): string[] => draft.segments.map((item) => item.segment)

describe('two people edit one plan', () => {
  it('keeps what each did, in different segments and in different fields of one', () => {
    const theirs = { ...changed('b', { title: 'theirs', duration_s: 200 }), goals: { M41: 100, M03: 5 }, carried: ['i1', 'i2'] }
    const mine = { ...changed('b', { host: 'mine' }), title: 'Mine', carried: [] }
    const after = merged(base, theirs, mine)
    expect(after.clashes).toEqual([])
    expect(of(after.draft, 'b')).toMatchObject({ title: 'theirs', duration_s: 200, host: 'mine' })
    expect(of(after.draft, 'd').offset_s).toBe(290)
    expect(after.draft).toMatchObject({ title: 'Mine', goals: { M41: 100, M03: 5 }, carried: ['i2'] })
  })

  it('asks where both wrote something else, and keeps mine until then', () => {
    const after = merged(base, changed('c', { title: 'theirs' }), changed('c', { title: 'mine' }))
    expect(after.clashes).toEqual([{ id: 'c', field: 'title', title: 'mine', mine: 'mine', theirs: 'theirs' }])
    expect(of(after.draft, 'c').title).toBe('mine')
    expect(of(takeTheirs(after.draft, after.clashes[0]!), 'c').title).toBe('theirs')
  })

  it('joins two edits of one talk track that do not touch', () => {
    const after = merged(base, changed('a', { talk_track: 'ONE\ntwo\nthree' }), changed('a', { talk_track: 'one\ntwo\nthree\nfour' }))
    expect(after.clashes).toEqual([])
    expect(of(after.draft, 'a').talk_track).toBe('ONE\ntwo\nthree\nfour')
    expect(mergedText('x\ny', 'X\ny', 'Z\ny')).toBeNull()
    expect(mergedText('one', 'one\ntwo', 'one\nthree')).toBeNull()
    expect(mergedText('a\nb\nc\nd', 'a\nc\nd', 'a\nb\nc\nD')).toBe('a\nc\nD')
  })

  it('keeps additions and moves of both', () => {
    const theirs = { ...copyOf(base), segments: reflow([segment('t', 10), ...copyOf(base.segments)]) }
    const mine = { ...copyOf(base), segments: reflow([base.segments[3]!, base.segments[0]!, base.segments[1]!, segment('m', 5), base.segments[2]!].map(copyOf)) }
    const after = merged(base, theirs, mine)
    expect(after.clashes).toEqual([])
    expect(ids(after.draft)).toEqual(['t', 'd', 'a', 'b', 'm', 'c'])
    expect(mergedOrder(['a', 'b'], ['b', 'a'], ['a', 'x', 'b'], new Set(['a', 'b', 'x']))).toEqual(['b', 'a', 'x'])
  })

  it('never drops what the other was just working on', () => {
    const without: Draft = { ...copyOf(base), segments: reflow(copyOf(base.segments).filter((item) => item.segment !== 'b')) }
    const gone = merged(base, without, copyOf(base))
    expect(ids(gone.draft)).toEqual(['a', 'c', 'd'])
    expect(gone.clashes).toEqual([])
    const kept = merged(base, without, changed('b', { title: 'worked on' }))
    expect(ids(kept.draft)).toContain('b')
    expect(kept.clashes.map((item) => [item.id, item.field])).toEqual([['b', 'removed']])
    expect(ids(takeTheirs(kept.draft, kept.clashes[0]!))).toEqual(['a', 'c', 'd'])
  })

  it('gives the same plan whoever saves first, when nothing clashes', () => {
    const one = changed('a', { title: 'one' })
    const two = { ...changed('d', { duration_s: 10 }), products: [...base.products, { product: 'r', name: 'R' }] }
    expect(merged(base, one, two).draft).toEqual(merged(base, two, one).draft)
    expect(merged(base, one, copyOf(base)).draft).toEqual(one)
    expect(merged(base, copyOf(base), two).draft).toEqual(two)
  })
})
