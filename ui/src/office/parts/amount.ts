/** Reading what people type into money and length fields. */
import { exponentOf } from '@/i18n/format'

/** "1,299.50" or "¥59" as minor units; null when it is no amount or has more decimals than the currency. */
export function parseMoney(text: string, currency: string): number | null {
  const clean = text.replace(/[\s,，¥￥$€£]/g, '')
  const digits = exponentOf(currency)
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(clean)
  if (!match) return null
  const decimals = match[2] ?? ''
  if (decimals.length > digits) return null
  return Number(match[1]) * 10 ** digits + Number(decimals.padEnd(digits, '0') || 0)
}

/** Minor units as typed: "59", "59.9" becomes "59.90"; no sign, no separators. */
export function typedMoney(minor: number, currency: string): string {
  const digits = exponentOf(currency)
  return minor % 10 ** digits === 0 ? String(minor / 10 ** digits) : (minor / 10 ** digits).toFixed(digits)
}

/** "12" (minutes), "12:30", "1:05:00" as seconds; null when it is no length or over a day. */
export function parseLength(text: string): number | null {
  const clean = text.trim().replace(/：/g, ':')
  if (!/^\d{1,4}(:\d{1,2}){0,2}$/.test(clean)) return null
  const parts = clean.split(':').map(Number)
  if (parts.slice(1).some((part) => part > 59)) return null
  const [a = 0, b = 0, c = 0] = parts
  const seconds = parts.length === 3 ? a * 3600 + b * 60 + c : a * 60 + b
  return seconds <= 86_400 ? seconds : null
}

/** Seconds as typed: "12:30", "1:05:00". */
export function typedLength(seconds: number): string {
  const mm = Math.floor((seconds % 3600) / 60)
  const ss = String(seconds % 60).padStart(2, '0')
  const h = Math.floor(seconds / 3600)
  return h > 0 ? `${h}:${String(mm).padStart(2, '0')}:${ss}` : `${mm}:${ss}`
}
