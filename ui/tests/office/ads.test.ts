import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { RoomRow } from '@/api/types'
import { setLanguage } from '@/i18n'
import AdsPage from '@/office/ads/AdsPage.vue'
import { rooms } from '@/office/place'
import { serve, signIn } from './made'

let page: VueWrapper | undefined

beforeEach(() => {
  setLanguage('en')
  signIn()
  localStorage.clear()
  rooms.value = [{ room: 'r1', name: 'Room', platform: 'douyin', nature: 'real', brand: 'b', currency: 'CNY', time_zone: 'UTC', status: 'planned', title: '', started_at: 0 } as RoomRow]
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  page?.unmount()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('follows a show that began after the page was opened, until what came last', async () => {
  let status = 'planned'
  let spent = 100
  const asked = serve((one) => {
    if (one.path === '/api/rooms/r1/shows') return { body: [{ show: 's1', title: 'Evening', starts_at: 1, status }] }
    return { body: { currency: 'CNY', plan: { slots: [], budget: 0, margin_bp: 0, version: 0 }, figures: { spent, source: '', budget: 0, roi: null, ad_roi: null, net_roi: null, break_even: null, product_roi: {}, unplanned: 0, slots: [], attributions: [] }, products: [], newest: 0 } }
  })
  const minute = async (now: string, more: number): Promise<number> => {
    status = now
    spent = more
    await vi.advanceTimersByTimeAsync(60_000)
    await flushPromises()
    return asked.filter((one) => one.path.endsWith('/ads')).length
  }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: RouterView }] })
  await router.push('/')
  page = mount(AdsPage, { attachTo: document.body, global: { plugins: [router] } })
  await flushPromises()
  expect(page.text()).toContain('¥1.00')
  expect(await minute('planned', 200)).toBe(1)
  expect(await minute('on_air', 300)).toBe(2)
  expect(page.text()).toContain('¥3.00')
  expect(await minute('ended', 400)).toBe(3)
  expect(page.text()).toContain('¥4.00')
  expect(await minute('ended', 500)).toBe(3)
})
