/** The pages of the service desk. */
import type { RouteRecordRaw } from 'vue-router'

export const serviceRoutes: RouteRecordRaw[] = [
  { path: '', name: 'service', component: () => import('./InboxPage.vue') },
  { path: 'board', name: 'service-board', component: () => import('./BoardPage.vue') },
  { path: 'rates', name: 'service-rates', component: () => import('./RatesPage.vue') },
  { path: 'hot', name: 'service-hot', component: () => import('./HotPage.vue') },
  { path: 'hours', name: 'service-hours', component: () => import('./HoursPage.vue') },
  { path: 'knowledge', name: 'service-knowledge', component: () => import('./KnowledgePage.vue') },
]
