import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick } from 'vue'
import { session } from '@/app/session'
import { provideConsole } from '@/console/context'
import { draftOf } from '@/console/drawRules'
import WordDraw from '@/console/WordDraw.vue'
import { setLanguage } from '@/i18n'
import type { Snapshot } from '@/live/types'
import { NOW, segment, snapshot } from '../fixture'

class StillSource extends EventTarget {
  static last: StillSource | undefined
  constructor() {
    super()
    StillSource.last = this
  }

  close(): void {}
}

const PLAN = { kind: 'goods', prize: 'Pan', prizes: 3, value: 10_000, conditions: 'Follow the room', method: 'Drawn by chance', word: 'my pan', after_s: 300, claim: 'within 14 days' }
const BAG = segment({ segment: 'bag', part: 'lucky_bag', title: 'Bag', product: '', started_at: NOW - 60_000, draw: PLAN })
const asked: Record<string, unknown>[] = []
let mounted: VueWrapper | undefined

function show(shows: Partial<Snapshot['shows']>): VueWrapper {
  const state = snapshot({ shows: { show: 'x', status: 'on_air', segment: 'bag', segments: [BAG, segment({ segment: 'next' })], last_draw_at: 0, ...shows } as never })
  mounted = mount(defineComponent({
    setup() {
      provideConsole('r1')
      const { number, now, rate, ...parts } = state
      StillSource.last?.dispatchEvent(new MessageEvent('frame', { data: JSON.stringify({ number, now, rate, changed: parts }) }))
      return () => h(WordDraw)
    },
  }), { attachTo: document.body })
  return mounted
}

const valueOf = (page: VueWrapper, name: string): string => (page.get(`[data-testid=draw-${name}]`).element as HTMLInputElement).value

beforeEach(() => {
  vi.useFakeTimers()
  setLanguage('en')
  asked.length = 0
  vi.stubGlobal('EventSource', StillSource)
  vi.stubGlobal('fetch', vi.fn((_path: string, options: RequestInit) => {
    if (options.method === 'POST') asked.push(JSON.parse(String(options.body)) as Record<string, unknown>)
    return Promise.resolve(new Response(JSON.stringify(options.method === 'POST' ? { number: 8, applied: true, refused: null, announced: [] } : []), { status: 200 }))
  }))
  session.value = { person: 'u1', name: 'Chen', language: 'en', org: 'o', brands: [], roles: [], permissions: ['watch', 'run', 'approve'], demo: false, version: '1' }
})

afterEach(() => {
  mounted?.unmount()
  mounted = undefined
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the draw planned in a segment', () => {
  it('is taken with what is left of its time', () => {
    expect(draftOf(BAG, NOW)).toEqual({ title: 'Bag', prize: 'Pan', prizes: '3', value: 10_000, method: 'Follow the room · Drawn by chance', word: 'my pan', minutes: '4', claim: '14' })
    expect(draftOf(BAG, NOW + 600_000)?.minutes).toBe('1')
    expect(draftOf({ ...BAG, draw: { prize: 'Pan' } }, NOW)).toMatchObject({ prizes: '', minutes: '5', claim: '7', method: '' })
    expect(draftOf(segment({}), NOW)).toBeNull()
  })

  it.each([['within 30 days', '30'], ['7 \u5929\u5185\u9886\u53d6', '7'], ['12\u67085\u65e5\u524d', '7'], ['12\u670831\u65e5\u5185', '7'], ['3\u65e5\u5185', '3']])('reads %s as days to claim, and no date', (claim, days) => {
    expect(draftOf({ ...BAG, draw: { ...BAG.draw, claim } }, NOW)?.claim).toBe(days)
  })

  it('fills the form when its segment runs, and stays editable', async () => {
    const page = show({})
    await nextTick()
    expect([valueOf(page, 'title'), valueOf(page, 'prize'), valueOf(page, 'word'), valueOf(page, 'prizes')]).toEqual(['Bag', 'Pan', 'my pan', '3'])
    expect(page.get('[data-testid=draw-planned]').attributes('data-segment')).toBe('bag')
    await page.get('[data-testid=draw-title]').setValue('Tonight')
    await vi.advanceTimersByTimeAsync(300)
    expect(asked.at(-1)).toMatchObject({ title: 'Tonight', prize: 'Pan', prizes: 3, value: 10_000, segment: 'bag', dry: true })
    await page.get('[data-testid=draw-free]').trigger('click')
    expect(valueOf(page, 'prize')).toBe('')
    await page.get('[data-testid=draw-word]').setValue('bowl')
    await vi.advanceTimersByTimeAsync(300)
    expect(asked.at(-1)).toMatchObject({ word: 'bowl', segment: '' })
  })

  it('is offered, not taken, once a draw was started in the segment', async () => {
    const page = show({ last_draw_at: NOW - 30_000 })
    await nextTick()
    expect(valueOf(page, 'prize')).toBe('')
    await page.get('[data-testid=draw-fill]').trigger('click')
    expect(valueOf(page, 'prize')).toBe('Pan')
  })

  it('is not there in another segment', async () => {
    const page = show({ segment: 'next' })
    await nextTick()
    expect(page.find('[data-testid=draw-planned]').exists()).toBe(false)
    expect(page.find('[data-testid=draw-fill]').exists()).toBe(false)
  })
})
