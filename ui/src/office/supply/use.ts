/** What the tabs of the supply share: the rule with its name, times of the brand, saving one thing. */
import { ruleName } from '@/api/reference'
import { enter } from '@/api/supply'
import { t } from '@/i18n'
import { formatLength } from '@/i18n/format'
import { orRefused } from '../notice'
import { rooms } from '../place'

const DAY_MS = 24 * 3_600_000

export const ruleTitle = (rule: string): string => t('office.supply.rule', { rule, name: ruleName(rule) })

/** The time zone of a brand's days: that of its first room. */
export const zoneOf = (brand: string): string => rooms.value?.find((row) => row.brand === brand)?.time_zone ?? 'Asia/Shanghai'

export const currencyOf = (brand: string): string => rooms.value?.find((row) => row.brand === brand)?.currency ?? 'CNY'

/** A length of time that may take days, in words. */
export const long = (ms: number): string => (ms >= DAY_MS ? t('office.supply.stock.days', { n: (ms / DAY_MS).toFixed(1) }) : formatLength(ms / 1000))

/** Say it and throw where it is refused. */
export const say = async (brand: string, door: 'files' | 'goods' | 'checks' | 'cases', kind: string, body: object): Promise<void> => {
  orRefused(await enter(brand, door, kind, body))
}

/** A whole number of at least 0 as typed; null where it is none; `empty` for nothing. */
export function whole(text: string, empty: number | null = null): number | null {
  if (text.trim() === '') return empty
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : null
}

export { todayIn as today } from '../zoned'

export const parts = (text: string): string[] => text.split(/[\n,，;；、|]/).map((one) => one.trim()).filter((one) => one !== '')
