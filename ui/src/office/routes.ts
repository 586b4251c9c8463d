/** The pages of the office and the entries of its side navigation, in the order they are shown. */
import type { RouteRecordRaw } from 'vue-router'
import type { MessageKey } from '@/i18n'

export interface OfficeSection {
  /** Route name */
  name: string
  label: MessageKey
}

export const officeSections: OfficeSection[] = [{ name: 'office', label: 'office.nav.index' }]

export const officeRoutes: RouteRecordRaw[] = [{ path: '', name: 'office', component: () => import('./OfficeIndex.vue') }]
