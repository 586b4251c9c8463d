import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { ApiError, whenSignedOut } from '@/api/client'
import { officeRoutes } from '@/office/routes'
import { serviceRoutes } from '@/service/routes'
import { forget, loadSession } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without a session */
    open?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    { path: '/', name: 'home', component: () => import('./HomePage.vue') },
    { path: '/signin', name: 'signin', component: () => import('./SignInPage.vue'), meta: { open: true } },
    { path: '/pair', name: 'pair', component: () => import('./PairPage.vue'), meta: { open: true } },
    { path: '/console/:room', name: 'console', component: () => import('@/console/ConsolePage.vue'), props: true },
    { path: '/stage/:room', name: 'stage', component: () => import('@/stage/StagePage.vue'), props: true },
    { path: '/office', component: () => import('@/office/OfficeShell.vue'), children: officeRoutes },
    { path: '/service', component: () => import('@/service/ServiceShell.vue'), children: serviceRoutes },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingPage.vue'), meta: { open: true } },
  ],
})

function toSignIn(to: RouteLocationNormalized): { name: string; query: Record<string, string> } {
  return { name: 'signin', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
}

/** Start fetching the page while the session is being asked for. */
function fetchAhead(to: RouteLocationNormalized): void {
  for (const record of to.matched) {
    const component: unknown = record.components?.['default']
    // A failed attempt is made again, and told, when the page is really needed.
    if (typeof component === 'function') void (component as () => Promise<unknown>)()?.catch?.(() => undefined)
  }
}

router.beforeEach(async (to) => {
  fetchAhead(to)
  if (to.meta.open) return true
  try {
    const found = await loadSession()
    if (found === null) return toSignIn(to)
    // A paired device has one page.
    if (found.scope === 'stage' && (to.name !== 'stage' || to.params['room'] !== found.room)) {
      return { name: 'stage', params: { room: found.room ?? '' } }
    }
    return true
  } catch (error) {
    // Not reached: let the page come up; it shows the lost connection and recovers by itself.
    return error instanceof ApiError ? true : false
  }
})

whenSignedOut(() => {
  forget()
  const here = router.currentRoute.value
  if (!here.meta.open && here.name !== undefined) void router.push(toSignIn(here))
})
