import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, type Component } from 'vue'
import { reference } from '@/api/reference'
import type { Reference } from '@/api/types'
import { session } from '@/app/session'
import CuePanel from '@/console/CuePanel.vue'
import CueVerdict from '@/console/CueVerdict.vue'
import { provideConsole, type Console } from '@/console/context'
import OpinionDialog from '@/console/OpinionDialog.vue'
import ProductPanel from '@/console/ProductPanel.vue'
import TrafficDialog from '@/console/TrafficDialog.vue'
import { chosenTiles, resetTiles } from '@/console/tiles'
import TileStrip from '@/console/TileStrip.vue'
import { setLanguage } from '@/i18n'
import type { Snapshot } from '@/live/types'
import { cue, NOW, reading, snapshot } from '../fixture'

class StillSource extends EventTarget {
  static last: StillSource | undefined
  constructor() {
    super()
    StillSource.last = this
  }

  close(): void {}
}

let desk: Console
let mounted: VueWrapper | undefined
const sent: Record<string, unknown>[] = []

function show(panel: Component, state: Snapshot): VueWrapper {
  const Frame = defineComponent({
    setup() {
      desk = provideConsole('r1')
      const { number, now, rate, ...parts } = state
      StillSource.last?.dispatchEvent(new MessageEvent('frame', { data: JSON.stringify({ number, now, rate, changed: parts }) }))
      return () => h(panel)
    },
  })
  mounted = mount(Frame, { attachTo: document.body })
  return mounted
}

/** Later frames are drawn with the next animation frame. */
async function painted(): Promise<void> {
  await new Promise(requestAnimationFrame)
  await nextTick()
}

beforeEach(() => {
  setLanguage('en')
  sent.length = 0
  vi.stubGlobal('EventSource', StillSource)
  vi.stubGlobal('fetch', vi.fn((_path: string, options: RequestInit) => {
    if (options.method === 'POST') sent.push(JSON.parse(String(options.body)) as Record<string, unknown>)
    const body = options.method === 'POST' ? { number: 8, applied: true, refused: null, announced: [] } : []
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }))
  }))
  session.value = { person: 'u1', name: 'Chen', language: 'en', org: 'o', brands: [], roles: [], permissions: ['watch', 'answer', 'shelf', 'run', 'comments'], demo: false, version: '1' }
  reference.value = {
    rules: { R001: { id: 'R001', zh: '', en: 'Value low', action: { zh: '', en: 'close now' } } },
    metrics: { M45: { id: 'M45', zh: '', en: 'UV value', unit: 'money/viewer', formula: { zh: '', en: 'paid GMV / UV' } } }, roles: {}, documents: {},
  } as unknown as Reference
})

afterEach(() => {
  mounted?.unmount()
  mounted = undefined
  resetTiles()
  vi.unstubAllGlobals()
  setLanguage('zh')
  session.value = null
})

describe('tiles', () => {
  const tiles = [reading({ metric: 'M41', value: 1_342_830 }), reading({ metric: 'M45', window: '5m', value: null, why: 'masked_users', unit: 'money/viewer', sample: 0, at: NOW - 90_000 })]
  const state = snapshot({ metrics: { tiles } as never })

  it('show a figure, and unverified with its reason instead of a zero', () => {
    const page = show(TileStrip, state)
    expect(page.get('[data-testid="tile-M41"]').text()).toContain('¥13,428')
    const unknown = page.get('[data-testid="tile-M45"]')
    expect(unknown.text()).toContain('unverified')
    expect(unknown.text()).not.toMatch(/\b0\b/)
    expect(unknown.get('.lc-unknown').attributes('aria-label')).toContain('hides who people are')
  })

  it('say on focus what they mean and where they come from', async () => {
    const page = show(TileStrip, state)
    await page.get('[data-testid="tile-M45"]').trigger('focus')
    await nextTick()
    const tip = document.querySelector('[data-testid="metric-tip"]')?.textContent ?? ''
    for (const part of ['UV value', 'M45', 'paid GMV / UV', 'last 5 min', 'Simulator', 'hides who people are', 'ago']) expect(tip).toContain(part)
    await page.get('[data-testid="tile-M45"]').trigger('blur')
    expect(document.querySelector('[data-testid="metric-tip"]')).toBeNull()
  })

  it('can be chosen', async () => {
    chosenTiles.value = ['M45/5m']
    const page = show(TileStrip, state)
    expect(page.find('[data-testid="tile-M41"]').exists()).toBe(false)
    expect(page.find('[data-testid="tile-M45"]').exists()).toBe(true)
  })
})

describe('cues', () => {
  it('are answered by their buttons', async () => {
    const page = show(CuePanel, snapshot({ cues: { cues: [cue({ cue: 'c1' })] } as never }))
    expect(page.get('[data-testid="cue-action"]').text()).toBe('Close now')
    await page.get('[data-testid="cue-done"]').trigger('click')
    expect(sent[0]).toMatchObject({ kind: 'CueAnswerGiven', cue: 'c1', answer: 'done', seen: 7 })
  })

  it('are dismissed with a reason, by mouse or number', async () => {
    const page = show(CuePanel, snapshot({ cues: { cues: [cue({ cue: 'c1' })] } as never }))
    desk.dismissing.value = 'c1'
    await nextTick()
    await page.get('[data-testid="dismiss-data_wrong"]').trigger('click')
    expect(sent[0]).toMatchObject({ answer: 'dismissed', reason: 'data_wrong' })
    desk.dismissing.value = 'c1'
    await vi.waitFor(() => expect(page.find('[data-testid="dismiss-not_now"]').exists()).toBe(true))
    await page.get('.reasons').trigger('keydown', { key: '2' })
    await vi.waitFor(() => expect(sent[1]).toMatchObject({ answer: 'dismissed', reason: 'not_now' }))
  })

  it('cannot be answered without the permission', () => {
    session.value = { ...session.value!, permissions: ['watch'] }
    const page = show(CuePanel, snapshot({ cues: { cues: [cue({})] } as never }))
    expect(page.find('[data-testid="cue-done"]').exists()).toBe(false)
  })

  it('tell their judgement with its interval', () => {
    const page = mount(CueVerdict, { props: { cue: cue({ state: 'judged', verdict: 'useful', effect: 0.18, low: 0.06, high: 0.31, metric: 'M45' }), now: NOW, zone: 'UTC' } })
    expect(page.text()).toContain('useful')
    expect(page.text()).toContain('+18.0% (+6% to +31%)')
  })
})

describe('the dialog of public opinion', () => {
  it('offers the level that the signs propose, until somebody chooses another', async () => {
    const noticed = { case: 'c1', show: 's1', state: 'suspected', suggested: 3, level: 0, topic: 'quality', decisions: [] }
    const view = { case: noticed, steps: [], lacking: [], who: ['director'], approvals: 2, approved: false }
    show(OpinionDialog, snapshot({ opinion: { cases: [view] } as never }))
    await nextTick()
    const offered = document.querySelector('[data-testid=opinion-level]') as HTMLSelectElement
    expect(offered.value).toBe('3')
    offered.value = '2'
    offered.dispatchEvent(new Event('change'))
    ;(document.querySelector('[data-testid=opinion-decide]') as HTMLElement).click()
    await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ kind: 'OpinionDecided', case: 'c1', level: 2 }))
  })
})

describe('the traffic dialog', () => {
  it('says of a show that is over that it is not on air', async () => {
    const base = snapshot()
    show(TrafficDialog, { ...base, shows: { ...base.shows, status: 'ended' } })
    await nextTick()
    expect(document.querySelector('[data-testid=traffic-look]')?.textContent).toContain('not on air')
  })

  it("keeps the reserve in the currency's own minor units", async () => {
    const base = snapshot()
    show(TrafficDialog, { ...base, room: { ...base.room, currency: 'JPY' }, traffic: { ...base.traffic, extra_budget: 50_000 } })
    await nextTick()
    const at = (id: string): HTMLElement => document.querySelector(`[data-testid=${id}]`) as HTMLElement
    at('traffic-prepare').click()
    await nextTick()
    const budget = at('traffic-budget') as HTMLInputElement
    expect(budget.value).toBe('50000')
    budget.value = '60000'
    budget.dispatchEvent(new Event('input'))
    at('traffic-save').click()
    await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ kind: 'TrafficPlanSet', extra_budget: 60_000 }))
  })
})

describe('products', () => {
  const state = snapshot({
    cues: { cues: [], low_stock: 40 } as never,
    shows: { products: [{ product: 'p1', name: 'Cream', price: 16900 }, { product: 'p2', name: 'Mask' }], listed: { p1: 1 }, pinned: '' } as never,
    sales: { stock: [{ sku: 's1', product: 'p1', on_hand: 40, reserved: 3, known: true }] } as never,
  })

  it('stay pending until the platform shows the pin', async () => {
    const page = show(ProductPanel, state)
    const pin = page.get('[data-product="p1"] [data-testid="product-pin"]')
    await pin.trigger('click')
    expect(sent[0]).toMatchObject({ kind: 'ActionAsked', action: { kind: 'PinProduct', product: 'p1' } })
    expect(pin.text()).toBe('Pending')
    expect(page.get('[data-product="p1"]').attributes('data-pinned')).toBe('false')
    StillSource.last?.dispatchEvent(new MessageEvent('frame', { data: JSON.stringify({ number: 9, now: NOW + 250, rate: 1, changed: { 'shows.pinned': 'p1' } }) }))
    await painted()
    expect(page.get('[data-product="p1"]').attributes('data-pinned')).toBe('true')
    expect(page.get('[data-product="p1"] [data-testid="product-pin"]').text()).toBe('Unpin')
  })

  it('show stock that is low, and unknown stock as unverified', async () => {
    const page = show(ProductPanel, state)
    expect(page.get('[data-product="p1"] .stock').text()).toBe('37')
    expect(page.get('[data-product="p1"] .stock').classes()).toContain('low')
    const calm = show(ProductPanel, { ...state, cues: { ...state.cues, low_stock: 30 } })
    await painted()
    expect(calm.get('[data-product="p1"] .stock').classes(), 'the room calls 37 no little').not.toContain('low')
    expect(page.get('[data-product="p2"] .stock').text()).toBe('unverified')
  })
})
