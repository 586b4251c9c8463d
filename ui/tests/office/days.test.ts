import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { RoomRow } from '@/api/types'
import { setLanguage } from '@/i18n'
import ActivityPage from '@/office/activities/ActivityPage.vue'
import PrepList from '@/office/calendar/PrepList.vue'
import { rooms } from '@/office/place'
import { todayIn } from '@/office/zoned'
import { serve, signIn } from './made'

let mounted: VueWrapper | undefined
/** In Shanghai it is the next day already, in Los Angeles still this one. */
const MOMENT = Date.UTC(2026, 10, 30, 18, 30)

beforeEach(() => {
  setLanguage('en')
  signIn()
  rooms.value = [{ room: 'r1', name: 'Room', platform: 'douyin', nature: 'real', brand: 'b', currency: 'CNY', time_zone: 'Asia/Shanghai', status: 'planned', title: '', started_at: 0 } as RoomRow]
})

afterEach(() => {
  mounted?.unmount()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('days', () => {
  it('are those of the zone', () => {
    vi.useFakeTimers({ now: MOMENT })
    expect([todayIn('Asia/Shanghai'), todayIn('UTC'), todayIn('America/Los_Angeles')]).toEqual(['2026-12-01', '2026-11-30', '2026-11-30'])
  })

  it('of a new activity begin with the brand’s today, by the server’s clock', async () => {
    serve((asked) => {
      if (asked.path.startsWith('/api/activities')) return { body: { activities: [], today: '2026-12-01' } }
      if (asked.path.startsWith('/api/calendar')) return { body: { shows: [] } }
      return { body: [] }
    })
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/new', name: 'office-activity-new', component: ActivityPage }, { path: '/activities', name: 'office-activities', component: RouterView }] })
    await router.push('/new?room=r1')
    mounted = mount(RouterView, { attachTo: document.body, global: { plugins: [router] } })
    await flushPromises()
    for (const name of ['starts', 'ends']) expect((mounted.get(`[data-testid=activity-${name}]`).element as HTMLInputElement).value).toBe('2026-12-01')
  })
})

describe('the preparation of a show', () => {
  const task = (state: string) => ({ task: 't', title: 'Check the links', role: 'floor', person: '', show: 's', due_at: 0, cause: '', made_at: 1, after: [], state, note: '', closed_at: state === 'done' ? 2 : 0, closed_by: state === 'done' ? 'p' : '' })

  it('follows what others tick off, without being opened anew', async () => {
    vi.useFakeTimers()
    let state = 'open'
    serve(() => ({ body: [task(state)] }))
    mounted = mount(PrepList, { props: { room: 'r1', show: 's', zone: 'UTC', now: 1, nameOf: (person: string) => person } })
    await flushPromises()
    expect(mounted.get('[data-testid=prep-row]').attributes('data-state')).toBe('open')
    const row = mounted.get('[data-testid=prep-row]').element
    state = 'done'
    await vi.advanceTimersByTimeAsync(5_000)
    await flushPromises()
    expect(mounted.get('[data-testid=prep-row]').attributes('data-state')).toBe('done')
    expect(mounted.get('[data-testid=prep-row]').element).toBe(row)
    state = 'open'
    await mounted.setProps({ now: 2 })
    await flushPromises()
    expect(mounted.get('[data-testid=prep-row]').attributes('data-state')).toBe('open')
  })
})
