import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { HotLine } from '@/api/hotLines'
import type { RoomRow } from '@/api/types'
import { setLanguage } from '@/i18n'
import HotLines from '@/office/handbook/HotLines.vue'
import ModerationPage from '@/office/moderation/ModerationPage.vue'
import { rooms } from '@/office/place'
import TrafficPage from '@/office/traffic/TrafficPage.vue'
import ForeseenCard from '@/service/ForeseenCard.vue'
import { applied, serve, signIn } from './made'

let page: VueWrapper | undefined
const room = (id: string, zone: string): RoomRow => ({ room: id, name: `Room ${id}`, platform: 'douyin', nature: 'real', brand: 'b', currency: 'CNY', time_zone: zone, status: 'planned', title: '', started_at: 0 }) as RoomRow

async function open(component: object, props: Record<string, unknown> = {}): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: RouterView }] })
  await router.push('/')
  page = mount(component, { props, attachTo: document.body, global: { plugins: [router] } })
  await flushPromises()
  return page
}

beforeEach(() => {
  setLanguage('en')
  signIn()
  localStorage.clear()
  rooms.value = [room('r1', 'Asia/Shanghai')]
})
afterEach(() => {
  vi.useRealTimers()
  page?.unmount()
  vi.unstubAllGlobals()
})

describe('the record of moderation', () => {
  const act = { act: 'a', room: 'r2', at: Date.UTC(2026, 10, 30, 23, 30), by: 'u1', kind: 'HideComment', reason: 'abuse', note: '', verdict: 'free', code: '', evidence: '', criticism: false, state: 'done', second_by: '', text: 'x' }
  const counts = [{ kind: 'HideComment', verdict: 'free', reason: 'abuse', state: 'done', criticism: false, count: 2500 }, { kind: 'HideComment', verdict: 'free', reason: 'abuse', state: 'failed', criticism: false, count: 1 }]

  it('asks for a month, not for moments of the browser, and tells the time of the room', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    // Past midnight in Shanghai, still November in the browser.
    vi.setSystemTime(Date.UTC(2026, 10, 30, 17, 0))
    rooms.value = [room('r1', 'Asia/Shanghai'), room('r2', 'America/New_York')]
    const asked = serve(() => ({ body: { rows: [act], counts, cases: [], people: {} } }))
    const shown = await open(ModerationPage)
    expect(asked.map((one) => one.path)).toEqual(['/api/moderation?month=2026-12'])
    expect(shown.find('a[download]').attributes('href')).toBe('/api/moderation/file?month=2026-12')
    expect(shown.get('[data-testid="moderation-row"]').text()).toContain('18:30')
  })

  it('counts all of a month, also what the list does not hold', async () => {
    serve(() => ({ body: { rows: [act], counts, cases: [], people: {} } }))
    const shown = await open(ModerationPage)
    expect(shown.get('caption').text()).toContain('2501 acts')
    expect(shown.get('caption').text()).toContain('the newest 1 ')
    expect(shown.get('[data-testid="moderation-sums"]').text()).toContain('2,501')
  })
})

describe('the page of traffic emergencies', () => {
  it('asks again by itself and keeps what stands meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let outside = 0
    const asked = serve(() => ({ body: { nature: 'real', line: 0.15, shows: {}, people: {}, emergencies: [], reports: [{ show: 's1', at: 1, swing: -0.2, within: false, lowest: 0.5, outside_min: (outside += 7), base: 'like', emergencies: 1 }] } }))
    const shown = await open(TrafficPage)
    expect(shown.get('[data-testid="traffic-report"]').text()).toContain('7')
    await vi.advanceTimersByTimeAsync(10_000)
    await flushPromises()
    expect(asked).toHaveLength(2)
    expect(shown.get('[data-testid="traffic-report"]').text()).toContain('14')
  })
})

describe('what is foreseen', () => {
  it('says of which rooms it cannot be said', async () => {
    serve(() => ({ body: { rooms: [], lacking: ['r1', 'r9'] } }))
    const shown = await open(ForeseenCard, { room: '', person: (id: string) => id, roomName: (id: string) => `Room ${id}` })
    expect(shown.get('[data-testid="foreseen-lacking"]').text()).toContain('Room r1, Room r9')
    expect(shown.text()).not.toContain('nobody waits')
  })
})

describe('lines that are asked often', () => {
  const line = (product: string): HotLine => ({ product, name: product, topic: 'size_colour', asked: 6, share: 0.5, before: null, unanswered: 0, examples: ['how big'], demonstrate: false, state: 'open', answer: '', source: '', handbook: 0, places: [], decided: null })
  const pick = (place: number) => page!.findAll('[data-testid="hot-line-open"]')[place]!.trigger('click')
  const answer = () => page!.get<HTMLTextAreaElement>('[data-testid="hot-line-answer"]').element.value

  it('keep what is being written over another line and a reload, until it is saved', async () => {
    serve((request) => (request.method === 'POST' && request.path.includes('hot-lines') ? applied : request.path.includes('hot-lines') ? { body: { since: 0, until: 1, total: 12, line_from: 5, demonstrate_from: 0.2, again_days: 28, rows: [line('p1'), line('p2')] } } : { body: { hits: [] } }))
    await open(HotLines, { brand: 'b' })
    await pick(0)
    await page!.get('[data-testid="hot-line-answer"]').setValue('30 cm wide')
    await page!.get('[data-testid="hot-line-reason"]').setValue('perhaps')
    await pick(1)
    expect(answer()).toBe('')
    await pick(0)
    expect(answer()).toBe('30 cm wide')
    page!.unmount()
    await open(HotLines, { brand: 'b' })
    await pick(0)
    expect(answer()).toBe('30 cm wide')
    expect(page!.get<HTMLInputElement>('[data-testid="hot-line-reason"]').element.value).toBe('perhaps')
    await page!.get('[data-testid="hot-line-handbook"]').trigger('click')
    await flushPromises()
    await pick(0)
    expect(answer()).toBe('')
  })
})
