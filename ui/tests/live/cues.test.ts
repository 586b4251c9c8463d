import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reference } from '@/api/reference'
import type { Reference } from '@/api/types'
import { setLanguage } from '@/i18n'
import { closedCues, cueAction, lifeLeft, openCues, stageCues } from '@/live/cues'
import { fillSaying, tellFacts } from '@/live/facts'
import { cue, NOW } from '../fixture'

const TABLES = {
  rules: { R001: { id: 'R001', zh: 'zh rule', en: 'Value low', action: { zh: 'zh act', en: 'strengthen the close' } } },
  metrics: { M45: { id: 'M45', zh: '', en: 'UV value', unit: 'money/viewer' }, M28: { id: 'M28', zh: '', en: 'CTR', unit: 'ratio' }, M03: { id: 'M03', zh: '', en: 'Views', unit: 'times' } },
  roles: {}, documents: {},
} as unknown as Reference

beforeEach(() => {
  setLanguage('en')
  reference.value = TABLES
})
afterEach(() => setLanguage('zh'))

describe('order of cues', () => {
  it('puts interrupting first, then priority, then what runs out first', () => {
    const cues = [cue({ cue: 'late', expires_at: NOW + 90_000 }), cue({ cue: 'soon', expires_at: NOW + 5_000 }), cue({ cue: 'high', priority: 90 }), cue({ cue: 'urgent', priority: 10, interrupting: true })]
    expect(openCues(cues).map((one) => one.cue)).toEqual(['urgent', 'high', 'soon', 'late'])
  })

  it('keeps answered, expired and judged cues apart, the newest first', () => {
    const cues = [cue({ cue: 'a', state: 'done', answered_at: NOW - 5 }), cue({ cue: 'b', state: 'expired', raised_at: NOW - 90_000 }), cue({ cue: 'c', state: 'judged', answered_at: NOW - 1 }), cue({ cue: 'd' })]
    expect(openCues(cues).map((one) => one.cue)).toEqual(['d'])
    expect(closedCues(cues).map((one) => one.cue)).toEqual(['c', 'a', 'b'])
  })

  it('shows the host only what is for hosts', () => {
    expect(stageCues([cue({ cue: 'h' }), cue({ cue: 'f', role: 'floor' }), cue({ cue: 'co', role: 'cohost' })]).map((one) => one.cue)).toEqual(['h', 'co'])
  })

  it('tells how much of its life is left', () => {
    expect(lifeLeft(cue({ raised_at: NOW, expires_at: NOW + 100 }), NOW + 25)).toBe(0.75)
    expect(lifeLeft(cue({ expires_at: 0 }), NOW)).toBeNull()
    expect(lifeLeft(cue({ raised_at: NOW - 100, expires_at: NOW - 50 }), NOW)).toBe(0)
  })
})

describe('words of a cue', () => {
  const low = { metric: 'M45', value: 62.4, M45: 62.4, bound: 80, window: '5m', sample: 1180, source: 'simulator' }

  it('fills the preset’s sentence in units people read', () => {
    const one = cue({ facts: low, say_en: 'value {value}, below {bound}: strengthen the close' })
    expect(cueAction(one)).toBe('Value ¥0.62, below ¥0.80: strengthen the close')
  })

  it('falls back to the rule’s action', () => {
    expect(cueAction(cue({}))).toBe('Strengthen the close')
    expect(cueAction(cue({ rule: 'R999' }))).toBe('R999')
  })

  it('says unverified where a figure is missing, never 0', () => {
    expect(fillSaying('stock {stock}', {})).toBe('stock unverified')
    expect(fillSaying('stock {stock}', { stock: 'unknown' })).toBe('stock unverified')
  })

  it('knows the unit of a bound by what it was compared with', () => {
    expect(fillSaying('{share} of {bound}', { metric: 'M03', M03: 40, share: 0.42, bound: 0.5 })).toBe('42.0% of 50.0%')
    expect(fillSaying('{value} < {bound}', { metric: 'M28', value: 0.021, bound: 0.024 })).toBe('2.10% < 2.40%')
    expect(fillSaying('{value}, usually {usual}', { metric: 'M03', value: 12, usual: 31.5, z: -3.2, bound: 3 })).toBe('12, usually 31.5')
    expect(fillSaying('{left} s', { left: 180, bound: 180 })).toBe('180 s')
  })

  it('lists facts once, with names and units, without ids', () => {
    const facts = tellFacts(low, 'CNY')
    expect(facts.map((fact) => `${fact.name} ${fact.value}`)).toEqual(['Per viewer ¥0.62', 'bound ¥0.80', 'window last 5 min', 'sample 1,180'])
  })

  it('tells the advice about a word in the language of the reader, the other one where there is none', () => {
    const said = (facts: Record<string, string>): string[] => tellFacts(facts).map((fact) => fact.value)
    expect(said({ advice: 'zh advice', advice_en: 'Say well liked' })).toEqual(['Say well liked'])
    expect(said({ advice: 'zh advice' })).toEqual(['zh advice'])
    setLanguage('zh')
    expect(said({ advice: 'zh advice', advice_en: 'Say well liked' })).toEqual(['zh advice'])
  })

  it('tells products by name', () => {
    expect(tellFacts({ next_product: 'p1' }, 'CNY', { p1: 'Cream' })[0]?.value).toBe('Cream')
  })
})
