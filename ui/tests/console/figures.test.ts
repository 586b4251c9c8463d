import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { reference } from '@/api/reference'
import type { Reference } from '@/api/types'
import { session } from '@/app/session'
import AllFigures from '@/console/AllFigures.vue'
import { provideConsole } from '@/console/context'
import { setLanguage } from '@/i18n'
import { NOW, snapshot } from '../fixture'

class StillSource extends EventTarget {
  static last: StillSource | undefined
  constructor() {
    super()
    StillSource.last = this
  }

  close(): void {}
}

const asked: string[] = []
let mounted: VueWrapper | undefined

const reading = (metric: string, value: number | null, more: object = {}) => ({
  metric, window: '1m', scope: 'room', value, unit: 'ratio', sample: 9, num: null, den: null, at: value === null ? 0 : NOW - 2_000, source: '', why: value === null ? 'no_source' : '', age_ms: null, ...more,
})

function answer(path: string): unknown {
  if (!path.includes('/figures')) return []
  const query = new URLSearchParams(path.split('?')[1])
  const scope = query.get('scope') ?? 'room'
  return {
    room: 'r1', currency: 'CNY', now: NOW, show: 'x', window: query.get('window'), scope, segments: ['s1'], products: ['p1'], sources: ['feed'],
    figures: [reading('M29', 0.25), reading('M22', null), reading('M54', null, { why: 'no_permission' })],
    showcase: scope === 'product:p1' ? { product: 'p1', talks: 2, started_at: 0, from_start: [0, 3, ...Array<number>(58).fill(0)], to_end: Array<number>(42).fill(0) } : null,
    not_live: [{ metric: 'M60', why: { zh: '播后才有', en: 'comes days later' } }],
  }
}

async function show(scope?: string): Promise<VueWrapper> {
  const state = snapshot({})
  mounted = mount(defineComponent({
    setup() {
      provideConsole('r1')
      const { number, now, rate, ...parts } = state
      StillSource.last?.dispatchEvent(new MessageEvent('frame', { data: JSON.stringify({ number, now, rate, changed: parts }) }))
      return () => h(AllFigures, { wanted: '', ...(scope ? { scope } : {}) })
    },
  }), { attachTo: document.body })
  await flushPromises()
  return mounted
}

beforeEach(() => {
  setLanguage('en')
  asked.length = 0
  vi.stubGlobal('EventSource', StillSource)
  vi.stubGlobal('fetch', vi.fn((path: string) => {
    if (path.includes('/figures')) asked.push(path)
    return Promise.resolve(new Response(JSON.stringify(answer(path)), { status: 200 }))
  }))
  session.value = { person: 'u1', name: 'Chen', language: 'en', org: 'o', brands: [], roles: [], permissions: ['watch'], demo: false, version: '1' }
  const row = (id: string) => ({ id, zh: '', en: id, unit: 'ratio', formula: { zh: '', en: `what ${id} is` } })
  reference.value = { rules: {}, metrics: { M22: row('M22'), M29: row('M29'), M54: row('M54'), M60: row('M60') }, roles: {}, documents: {} } as unknown as Reference
})

afterEach(() => {
  mounted?.unmount()
  vi.unstubAllGlobals()
})

describe('all figures', () => {
  it('tell value, definition and age, and of unknown ones the reason', async () => {
    const page = await show()
    expect(page.get('[data-testid=figure-row-M29]').text()).toMatch(/25.*what M29 is.*ago/s)
    expect(page.get('[data-testid=figure-row-M22]').text()).toContain('nverified')
    expect(page.get('[data-testid=figure-row-M22]').attributes('data-why')).toBe('no_source')
    expect(page.get('[data-testid=figure-row-M54]').text()).not.toContain('0')
    expect(page.get('[data-testid=figure-row-M60]').text()).toContain('comes days later')
    expect(page.get('[data-testid=figures-count]').text()).toContain('1')
    expect(page.find('[data-testid=showcase]').exists()).toBe(false)
  })

  it('are asked for the window and the scope that are chosen', async () => {
    const page = await show()
    expect(asked.at(-1)).toMatch(/window=5m&scope=room$/)
    await page.get('[data-testid=figures-window]').setValue('15m')
    await flushPromises()
    expect(asked.at(-1)).toMatch(/window=15m&scope=room$/)
    await page.get('[data-testid=figures-scope]').setValue('source:feed')
    await flushPromises()
    expect(asked.at(-1)).toMatch(/window=15m&scope=source%3Afeed$/)
    const options = page.findAll('[data-testid=figures-scope] option').map((one) => (one.element as HTMLOptionElement).value)
    expect(options).toEqual(expect.arrayContaining(['room', 'segment:s1', 'product:p1', 'source:feed']))
  })

  it('of a product come with its curve', async () => {
    const page = await show('product:p1')
    expect(asked.at(-1)).toMatch(/window=show&scope=product%3Ap1$/)
    expect(page.get('[data-testid=showcase-start]').attributes('data-orders')).toBe('3')
    expect(page.findAll('[data-testid=showcase-start] rect')).toHaveLength(60)
    expect(page.get('[data-testid=showcase-end]').attributes('data-orders')).toBe('0')
  })
})
