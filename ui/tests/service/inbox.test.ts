import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { Inbox, InboxNews, InboxRow } from '@/api/service'
import { setLanguage } from '@/i18n'
import { withNews } from '@/service/desk'
import InboxPage from '@/service/InboxPage.vue'
import { serve, signIn, type Asked } from '../office/made'

class Told extends EventTarget {
  static CLOSED = 2
  static last: Told
  readyState = 1
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly path: string) {
    super()
    Told.last = this
  }

  say(kind: string, said: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(said) }))
  }

  close(): void {}
}

const row = (conversation: string, over: Partial<InboxRow> = {}): InboxRow => ({
  room: 'r1', conversation, channel: 'comment', viewer: 'u1', name: 'A***', label: 'question', topic: 'stock', product: '', order: '', agent: '', state: 'open', opened_at: 1, human_at: 1,
  first_reply_at: 0, since: 5, last_at: 5, step: 0, closed_at: 0, outcome: '', score: 0, newest: `text of ${conversation}`, deadline: 0, due_at: 9, ...over,
})
const news = (over: Partial<InboxNews> = {}): InboxNews => ({ room: 'r1', now: 100, rows: [], heard: [], queued: 0, ...over })
const inbox = (rows: InboxRow[]): Inbox => ({
  rows, rooms: [{ room: 'r1', name: 'Room', platform: 'douyin', nature: 'real', brand: 'b', now: 50, can_send: true, can_reply: true }], people: { u1: 'Chen' },
  limits: { comment: 1, message: 1, steps: [] }, queued: {},
})

let page: VueWrapper | undefined
let asked: Asked[] = []
let broken = false
let ended = false
const reads = (what: string): number => asked.filter((one) => one.method === 'GET' && one.path.startsWith(what)).length
const shown = (): (string | undefined)[] => page!.findAll('[data-testid="inbox-row"]').map((one) => one.attributes('data-conversation'))
const say = async (kind: string, said: unknown = {}): Promise<void> => {
  Told.last.say(kind, said)
  await flushPromises()
}

async function open(query = ''): Promise<void> {
  asked = serve((request) => {
    if (broken) return { status: 503, body: { error: 'away', message: 'away' } }
    if (request.path.startsWith('/api/service/inbox')) return { body: inbox([row('c:1'), row('k1', { channel: 'message', since: 7, agent: 'u1' })]) }
    if (request.path.includes('/conversations/')) return { body: { row: row('k1', { channel: 'message', state: ended ? 'closed' : 'open' }), messages: [], suggestions: [], drafts: [], orders: [], history: [], product: null, cards: [], viewers: [], typing: [] } }
    if (request.path.includes('knowledge')) return { body: { brand: 'b', templates: [], facts: [], variables: [], topics: [], never: [] } }
    return { body: { number: 1, applied: true, refused: null, announced: [] } }
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/service', name: 'service', component: InboxPage }, { path: '/k', name: 'service-knowledge', component: RouterView }, { path: '/o', name: 'office-orders', component: RouterView }] })
  await router.push(`/service${query}`)
  page = mount(RouterView, { attachTo: document.body, global: { plugins: [router] } })
  await flushPromises()
  await say('ready')
}

beforeEach(() => {
  setLanguage('en')
  signIn()
  vi.stubGlobal('EventSource', Told)
})
afterEach(() => {
  broken = ended = false
  vi.useRealTimers()
  page?.unmount()
  vi.unstubAllGlobals()
})

describe('an open inbox', () => {
  it('is read once; a question in the room costs no request', async () => {
    await open()
    expect(reads('/api/service/inbox')).toBe(1)
    expect(shown()).toEqual(['c:1', 'k1'])
    for (let n = 2; n < 40; n += 1) await say('changed', news({ rows: [row(`c:${n}`, { since: 5 + n })], heard: [`c:${n}`] }))
    expect(shown()).toHaveLength(40)
    expect(shown().slice(0, 3)).toEqual(['c:1', 'k1', 'c:2'])
    expect(asked.filter((one) => one.method === 'GET' && !one.path.includes('foreseen'))).toHaveLength(1)
    await say('changed', news({ rows: [row('c:1', { state: 'closed' })], heard: ['c:1'] }))
    expect(shown()).not.toContain('c:1')
    expect(asked.filter((one) => one.method === 'GET' && !one.path.includes('foreseen'))).toHaveLength(1)
  })

  it('reads the open conversation again only when something happened in it', async () => {
    await open('?room=r1&c=k1')
    const one = '/api/rooms/r1/conversations/'
    expect([reads('/api/service/inbox'), reads(one)]).toEqual([1, 1])
    await say('changed', news({ rows: [row('c:2')], heard: ['c:2'] }))
    await say('changed', news({ room: 'r2', heard: null }))
    expect(reads(one)).toBe(1)
    await say('changed', news({ heard: ['k1'] }))
    expect(reads(one)).toBe(2)
    await say('changed', news({ heard: null }))
    expect(reads(one)).toBe(3)
    expect(reads('/api/service/inbox')).toBe(1)
  })

  it('keeps on the screen what was being written when the conversation ended', async () => {
    await open('?room=r1&c=k1')
    await page!.get('[data-testid="reply-text"]').setValue('on its way')
    ended = true
    await say('changed', news({ heard: ['k1'] }))
    expect(page!.find('[data-testid="reply-text"]').exists()).toBe(false)
    expect(page!.get<HTMLTextAreaElement>('[data-testid="unsent"] textarea').element.value).toBe('on its way')
    await page!.get('[data-testid="unsent-drop"]').trigger('click')
    expect(page!.find('[data-testid="unsent"]').exists()).toBe(false)
  })

  it('reads all of it after nobody listened, and when somebody is new', async () => {
    await open('?room=r1&c=k1')
    await say('ready')
    expect([reads('/api/service/inbox'), reads('/api/rooms/r1/conversations/')]).toEqual([2, 2])
    await say('changed', news({ rows: [row('k2', { agent: 'u7' })], heard: ['k2'] }))
    expect(reads('/api/service/inbox')).toBe(3)
  })

  it('opens even where the news do not come', async () => {
    await open()
    page?.unmount()
    asked.length = 0
    page = mount(InboxPage, { global: { plugins: [createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: InboxPage }] })] } })
    Told.last.onerror?.()
    await flushPromises()
    expect(reads('/api/service/inbox')).toBe(1)
  })
})

describe('comments in line', () => {
  it('are counted, listed, and read again when the line moved', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await open()
    expect(page!.get('[data-testid="inbox-queued"]').isVisible()).toBe(false)
    await say('changed', news({ queued: 9700 }))
    expect(page!.get('[data-testid="inbox-queued"]').text()).toBe('In line 9,700')
    await page!.get('[data-testid="inbox-queued"]').trigger('click')
    await flushPromises()
    expect(asked.at(-1)?.path).toContain('state=queued')
    const before = reads('/api/service/inbox')
    for (let n = 0; n < 20; n += 1) await say('changed', news({ queued: 9700 - n }))
    expect(reads('/api/service/inbox')).toBe(before)
    await vi.advanceTimersByTimeAsync(2100)
    await flushPromises()
    expect(reads('/api/service/inbox')).toBe(before + 1)
  })
})

describe('an inbox that could not be read', () => {
  const pass = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(1600)
    await flushPromises()
  }

  it('is read again until it can be, with what was told meanwhile in it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    broken = true
    await open()
    expect([reads('/api/service/inbox'), shown()]).toEqual([1, []])
    await say('changed', news({ rows: [row('k9')], heard: ['k9'] }))
    await pass()
    expect(reads('/api/service/inbox')).toBe(2)
    broken = false
    await pass()
    expect(shown()).toEqual(['c:1', 'k1'])
    expect(page!.find('[role="alert"]').exists()).toBe(false)
    await pass()
    expect(reads('/api/service/inbox'), 'once it succeeded it is left').toBe(3)
  })

  it('is read after nobody listened, although the old rows are there, and at once where one asks', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await open()
    broken = true
    await say('ready')
    expect(page!.find('[role="alert"]').exists()).toBe(true)
    await say('changed', news({ rows: [row('k7', { agent: 'somebody' })], heard: ['k7'] }))
    expect(shown(), 'what is told shows all the same').toContain('k7')
    broken = false
    await page!.get('[data-testid="inbox-retry"]').trigger('click')
    await flushPromises()
    expect(shown()).toEqual(['c:1', 'k1'])
    await pass()
    expect(reads('/api/service/inbox')).toBe(3)
  })
})

describe('news laid over a list', () => {
  it('keep its order, replace, and drop what left', () => {
    const rows = [row('a', { since: 3 }), row('b', { since: 8 }), row('c', { since: 0, last_at: 9 })]
    const told = [row('a', { since: 0, last_at: 20 }), row('d', { since: 5 }), row('b', { state: 'closed' })]
    expect(withNews(rows, told, 'open').map((one) => one.conversation)).toEqual(['d', 'a', 'c'])
    expect(withNews([row('x', { state: 'closed', last_at: 2 })], told, 'closed').map((one) => one.conversation)).toEqual(['b', 'x'])
  })
})
