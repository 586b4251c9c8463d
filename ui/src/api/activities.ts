/** Activities (F28): what the office asks and saves. */
import { get, path, post } from './client'
import { newId } from './commands'
import type { OfficeReceipt } from './office'
import type { CalendarShow } from './planning'

export const ACTIVITY_STATES = ['draft', 'ready', 'done', 'cancelled'] as const
export const ANSWERS = ['asked', 'agreed', 'declined'] as const
export type ActivityState = (typeof ACTIVITY_STATES)[number]
export type Answered = (typeof ANSWERS)[number]

export interface ActivityStep { at?: string; what: string; who?: string }
export interface ActivityGuest { name: string; brings?: string; fee?: number; state?: Answered; show?: string }
export interface ActivityPartner { name: string; brings?: string; pays?: number; state?: Answered }
/** `spent` -1: not known yet */
export interface BudgetLine { what: string; planned?: number; spent?: number }

export interface ActivitySums { planned: number; known: number; spent: number | null; paid_in: number; sold: number | null; reached: number | null }

export interface Activity {
  activity: string
  title: string
  theme: string
  goal: string
  /** null: hidden from who lacks the permission `money` */
  sales_goal: number | null
  currency: string
  starts_on: string
  ends_on: string
  owner: string
  state: ActivityState
  steps: ActivityStep[]
  guests: ActivityGuest[]
  partners: ActivityPartner[]
  resources: string[]
  budget: BudgetLine[]
  shows: string[]
  summary: string
  version: number
  entries: CalendarShow[]
  /** null as above */
  sums: ActivitySums | null
}

const of = (address: string, brand: string, more = ''): string => `${address}?brand=${encodeURIComponent(brand)}${more}`

export const loadActivities = (brand: string, signal?: AbortSignal, days?: { first: string; last: string }): Promise<{ activities: Activity[]; today: string }> =>
  get(of('/api/activities', brand, days ? `&first=${days.first}&last=${days.last}` : ''), signal)
export const saveActivity = (brand: string, activity: Omit<Activity, 'entries' | 'sums'>): Promise<OfficeReceipt & { activity: string }> =>
  post(of('/api/activities', brand), { ...activity, sales_goal: activity.sales_goal ?? 0, version: activity.version + 1, command: newId() })
export const activityPrint = (brand: string, id: string, lang: string): string => of(`${path('api', 'activities', id)}/print`, brand, `&lang=${lang}`)
export const activitySheet = (brand: string, id: string, lang: string): string => of(path('api', 'activities', `${id}.xlsx`), brand, `&lang=${lang}`)
