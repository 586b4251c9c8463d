import { afterEach, describe, expect, it } from 'vitest'
import { label, setLanguage, t } from '@/i18n'
import { formatByUnit, formatChange, formatClock, formatCompact, formatLeft, formatLength, formatMoney, formatNumber, formatPrice, formatRatio, formatSeconds, formatTime } from '@/i18n/format'

afterEach(() => setLanguage('zh'))

describe('numbers', () => {
  it('is exact below 100,000 and short above, in the words of the language', () => {
    setLanguage('zh')
    expect([99_999, 128_430, 1_234_567, 250_000_000].map(formatCompact)).toEqual(['99,999', '12.84\u4e07', '123.46\u4e07', '2.5\u4ebf'])
    setLanguage('en')
    expect([99_999, 128_430, 1_234_567].map(formatCompact)).toEqual(['99,999', '128.43K', '1.23M'])
  })

  it('keeps decimals only where they are asked for', () => {
    expect(formatNumber(1234.5)).toBe('1,235')
    expect(formatNumber(1234.5, 2)).toBe('1,234.5')
  })
})

describe('money', () => {
  it('comes from minor units of its currency', () => {
    expect(formatMoney(129_900)).toBe('¥1,299.00')
    expect(formatMoney(62)).toBe('¥0.62')
    expect(formatMoney(1299, 'JPY')).toBe('JP¥1,299')
    expect(formatMoney(-50)).toBe('−¥0.50')
    expect(formatMoney(100, 'THB')).toBe('THB 1.00')
  })

  it('gets short in tiles', () => {
    setLanguage('en')
    expect(formatMoney(13_428_300, 'CNY', true)).toBe('¥134.28K')
    expect(formatMoney(51_430, 'CNY', true)).toBe('¥514.30')
  })

  it('shows prices without needless zeros', () => {
    expect(formatPrice(5900)).toBe('¥59')
    expect(formatPrice(5990)).toBe('¥59.90')
  })
})

describe('time', () => {
  it('runs as a clock', () => {
    expect([0, 999, 61_000, 3_661_000, -12_000].map(formatClock)).toEqual(['00:00', '00:00', '01:01', '1:01:01', '−00:12'])
  })

  it('counts down so that 00:00 means over', () => {
    expect([1, 1000, 0, -500].map(formatLeft)).toEqual(['00:01', '00:01', '00:00', '00:00'])
  })

  it('is told in the room’s zone', () => {
    const moment = Date.UTC(2026, 10, 21, 12, 5, 9)
    expect(formatTime(moment)).toBe('20:05')
    expect(formatTime(moment, 'UTC')).toBe('12:05')
    expect(formatSeconds(moment, 'UTC')).toBe('12:05:09')
    expect(formatTime(0)).toBe('–')
    expect(formatTime(moment, 'Nowhere/Land')).toMatch(/^\d\d:\d\d$/)
  })

  it('is told in words', () => {
    setLanguage('en')
    expect([45, 120, 200, 7500].map(formatLength)).toEqual(['45 s', '2 min', '3 min 20 s', '2 h 5 min'])
  })
})

describe('units of metrics', () => {
  it('follows the metric table', () => {
    setLanguage('en')
    expect(formatByUnit(0.0712, 'ratio')).toBe('7.12%')
    expect(formatByUnit(0.164, 'ratio')).toBe('16.4%')
    expect(formatByUnit(62.4, 'money/viewer')).toBe('¥0.62')
    expect(formatByUnit(84, 's')).toBe('1 min 24 s')
    expect(formatByUnit(3.456, 'multiple')).toBe('3.46×')
    expect(formatByUnit(812, 'ms')).toBe('812 ms')
    expect(formatByUnit(18_920, 'times')).toBe('18,920')
  })

  it('shows shares and changes with their signs', () => {
    expect(formatRatio(0.5)).toBe('50.0%')
    expect(formatChange(-0.083)).toBe('−8.3%')
    expect(formatChange(0.12)).toBe('+12.0%')
  })
})

describe('texts', () => {
  it('fills places and chooses one or many', () => {
    setLanguage('en')
    expect(t('app.home.live_first', { n: 1 })).toBe('1 room on air')
    expect(t('app.home.live_first', { n: 3 })).toBe('3 rooms on air')
  })

  it('shows a code it does not know as it is', () => {
    expect(label('live.why', 'something_new')).toBe('something_new')
    expect(label('live.why', 'something_new', '')).toBe('')
    expect(label('live', 'constructor', 'safe')).toBe('safe')
  })
})
