import { beforeEach, describe, expect, it } from 'vitest'
import type { RuleInForce } from '@/api/office'
import { reference } from '@/api/reference'
import type { Reference, RoomRow } from '@/api/types'
import { setLanguage } from '@/i18n'
import { matches } from '@/office/catalog/search'
import { columnsOf, figureName, knownColumns } from '@/office/debriefs/figures'
import { parseLength, parseMoney, typedLength, typedMoney } from '@/office/parts/amount'
import { chooseRoom } from '@/office/place'
import { kept, often, readable, typed, unitOf } from '@/office/rules/values'
import { fromField, toField } from '@/office/zoned'
import { reading } from '../fixture'

beforeEach(() => {
  setLanguage('en')
  reference.value = { rules: {}, metrics: { M28: { id: 'M28', zh: '', en: 'CTR', unit: 'ratio' }, M45: { id: 'M45', zh: '', en: 'UV value', unit: 'money/viewer' }, M41: { id: 'M41', zh: '', en: 'GMV', unit: 'money' } }, roles: {}, documents: {} } as unknown as Reference
})

describe('money as typed', () => {
  it.each([['59', 'CNY', 5900], ['1,299.5', 'CNY', 129950], ['¥0.01', 'CNY', 1], ['120', 'JPY', 120]])('%s %s is %d', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toBe(minor)
  })

  it.each([['', 'CNY'], ['-5', 'CNY'], ['1.234', 'CNY'], ['1.5', 'JPY'], ['abc', 'CNY']])('%s %s is no amount', (text, currency) => {
    expect(parseMoney(text, currency)).toBeNull()
  })

  it('comes back as it was', () => {
    expect(typedMoney(5990, 'CNY')).toBe('59.90')
    expect(typedMoney(5900, 'CNY')).toBe('59')
    expect(typedMoney(120, 'JPY')).toBe('120')
  })
})

describe('lengths as typed', () => {
  it.each([['12', 720], ['12:30', 750], ['1:05:00', 3900], ['0:45', 45], ['90', 5400]])('%s is %d s', (text, seconds) => {
    expect(parseLength(text)).toBe(seconds)
  })

  it.each(['', '12:60', '1:2:3:4', 'ten', '-1', '1500'])('%s is no length', (text) => {
    expect(parseLength(text)).toBeNull()
  })

  it('are told with seconds', () => {
    expect(typedLength(750)).toBe('12:30')
    expect(typedLength(3905)).toBe('1:05:05')
  })
})

describe('moments in a room’s time zone', () => {
  it.each([['Asia/Shanghai', '2026-11-21T20:00', Date.UTC(2026, 10, 21, 12)], ['America/New_York', '2026-07-01T09:30', Date.UTC(2026, 6, 1, 13, 30)], ['UTC', '2026-01-01T00:00', Date.UTC(2026, 0, 1)]])('%s %s', (zone, text, ms) => {
    expect(fromField(text, zone)).toBe(ms)
    expect(toField(ms, zone)).toBe(text)
  })

  it('takes each side of a clock change by its own offset', () => {
    expect(fromField('2026-03-29T01:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 0, 30))
    expect(fromField('2026-03-29T03:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30))
  })

  it('knows none', () => {
    expect(fromField('', 'UTC')).toBe(0)
    expect(toField(0, 'UTC')).toBe('')
  })
})

describe('values of a preset', () => {
  const rule = (metrics: string[], values: Record<string, number>): RuleInForce => ({ metrics, values }) as unknown as RuleInForce

  it('have the unit of what the rule compares', () => {
    expect(unitOf(rule(['M28'], { below: 0.024, recover: 0.03 }), 'below')).toBe('ratio')
    expect(unitOf(rule(['M28'], { below: 0.024, recover: 0.03 }), 'recover')).toBe('ratio')
    expect(unitOf(rule(['M45'], { below: 80 }), 'below')).toBe('money')
    expect(unitOf(rule([], { below: 50 }), 'below')).toBe('number')
    expect(unitOf(rule(['M06'], { minutes: 3, fall: 0.06, recover: 0.02 }), 'recover')).toBe('ratio')
    expect(unitOf(rule([], { every_s: 1200, recover: 600, always: 0 }), 'recover')).toBe('s')
    expect(unitOf(rule([], {}), 'always')).toBe('switch')
    expect(unitOf(rule([], {}), 'cooldown_s')).toBe('s')
  })

  it('are read and typed in people’s units, and kept as they were', () => {
    expect(readable(0.024, 'ratio', 'CNY')).toBe('2.40%')
    expect(typed(0.024, 'ratio', 'CNY')).toBe('2.4')
    expect(kept('2.4', 'ratio', 'CNY')).toBe(0.024)
    expect(typed(80, 'money', 'CNY')).toBe('0.8')
    expect(kept('0.8', 'money', 'CNY')).toBe(80)
    expect(kept('300', 's', 'CNY')).toBe(300)
    expect(kept('-1', 's', 'CNY')).toBeNull()
    expect(kept('', 's', 'CNY')).toBeNull()
  })

  it('would have fired so often, the unknown shows told apart', () => {
    const fired = (show: string, count: number | null, why = '', metric = '') => ({ show, count, why, metric, told: 1 })
    expect(often([fired('a', 3), fired('b', 0), fired('c', null, 'no_source', 'M45')])).toEqual({ shows: 2, fired: 1, times: 3, unknown: 1, why: 'no_source', metric: 'M45' })
    expect(often([fired('a', 0, 'no_offers')])).toMatchObject({ shows: 1, times: 0, unknown: 0, why: 'no_offers' })
    expect(often(null)).toEqual({ shows: 0, fired: 0, times: 0, unknown: 0, why: '', metric: '' })
  })
})

describe('small things', () => {
  it('finds products by every word', () => {
    const product = { brand: 'b', card: { product: 'SP001', name: 'Bamboo basket', keywords: ['basket'] }, currency: 'CNY', cost: 0, supplier: 'Green', commission_bp: 0, active: true }
    expect(matches(product, 'bamboo green')).toBe(true)
    expect(matches(product, 'bamboo steel')).toBe(false)
    expect(matches(product, '')).toBe(true)
  })

  it('begins with the room that was asked for, then the last one, then what is on air', () => {
    const rows = [{ room: 'a', name: 'A', status: 'ended' }, { room: 'b', name: 'B', status: 'on_air' }] as RoomRow[]
    expect(chooseRoom('a', 'b', rows)).toBe('a')
    expect(chooseRoom('x', 'a', rows)).toBe('a')
    expect(chooseRoom('', '', rows)).toBe('b')
    expect(chooseRoom('', '', [])).toBe('')
  })

  it('tells columns that nobody knows apart from those that somebody does', () => {
    const lines = [{ figures: [reading({ metric: 'M41', value: null }), reading({ metric: 'M28', value: 0.1 })] }, { figures: [reading({ metric: 'M41', value: null })] }]
    expect(columnsOf(lines)).toEqual(['M41', 'M28'])
    expect(knownColumns(lines)).toEqual({ known: ['M28'], unknown: ['M41'] })
    expect(figureName('M41.orders')).toBe('Paid orders')
    expect(figureName('M41')).not.toBe('')
  })
})
