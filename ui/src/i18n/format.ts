/** Figures as people read them: numbers, money, lengths of time, moments. Units are those of the metric table. */
import { language, locale, t } from '.'

const EXPONENT: Record<string, number> = { JPY: 0, KRW: 0, VND: 0 }
const SIGN: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', JPY: 'JP¥', HKD: 'HK$' }

const cache = new Map<string, Intl.NumberFormat>()

function numberFormat(digits: number, least: number = digits): Intl.NumberFormat {
  const key = `${locale.value}/${least}/${digits}`
  let format = cache.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale.value, { minimumFractionDigits: least, maximumFractionDigits: digits })
    cache.set(key, format)
  }
  return format
}

/** A whole or decimal number with thousands separators; `digits` is the most decimals shown. */
export function formatNumber(value: number, digits = 0): string {
  return numberFormat(digits, 0).format(value)
}

/** A number short enough for a tile: exact below 100,000, then 12.8万 or 128.4K. */
export function formatCompact(value: number): string {
  const size = Math.abs(value)
  if (size < 100_000) return formatNumber(value, size < 100 && !Number.isInteger(value) ? 2 : 0)
  const steps: [number, string][] =
    language.value === 'zh'
      ? [[1e8, '亿'], [1e4, '万']]
      : [[1e9, 'B'], [1e6, 'M'], [1e3, 'K']]
  for (const [step, sign] of steps) {
    if (size >= step) return numberFormat(2, 0).format(value / step) + sign
  }
  return formatNumber(value)
}

/** How many minor units make one of the currency, as a power of ten. */
export function exponentOf(currency: string): number {
  return EXPONENT[currency] ?? 2
}

export function currencySign(currency: string): string {
  return SIGN[currency] ?? `${currency} `
}

/** Money from minor units: "¥1,299.00"; `compact` drops the decimals from 1,000 on and shortens from 100,000 on. */
export function formatMoney(minor: number, currency = 'CNY', compact = false): string {
  const digits = exponentOf(currency)
  const major = minor / 10 ** digits
  const sign = major < 0 ? '−' : ''
  const size = Math.abs(major)
  if (compact && size >= 1000) return sign + currencySign(currency) + formatCompact(Math.round(size))
  return sign + currencySign(currency) + numberFormat(digits).format(size)
}

/** A price without needless zeros: "¥59", "¥59.90". */
export function formatPrice(minor: number, currency = 'CNY'): string {
  const digits = exponentOf(currency)
  const whole = minor % 10 ** digits === 0
  return currencySign(currency) + numberFormat(whole ? 0 : digits).format(minor / 10 ** digits)
}

/** A share 0..1 as "12.3%". */
export function formatRatio(value: number, digits = 1): string {
  return `${numberFormat(digits).format(value * 100)}%`
}

/** A relative change as "+12.3%" with a real minus sign. */
export function formatChange(value: number, digits = 1): string {
  const text = formatRatio(Math.abs(value), digits)
  return value < 0 ? `−${text}` : `+${text}`
}

/** A running clock from milliseconds: "04:05", "1:04:05"; below zero "−00:12". Whole seconds, rounded down. */
export function formatClock(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const total = Math.floor(Math.abs(ms) / 1000)
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = String(total % 60).padStart(2, '0')
  const mm = String(minutes).padStart(2, '0')
  return sign + (hours > 0 ? `${hours}:${mm}:${seconds}` : `${mm}:${seconds}`)
}

/** Time left until something: rounds up, so that "00:00" means over. Never negative. */
export function formatLeft(ms: number): string {
  return formatClock(Math.max(0, Math.ceil(ms / 1000) * 1000))
}

/** A length of time in words: "45 秒", "3 分 20 秒", "2 小时 5 分". */
export function formatLength(seconds: number): string {
  const total = Math.max(0, Math.round(seconds))
  if (total < 60) return t('live.length.s', { s: total })
  const m = Math.floor(total / 60)
  if (total < 3600) return total % 60 === 0 ? t('live.length.m', { m }) : t('live.length.ms', { m, s: total % 60 })
  const h = Math.floor(total / 3600)
  return t('live.length.hm', { h, m: Math.floor((total % 3600) / 60) })
}

const moments = new Map<string, Intl.DateTimeFormat>()

function momentFormat(zone: string, style: 'time' | 'seconds' | 'date'): Intl.DateTimeFormat {
  const key = `${locale.value}/${zone}/${style}`
  let format = moments.get(key)
  if (!format) {
    const options: Intl.DateTimeFormatOptions =
      style === 'date'
        ? { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }
        : { hour: '2-digit', minute: '2-digit', ...(style === 'seconds' ? { second: '2-digit' } : {}) }
    try {
      format = new Intl.DateTimeFormat(locale.value, { ...options, hourCycle: 'h23', timeZone: zone })
    } catch {
      format = new Intl.DateTimeFormat(locale.value, { ...options, hourCycle: 'h23' })
    }
    moments.set(key, format)
  }
  return format
}

/** A moment (ms UTC) as the time of day in the room's time zone: "20:05"; "–" for none (0). */
export function formatTime(ms: number, zone = 'Asia/Shanghai'): string {
  return ms > 0 ? momentFormat(zone, 'time').format(ms) : '–'
}

/** As formatTime with seconds. */
export function formatSeconds(ms: number, zone = 'Asia/Shanghai'): string {
  return ms > 0 ? momentFormat(zone, 'seconds').format(ms) : '–'
}

/** A moment with its date, in the room's time zone. */
export function formatDate(ms: number, zone = 'Asia/Shanghai'): string {
  return ms > 0 ? momentFormat(zone, 'date').format(ms) : '–'
}

/** The figure of a metric by its unit code (the metric table's). `compact` fits tiles. Money is in minor units. */
export function formatByUnit(value: number, unit: string, currency = 'CNY', compact = false): string {
  if (unit === 'money' || unit.startsWith('money/')) return formatMoney(Math.round(value), currency, compact)
  switch (unit) {
    case 'ratio':
      return formatRatio(value, Math.abs(value) < 0.1 ? 2 : 1)
    case 'multiple':
      return `${formatNumber(value, 2)}×`
    case 's':
      return value < 60 ? t('live.length.s', { s: formatNumber(value, value < 10 ? 1 : 0) }) : formatLength(value)
    case 'ms':
      return value < 10_000 ? `${formatNumber(value)} ms` : formatLength(value / 1000)
    case 'hours':
      return formatLength(value * 3600)
    default:
      return compact ? formatCompact(value) : formatNumber(value, Number.isInteger(value) ? 0 : 2)
  }
}
