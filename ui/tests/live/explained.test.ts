import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { citation, reference } from '@/api/reference'
import type { Reference } from '@/api/types'
import { setLanguage } from '@/i18n'
import { explain as zh } from '@/i18n/zh/explain'
import { explain as en } from '@/i18n/en/explain'
import Explained from '@/live/Explained.vue'
import { readingRows, unitWords } from '@/live/meaning'
import type { Reading } from '@/live/types'
import HistoryPage from '@/office/history/HistoryPage.vue'
import { reading } from '../fixture'
import { serve, signIn } from '../office/made'

vi.mock('@/office/history/BoardChart.vue', async () => ({ __esModule: true, __isTeleport: false, __isKeepAlive: false, default: (await import('vue')).defineComponent({ render: () => null }) }))

let mounted: VueWrapper | undefined
const tip = (): HTMLElement | null => document.querySelector('[data-testid="metric-tip"]')
const rows = (): Record<string, string> => Object.fromEntries([...tip()!.querySelectorAll('dt')].map((dt) => [dt.textContent ?? '', dt.nextElementSibling?.textContent ?? '']))

beforeEach(() => {
  setLanguage('en')
  signIn()
  const metric = (id: string, unit: string) => ({ id, zh: '名', en: `Name of ${id}`, unit, formula: { zh: '式', en: `formula of ${id}` }, notes: { zh: '', en: '' } })
  reference.value = { rules: {}, metrics: { M41: metric('M41', 'money'), M28: metric('M28', 'ratio') }, roles: {}, documents: {}, citations: { '广告法 第九条(三)': 'Advertising Law, Art. 9(3)' } } as unknown as Reference
})
afterEach(() => {
  mounted?.unmount()
  vi.unstubAllGlobals()
})

describe('the name of a figure', () => {
  it('says with the focus what it is, its unit, source and age, and falls silent again', async () => {
    mounted = mount(Explained, { attachTo: document.body, props: { metric: 'M41', reading: reading({ num: null, den: null, at: 1_000 }), now: 61_000, currency: 'EUR' }, slots: { default: 'GMV' } })
    const name = mounted.get('.explained')
    expect(name.attributes('tabindex')).toBe('0')
    await name.trigger('focusin')
    expect(tip()!.textContent).toContain('formula of M41')
    expect(rows()).toMatchObject({ Unit: 'money (EUR)', Source: 'Simulator', 'Data from': '1 min ago' })
    expect(name.attributes('aria-describedby')).toBe(tip()!.id)
    await name.trigger('keydown', { key: 'Escape' })
    expect(tip()).toBeNull()
    await name.trigger('mouseenter')
    expect(tip()).not.toBeNull()
    await name.trigger('mouseleave')
    expect(tip()).toBeNull()
  })

  it('closes by Esc wherever the focus is, and nothing else with it', async () => {
    const below = vi.fn()
    document.body.addEventListener('keydown', below)
    mounted = mount(Explained, { attachTo: document.body, props: { topic: 'unpaid' } })
    const press = async (): Promise<void> => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
      await flushPromises()
    }
    await mounted.get('.explained').trigger('mouseenter')
    expect(tip()).not.toBeNull()
    await press()
    expect(tip()).toBeNull()
    expect(below).not.toHaveBeenCalled()
    await press()
    expect(below, 'the next Esc is the dialog\'s').toHaveBeenCalledTimes(1)
    await mounted.get('.explained').trigger('focusin')
    mounted.unmount()
    mounted = undefined
    await press()
    expect(below).toHaveBeenCalledTimes(2)
    document.body.removeEventListener('keydown', below)
  })

  it('tells figures of the house in both languages, whole', async () => {
    mounted = mount(Explained, { attachTo: document.body, props: { topic: 'unpaid' } })
    await mounted.get('.explained').trigger('focusin')
    for (const [table, language] of [[zh, 'zh'], [en, 'en']] as const) {
      setLanguage(language)
      for (const [topic, words] of Object.entries(table.topic)) {
        await mounted.setProps({ topic })
        expect(Object.values(rows())).toEqual([words.unit, words.from, table.live])
        expect(tip()!.textContent).toContain(words.means)
      }
    }
    expect(Object.keys(zh.topic)).toEqual(Object.keys(en.topic))
  })

  it.each([
    ['M59', 'ratio', '\u00a591.80 / \u00a511,064.20'],
    ['M52', 'multiple', '\u00a591.80 / \u00a511,064.20'],
    ['M59.orders', 'ratio', '9,180 / 1,106,420'],
    ['M45', 'money/viewer', '\u00a591.80 / 1,106,420'],
  ])('tells what %s is made of in money where it is money', (metric, unit, text) => {
    setLanguage('en')
    const reading = { metric, window: 'show', scope: 'room', value: 0.0083, unit, sample: 133, num: 9_180, den: 1_106_420, at: 1, source: 'x', why: '' }
    expect(readingRows(reading as Reading, 2, 'CNY').map((row) => row.text)).toContain(text)
  })

  it('tells no window of what is of a moment', () => {
    setLanguage('en')
    const online = { metric: 'M06', window: 'show', scope: 'room', value: 9, unit: 'people', sample: 9, num: null, den: null, at: 1, source: 'x', why: '' }
    const names = (metric: string): string[] => readingRows({ ...online, metric } as Reading, 2, 'CNY').map((row) => row.name)
    expect(names('M06')).not.toContain('Window')
    expect(names('M07')).toContain('Window')
  })

  it('has words for every unit', () => {
    setLanguage('zh')
    for (const unit of ['days', 'hours', 'items', 'money', 'money/1000_views', 'money/buyer', 'money/hour', 'money/minute', 'money/order', 'money/piece', 'money/view', 'money/viewer', 'ms', 'multiple', 'orders', 'people', 'pieces', 'pieces/order', 'points', 'ratio', 's', 'times', 'coins']) expect(unitWords(unit)).toMatch(/[\u4e00-\u9fff]/)
  })
})

describe('a board of past shows', () => {
  it('explains every column by the keyboard', async () => {
    const figure = { value: 100, partial: null, known: 1, shows: 1, as_of: 5 }
    serve((asked) => asked.path.includes('/boards') || asked.path.includes('/history') || asked.path.includes('/board')
      ? { body: { board: { metrics: ['M41', 'M28'], rows: [{ group: 's1', currency: 'CNY', figures: { M41: figure, M28: figure } }], cues: [{ group: 's1', given: 1, followed: 1, useful: 1, measured: 1 }], comments: [{ group: 's1', label: 'question', count: 3 }], shows: [], made_at: 9, files: 1 }, names: {}, definitions: reference.value.metrics } }
      : { body: [] })
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: HistoryPage }] })
    await router.push('/')
    mounted = mount(RouterView, { attachTo: document.body, global: { plugins: [router] } })
    await flushPromises()
    const told = new Set(mounted.findAll('[data-explains]').map((one) => one.attributes('data-explains')))
    for (const cell of mounted.findAll('[data-metric]')) expect([...told]).toContain(cell.attributes('data-metric'))
    expect(told).toEqual(new Set(['M41', 'M28', 'cues_given', 'cues_followed', 'cues_useful', 'cues_measured', 'comments_count']))
    for (const name of mounted.findAll('[data-explains]')) {
      await name.trigger('focusin')
      expect(Object.values(rows()).every((text) => text !== '' && text !== '–')).toBe(true)
      await name.trigger('focusout')
    }
  })
})

describe('what a finding rests on', () => {
  it('is cited in the language of the page', () => {
    expect(citation('广告法 第九条(三)；商标法')).toBe('Advertising Law, Art. 9(3); 商标法')
    expect([citation('own'), citation(undefined), citation('')]).toEqual(['own words', '', ''])
    setLanguage('zh')
    expect(citation('广告法 第九条(三)')).toBe('广告法 第九条(三)')
  })
})
