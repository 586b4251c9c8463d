/** The pages of the office and the entries of its side navigation, in the order they are shown. */
import type { RouteRecordRaw } from 'vue-router'
import type { MessageKey } from '@/i18n'

export interface OfficeSection {
  /** Route name */
  name: string
  label: MessageKey
  group: 'plan' | 'team' | 'system'
  /** Shown only to people who hold it; "" for everybody; any of several separated by "|" */
  permission: string
}

export const officeSections: OfficeSection[] = [
  { name: 'office', label: 'office.nav.rooms', group: 'plan', permission: '' },
  { name: 'office-calendar', label: 'office.nav.calendar', group: 'plan', permission: 'watch' },
  { name: 'office-shows', label: 'office.nav.shows', group: 'plan', permission: 'watch' },
  { name: 'office-activities', label: 'office.nav.activities', group: 'plan', permission: 'watch' },
  { name: 'office-goals', label: 'office.nav.goals', group: 'plan', permission: 'money' },
  { name: 'office-ads', label: 'ads.title', group: 'plan', permission: 'money' },
  { name: 'office-traffic', label: 'traffic.title', group: 'plan', permission: 'watch' },
  { name: 'office-debriefs', label: 'office.nav.debriefs', group: 'plan', permission: 'debrief' },
  { name: 'office-history', label: 'office.nav.history', group: 'plan', permission: 'debrief' },
  { name: 'office-catalog', label: 'office.nav.catalog', group: 'plan', permission: 'catalog' },
  { name: 'office-selection', label: 'office.nav.selection', group: 'plan', permission: 'catalog' },
  { name: 'office-orders', label: 'office.nav.orders', group: 'plan', permission: 'orders' },
  { name: 'office-handbook', label: 'office.nav.handbook', group: 'plan', permission: 'watch' },
  { name: 'office-replies', label: 'office.nav.replies', group: 'plan', permission: 'comments' },
  { name: 'office-stock', label: 'office.nav.stock', group: 'plan', permission: 'stock' },
  { name: 'office-supply', label: 'office.nav.supply', group: 'plan', permission: 'catalog|stock|orders' },
  { name: 'office-rules', label: 'office.nav.rules', group: 'team', permission: 'watch' },
  { name: 'office-compliance', label: 'office.nav.compliance', group: 'team', permission: 'watch' },
  { name: 'office-moderation', label: 'care.audit.title', group: 'team', permission: 'comments' },
  { name: 'office-roster', label: 'office.nav.roster', group: 'team', permission: 'plan' },
  { name: 'office-my-shifts', label: 'office.nav.my_shifts', group: 'team', permission: 'watch' },
  { name: 'office-people', label: 'office.nav.people', group: 'team', permission: '' },
  { name: 'office-connect', label: 'office.nav.connect', group: 'system', permission: 'run' },
  { name: 'office-actions', label: 'office.nav.actions', group: 'system', permission: 'watch' },
  { name: 'office-health', label: 'office.nav.health', group: 'system', permission: 'watch' },
  { name: 'office-audit', label: 'office.nav.audit', group: 'system', permission: 'audit' },
  { name: 'office-retention', label: 'office.nav.retention', group: 'system', permission: 'audit' },
]

export const officeRoutes: RouteRecordRaw[] = [
  { path: '', name: 'office', component: () => import('./rooms/RoomsPage.vue') },
  { path: 'calendar', name: 'office-calendar', component: () => import('./calendar/CalendarPage.vue') },
  { path: 'shows', name: 'office-shows', component: () => import('./shows/ShowsPage.vue') },
  { path: 'shows/new', name: 'office-show-new', component: () => import('./shows/ShowPage.vue'), meta: { section: 'office-shows' } },
  { path: 'shows/:show', name: 'office-show', component: () => import('./shows/ShowPage.vue'), props: true, meta: { section: 'office-shows' } },
  { path: 'activities', name: 'office-activities', component: () => import('./activities/ActivitiesPage.vue') },
  { path: 'activities/new', name: 'office-activity-new', component: () => import('./activities/ActivityPage.vue'), meta: { section: 'office-activities' } },
  { path: 'activities/:activity', name: 'office-activity', component: () => import('./activities/ActivityPage.vue'), props: true, meta: { section: 'office-activities' } },
  { path: 'goals', name: 'office-goals', component: () => import('./goals/GoalsPage.vue') },
  { path: 'ads', name: 'office-ads', component: () => import('./ads/AdsPage.vue') },
  { path: 'traffic', name: 'office-traffic', component: () => import('./traffic/TrafficPage.vue') },
  { path: 'debriefs', name: 'office-debriefs', component: () => import('./debriefs/DebriefsPage.vue') },
  { path: 'debriefs/:show', name: 'office-debrief', component: () => import('./debriefs/DebriefPage.vue'), props: true, meta: { section: 'office-debriefs' } },
  { path: 'history', name: 'office-history', component: () => import('./history/HistoryPage.vue') },
  { path: 'catalog', name: 'office-catalog', component: () => import('./catalog/CatalogPage.vue') },
  { path: 'selection', name: 'office-selection', component: () => import('./selection/SelectionPage.vue') },
  { path: 'orders', name: 'office-orders', component: () => import('./orders/OrdersPage.vue') },
  { path: 'handbook', name: 'office-handbook', component: () => import('./handbook/HandbookPage.vue') },
  { path: 'replies', name: 'office-replies', component: () => import('./replies/RepliesPage.vue') },
  { path: 'stock', name: 'office-stock', component: () => import('./stock/StockPage.vue') },
  { path: 'supply', name: 'office-supply', component: () => import('./supply/SupplyPage.vue') },
  { path: 'rules', name: 'office-rules', component: () => import('./rules/RulesPage.vue') },
  { path: 'compliance', name: 'office-compliance', component: () => import('./compliance/CompliancePage.vue') },
  { path: 'moderation', name: 'office-moderation', component: () => import('./moderation/ModerationPage.vue') },
  { path: 'roster', name: 'office-roster', component: () => import('./roster/RosterPage.vue') },
  { path: 'my-shifts', name: 'office-my-shifts', component: () => import('./roster/MinePage.vue') },
  { path: 'people', name: 'office-people', component: () => import('./people/PeoplePage.vue') },
  { path: 'connect', name: 'office-connect', component: () => import('./connect/ConnectPage.vue') },
  { path: 'actions', name: 'office-actions', component: () => import('./operations/ActionsPage.vue') },
  { path: 'health', name: 'office-health', component: () => import('./operations/HealthPage.vue') },
  { path: 'audit', name: 'office-audit', component: () => import('./operations/AuditPage.vue') },
  { path: 'retention', name: 'office-retention', component: () => import('./operations/RetentionPage.vue') },
]
