import { describe, expect, it } from 'vitest'
import { flagsOf, stillThere } from '@/office/shows/flags'
import { comingShow, commandsFor, copyOf, draftOf, freeImprovements, lastShow, nextDraft, nextStart, openImprovements, planDifferences } from '@/office/shows/plan'
import { differences, isTight, moved, reflow, totalSeconds } from '@/office/shows/rundown'
import { speakingSeconds, spokenSize } from '@/office/shows/talk'
import { improvement, segment, show } from './made'

const ids = (segments: { segment: string }[]): string[] => segments.map((item) => item.segment)
const offsets = (segments: { offset_s: number }[]): number[] => segments.map((item) => item.offset_s)

describe('the rundown', () => {
  const three = reflow([segment('a', 60), segment('b', 120), segment('c', 30)])

  it('puts segments end to end', () => {
    expect(offsets(three)).toEqual([0, 60, 180])
    expect(totalSeconds(three)).toBe(210)
    expect(isTight(three)).toBe(true)
    expect(isTight([segment('a', 60), segment('b', 60, { offset_s: 90 })])).toBe(false)
  })

  it('moves a segment and reflows', () => {
    const next = moved(three, 2, 0)
    expect(ids(next)).toEqual(['c', 'a', 'b'])
    expect(offsets(next)).toEqual([0, 30, 90])
    expect(ids(moved(three, 0, 99))).toEqual(['b', 'c', 'a'])
  })

  it('leaves what has run where it is', () => {
    expect(ids(moved(three, 0, 2, 1))).toEqual(['a', 'b', 'c'])
    expect(ids(moved(three, 2, 0, 1))).toEqual(['a', 'c', 'b'])
  })

  it('tells what somebody else did, without the shifts it caused', () => {
    const four = reflow([...three, segment('d', 45)])
    const theirs = reflow([segment('new', 10), segment('d', 45), segment('a', 60), segment('c', 30, { title: 'changed' })])
    expect(differences(four, theirs)).toEqual([
      { kind: 'removed', title: 'B' },
      { kind: 'added', title: 'NEW' },
      { kind: 'moved', title: 'D' },
      { kind: 'changed', title: 'changed' },
    ])
    expect(differences(three, three)).toEqual([])
  })
})

describe('a talk track', () => {
  it('counts characters, digits and words', () => {
    expect(spokenSize('全场 9.9 元 buy two get one')).toEqual({ characters: 5, words: 4 })
    expect(spokenSize('')).toEqual({ characters: 0, words: 0 })
  })

  it('takes its characters at the pace', () => {
    expect(speakingSeconds('好'.repeat(240), 240)).toBe(60)
    expect(speakingSeconds('好'.repeat(240), 300)).toBe(48)
    expect(speakingSeconds('', 240)).toBe(0)
  })
})

describe('the next plan', () => {
  const all = [improvement('i1', 'proposed'), improvement('i2', 'accepted'), improvement('i3', 'carried'), improvement('i4', 'done'), improvement('i5', 'rejected')]

  it('takes up every open improvement', () => {
    expect(openImprovements(all).map((item) => item.improvement)).toEqual(['i1', 'i2', 'i3'])
    expect(nextDraft(null, all, [], 5_000, 'New').carried).toEqual(['i1', 'i2', 'i3'])
  })

  it('leaves to another plan what it took up, and takes up anew what an ended show left open', () => {
    const plans = [show({ show: 'p', carried: ['i3'] }), show({ show: 'e', status: 'ended', carried: ['i2'] })]
    expect(freeImprovements(all, plans).map((item) => item.improvement)).toEqual(['i1', 'i2'])
    expect(comingShow(plans)?.show).toBe('p')
  })

  it('takes over rundown and goals under new ids', () => {
    const last = show({ status: 'ended', carried: ['old'] })
    const draft = nextDraft(last, all, [last], last.starts_at, 'Evening')
    expect(draft.show).not.toBe(last.show)
    expect(draft.segments.map((item) => item.title)).toEqual(['A', 'B'])
    expect(ids(draft.segments)).not.toContain('a')
    expect(draft.goals).toEqual({ M41: 100 })
    expect(draft.carried).not.toContain('old')
  })

  it('begins at the same time of day, at least half an hour ahead', () => {
    const day = 86_400_000
    expect(nextStart(10 * day, 10 * day + 5)).toBe(11 * day)
    expect(nextStart(10 * day, 11 * day - 60_000)).toBe(12 * day)
    expect(nextStart(0, 1)).toBe(3_600_000)
  })

  it('comes after what runs, else after what ended last', () => {
    const ended = show({ show: 'e', status: 'ended', ended_at: 9 })
    expect(lastShow([show({ show: 'p' }), ended, show({ show: 'e2', status: 'ended', ended_at: 5 })])?.show).toBe('e')
    expect(lastShow([ended, show({ show: 'o', status: 'on_air' })])?.show).toBe('o')
    expect(lastShow([])).toBeNull()
  })
})

describe('saving a plan', () => {
  const base = draftOf(show())

  it('plans a new show whole', () => {
    expect(commandsFor(null, base, 'planned', 0)).toEqual([{ kind: 'ShowPlanned', ...base }])
  })

  it('changes only the rundown where only it changed, on top of the version that was seen', () => {
    const draft = copyOf(base)
    draft.segments[0]!.title = 'other'
    expect(commandsFor(base, draft, 'planned', 3)).toEqual([{ kind: 'RundownChanged', show: 's1', version: 4, segments: draft.segments }])
  })

  it('plans anew when goals or title changed before the start, on top of the version that was seen', () => {
    expect(commandsFor(base, { ...copyOf(base), title: 'x' }, 'planned', 3)).toEqual([{ kind: 'ShowPlanned', ...base, title: 'x', version: 4 }])
  })

  it('says what another changed', () => {
    const theirs = { ...copyOf(base), title: 'theirs', goals: { M41: 7 } }
    expect(planDifferences(base, theirs).map((change) => change.kind)).toEqual(['title', 'goals'])
    expect(planDifferences(base, copyOf(base))).toEqual([])
  })

  it('sends rundown before lineup on air, and nothing that did not change', () => {
    const draft = { ...copyOf(base), products: [{ product: 'p', name: 'P' }], segments: [base.segments[0]!] }
    expect(commandsFor(base, draft, 'on_air', 3).map((command) => [command.kind, command['version']])).toEqual([['RundownChanged', 4], ['LineupChanged', 5]])
    expect(commandsFor(base, copyOf(base), 'on_air', 3)).toEqual([])
  })
})

describe('findings of compliance', () => {
  const draft = { ...draftOf(show()), segments: [segment('a', 60, { talk_track: '最有效' })] }
  const flag = { kind: 'TextFlagged', where: 'script', subject: 'a', word: '最有效', severity: 'block' }

  it('are those about plans', () => {
    expect(flagsOf([flag, { ...flag, where: 'comment' }, { kind: 'CommandApplied' }, null])).toEqual([flag])
  })

  it('are gone once the text is mended', () => {
    expect(stillThere(flag, draft)).toBe(true)
    expect(stillThere(flag, { ...draft, segments: [segment('a', 60, { talk_track: '好用' })] })).toBe(false)
    expect(stillThere({ ...flag, subject: 'gone' }, draft)).toBe(false)
  })
})
