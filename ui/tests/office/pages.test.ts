import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { RulesAnswer } from '@/api/office'
import { reference } from '@/api/reference'
import type { Reference, RoomRow } from '@/api/types'
import { setLanguage } from '@/i18n'
import ImprovementList from '@/office/debriefs/ImprovementList.vue'
import { useLoad } from '@/office/load'
import { rooms } from '@/office/place'
import { officeRoutes } from '@/office/routes'
import RuleCard from '@/office/rules/RuleCard.vue'
import RundownEditor from '@/office/shows/RundownEditor.vue'
import { applied, improvement, refused, segment, serve, show, signIn, type Asked } from './made'

let mounted: VueWrapper | undefined
const room = { room: 'r1', name: 'Room', platform: 'douyin', nature: 'real', brand: 'b', currency: 'CNY', time_zone: 'UTC', status: 'planned', title: '', started_at: 0 } as RoomRow

async function open(address: string): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/office', component: RouterView, children: officeRoutes }, { path: '/console/:room', name: 'console', component: RouterView }],
  })
  await router.push(address)
  mounted = mount(RouterView, { attachTo: document.body, global: { plugins: [router] } })
  await vi.dynamicImportSettled()
  await flushPromises()
  return mounted
}

const at = (wrapper: VueWrapper, id: string) => wrapper.find(`[data-testid="${id}"]`)
const commands = (asked: Asked[]): Asked[] => asked.filter((request) => request.path.endsWith('/commands'))

beforeEach(() => {
  setLanguage('en')
  signIn()
  rooms.value = [room]
  reference.value = { rules: { R004: { id: 'R004', zh: '', en: 'Click rate low', condition: { zh: '', en: 'low' } } }, metrics: { M28: { id: 'M28', zh: '', en: 'CTR', unit: 'ratio' } }, roles: { ops: { id: 'ops', zh: '', en: 'Operations' } }, documents: {} } as unknown as Reference
})

afterEach(() => {
  mounted?.unmount()
  vi.unstubAllGlobals()
})

describe('loading', () => {
  it('keeps the newest answer and tells a failure', async () => {
    const key = ref('slow')
    let finish: (value: string) => void = () => {}
    const asks: Record<string, Promise<string>> = { slow: new Promise((resolve) => (finish = resolve)), fast: Promise.resolve('fast') }
    let loaded!: ReturnType<typeof useLoad<string>>
    mounted = mount(defineComponent({
      setup() {
        loaded = useLoad(() => asks[key.value] ?? Promise.reject(new Error('broken')), [key])
        return () => h('div')
      },
    }))
    key.value = 'fast'
    await flushPromises()
    finish('slow')
    await flushPromises()
    expect(loaded.data.value).toBe('fast')
    key.value = 'none'
    await flushPromises()
    expect(loaded.data.value).toBeNull()
    expect(loaded.failure.value).toContain('broken')
  })
})

describe('the show page', () => {
  const server = (asked: Asked) => {
    if (asked.method === 'GET' && asked.path === '/api/rooms/r1/shows') return { body: [show({ status: 'ended', ended_at: 9 })] }
    if (asked.path === '/api/rooms/r1/improvements') return { body: [improvement('i1', 'proposed'), improvement('i2', 'done')] }
    if (asked.path === '/api/shows/s1') return { body: { ...show(), ran: [] } }
    if (asked.path.endsWith('/versions') || asked.path.endsWith('/checklist')) return { body: [] }
    if (asked.path.endsWith('/rehearsals')) return { body: { gate: { state: 'due', deadline: 1 }, running: '', rehearsal_room: '', rows: [] } }
    if (asked.path.endsWith('/variables')) return { body: { words: {}, values: {} } }
    if (asked.path.endsWith('/review')) return { body: { standing: { state: 'draft', edited: false, digest: 'd', steps: [] }, remarks: [], missing: [], may_decide: false, alone: false } }
    if (asked.path.startsWith('/api/shows/') && asked.path.endsWith('/profit')) return { status: 404, body: { error: 'not_found', message: 'there is no such address' } }
    if (asked.path.startsWith('/api/shows/')) return { body: { ...show({ show: asked.path.slice(11) }), ran: [] } }
    if (asked.path.endsWith('/commands')) return applied
    return { body: asked.path.includes('catalog') ? { products: [], stock: [] } : [] }
  }

  it('calls a show that nobody named in the language of the screen, until somebody names it', async () => {
    serve(server)
    const page = await open('/office/shows/new?room=r1')
    const title = () => (at(page, 'show-title').element as HTMLInputElement).value
    expect(title()).toBe('Untitled show')
    setLanguage('zh')
    await flushPromises()
    expect(title()).toBe('未命名场次')
    expect(at(page, 'show-dirty').exists()).toBe(false)
    await at(page, 'show-title').setValue('双十二')
    setLanguage('en')
    await flushPromises()
    expect(title()).toBe('双十二')
  })

  it('keeps the title that a plan takes from the last show', async () => {
    serve(server)
    const page = await open('/office/shows/new?room=r1&from=s1')
    setLanguage('zh')
    await flushPromises()
    expect((at(page, 'show-title').element as HTMLInputElement).value).toBe('Evening')
  })

  it('plans the next show from the last one with its open improvements', async () => {
    const asked = serve(server)
    const page = await open('/office/shows/new?room=r1&from=s1')
    expect(at(page, 'carried-count').attributes('data-count')).toBe('1')
    await at(page, 'show-save').trigger('click')
    await flushPromises()
    const sent = commands(asked)[0]!.body
    expect(sent).toMatchObject({ kind: 'ShowPlanned', title: 'Evening', carried: ['i1'] })
    expect((sent['segments'] as unknown[]).length).toBe(2)
  })

  it('saves on top of what another saved, without losing either', async () => {
    let others = false
    const asked = serve((request) => {
      if (request.path.endsWith('/commands') && !others) {
        others = true
        return refused('changed_meanwhile', 'version 4')
      }
      return others && request.path === '/api/shows/s1' ? { body: { ...show({ version: 4, title: 'Their title' }), ran: [] } } : server(request)
    })
    const page = await open('/office/shows/s1?room=r1')
    await at(page, 'segment-title').setValue('Mine')
    await at(page, 'show-save').trigger('click')
    await flushPromises()
    const sent = commands(asked).map((request) => request.body)
    expect(sent.map((body) => [body['kind'], body['version']])).toEqual([['RundownChanged', 4], ['RundownChanged', 5]])
    expect(at(page, 'show-merged').attributes('data-clashes')).toBe('0')
    expect(page.text()).toContain('Their title')
  })

  it('tells another refusal by its code', async () => {
    serve((request) => (request.path.endsWith('/commands') ? refused('over', 'it is over') : server(request)))
    const page = await open('/office/shows/s1?room=r1')
    await at(page, 'segment-title').setValue('Mine')
    await at(page, 'show-save').trigger('click')
    await flushPromises()
    expect(at(page, 'show-failure').text()).toContain('over')
  })
})

describe('the rundown editor', () => {
  function editor(fixed = 0) {
    return mount(RundownEditor, {
      attachTo: document.body,
      props: {
        modelValue: [segment('a', 60), segment('b', 120, { offset_s: 60 }), segment('c', 30, { offset_s: 180 })], startsAt: 0, zone: 'UTC', currency: 'CNY', products: [], people: [], nameOf: (id: string) => id, fixed, ran: [],
        editable: true, flags: {}, values: {}, remarks: [], brand: '', 'onUpdate:modelValue': (value: unknown) => void mounted?.setProps({ modelValue: value }),
      },
    })
  }
  const order = (): (string | undefined)[] => mounted!.findAll('[data-testid="segment-row"]').map((row) => row.attributes('data-segment'))

  it('moves a segment by the arrow keys and says so', async () => {
    mounted = editor()
    await mounted.findAll('[data-testid="segment-handle"]')[0]!.trigger('keydown', { key: 'ArrowDown' })
    await flushPromises()
    expect(order()).toEqual(['b', 'a', 'c'])
    expect(mounted.findAll('[data-testid="segment-row"]').map((row) => row.attributes('data-offset'))).toEqual(['0', '120', '180'])
    expect(at(mounted, 'rundown-said').text()).toContain('2')
  })

  it('has no handle on what has run', () => {
    mounted = editor(2)
    expect(mounted.findAll('[data-testid="segment-handle"]')).toHaveLength(1)
  })

  it('reflows when a length changes', async () => {
    mounted = editor()
    await at(mounted, 'segment-length').setValue('5')
    await at(mounted, 'segment-length').trigger('change')
    await flushPromises()
    expect(mounted.findAll('[data-testid="segment-row"]')[1]!.attributes('data-offset')).toBe('300')
    expect(at(mounted, 'rundown-sum').attributes('data-seconds')).toBe('450')
  })
})

describe('a rule', () => {
  const fired = (show: string, count: number | null, why = '') => ({ show, count, why, metric: '', told: 1 })
  const presets = [
    { name: 'calibrated', valid_from: 0, values: { below: 0.024 }, mark: 'D', source: 's', definition: { zh: '', en: 'd' }, currency: '', fired: [fired('x', 2), fired('y', 0)] },
    { name: 'seed', valid_from: 0, values: { below: 0.1 }, mark: 'S', source: 's', definition: { zh: '', en: 'd' }, currency: '', fired: [fired('x', 9), fired('y', 8)] },
  ]
  const change = { command: 'k1', scope: 'room', category: '', platform: '', preset: '', values: { below: 0.03 }, off: false, reset: false, undoes: '', undone: false, set_at: 1, name: 'Wang' }
  const rule = {
    rule: 'R004', preset: 'calibrated', name: 'calibrated', values: { below: 0.024 }, values_by: {}, chosen_by: '', off_by: '', categories: {}, layers: [], changes: [], own: false, off: true, mark: 'D', source: 's',
    definition: { zh: '', en: 'd' }, metrics: ['M28'], window: '5m', scope: 'product', roles: ['ops'], escalate: [], priority: 1, interrupting: true, urgent: false, judge: 'none', judge_metric: '', currency: '',
    say: { zh: '', en: '' }, valid_from: 0, presets, fired: [fired('x', 2), fired('y', 0), fired('z', null, 'not_kept')],
  } as unknown as RulesAnswer['rules'][number]
  const shows = ['x', 'y', 'z'].map((show) => ({ show, title: show, started_at: 1, on_air: false }))
  const card = (more: object = {}) => mount(RuleCard, { props: { rule: { ...rule, ...more }, room: 'r1', currency: 'CNY', platform: 'p', zone: 'UTC', names: {}, shows, categories: ['shoes'] } })
  const done = { body: { number: 1, applied: true, refused: null, others_refused: [] } }
  const counted = { shows, counting: { done: 3, of: 3, failed: '' } }

  it('takes the seed’s values by one click and stays switched off', async () => {
    const asked = serve(() => done)
    mounted = card()
    await mounted.find('[data-testid="rule-preset"][data-preset="seed"]').trigger('click')
    await flushPromises()
    expect(asked[0]).toMatchObject({ path: '/api/rules/R004?room=r1', body: { scope: 'room', preset: 'seed', off: true } })
    expect(mounted.emitted('changed')).toHaveLength(1)
  })

  it('tries values on the past and saves only what was edited, in the kept unit', async () => {
    const asked = serve((request) => (request.path.includes('/fired') ? { body: { ...counted, fired: [fired('x', 1), fired('y', 1)] } } : done))
    mounted = card()
    await at(mounted, 'rule-open').trigger('click')
    await at(mounted, 'value-below').setValue('7.5')
    await at(mounted, 'rule-try').trigger('click')
    await flushPromises()
    expect(asked[0]).toMatchObject({ path: '/api/rules/R004/fired?room=r1', body: { values: { below: 0.075 }, preset: 'calibrated' } })
    expect(at(mounted, 'rule-trial').find('[data-testid="rule-fired"]').attributes('data-fired')).toBe('2')
    await mounted.find('form').trigger('submit')
    await flushPromises()
    expect(asked[1]).toMatchObject({ path: '/api/rules/R004?room=r1', body: { scope: 'room', values: { below: 0.075 }, off: true } })
  })

  it('tells how often it would have fired, and why of some shows nobody can tell', () => {
    mounted = card()
    expect(at(mounted, 'rule-fired').attributes()).toMatchObject({ 'data-shows': '2', 'data-fired': '1', 'data-times': '2', 'data-unknown': '1', 'data-why': 'not_kept', 'data-waiting': '0' })
  })

  it('sets a category’s values, and says where a closer layer wins', async () => {
    const asked = serve(() => done)
    mounted = card({ values_by: { below: 'room' }, layers: ['room'] })
    await at(mounted, 'rule-open').trigger('click')
    expect(at(mounted, 'value-by').attributes('data-layer')).toBe('room')
    expect(mounted.find('[data-testid="rule-outvoted"]').exists()).toBe(false)
    await mounted.find('[data-layer="all"]').trigger('click')
    expect(at(mounted, 'rule-outvoted').text()).toContain('this room')
    await mounted.find('[data-testid="rule-scope"] [data-layer="category"]').trigger('click')
    expect((at(mounted, 'rule-category').element as HTMLInputElement).value).toBe('shoes')
    await at(mounted, 'value-below').setValue('5')
    await mounted.find('form').trigger('submit')
    await flushPromises()
    expect(asked[0]).toMatchObject({ body: { scope: 'category', category: 'shoes', values: { below: 0.05 } } })
  })

  it('takes back a layer, or one change', async () => {
    const asked = serve(() => done)
    mounted = card({ layers: ['room'], changes: [change, { ...change, command: 'k0', undone: true }] })
    await at(mounted, 'rule-open').trigger('click')
    await at(mounted, 'rule-reset').trigger('click')
    await flushPromises()
    expect(asked[0]).toMatchObject({ body: { scope: 'room', reset: true } })
    expect(mounted.findAll('[data-testid="rule-undo"]')).toHaveLength(1)
    await at(mounted, 'rule-undo').trigger('click')
    await flushPromises()
    expect(asked[1]).toMatchObject({ body: { scope: 'room', undoes: 'k1' } })
  })
})

describe('improvements', () => {
  const list = (state: 'proposed' | 'carried') => mount(ImprovementList, {
    props: { room: 'r1', items: [improvement('i1', state)], people: [{ person: 'u2', name: 'Wang', roles: ['ops'] }], nameOf: (id: string) => id, zone: 'UTC' },
    global: { stubs: { RouterLink: true } },
  })

  it('are accepted, given to somebody, and rejected with a note', async () => {
    const asked = serve(() => applied)
    mounted = list('proposed')
    await at(mounted, 'improvement-accept').trigger('click')
    await flushPromises()
    await at(mounted, 'improvement-person').setValue('u2')
    await flushPromises()
    await at(mounted, 'improvement-reject').trigger('click')
    await at(mounted, 'improvement-note').setValue('not now')
    await mounted.find('form').trigger('submit')
    await flushPromises()
    expect(commands(asked).map(({ body }) => [body['kind'], body['state'], body['person'], body['note']])).toEqual([
      ['ImprovementDecided', 'accepted', undefined, undefined],
      ['ImprovementDecided', 'accepted', 'u2', undefined],
      ['ImprovementDecided', 'rejected', undefined, 'not now'],
    ])
  })

  it('stay in their plan when they get a person', async () => {
    const asked = serve(() => applied)
    mounted = list('carried')
    await at(mounted, 'improvement-person').setValue('u2')
    await flushPromises()
    expect(commands(asked)[0]!.body).toMatchObject({ state: 'carried', person: 'u2' })
  })

  it('cannot be decided without the permission', () => {
    signIn(['watch'])
    mounted = list('proposed')
    expect(at(mounted, 'improvement-accept').exists()).toBe(false)
  })
})
