import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { ClockRow, FaultRow, ListedCase } from '@/api/orders'
import type { RoomRow } from '@/api/types'
import { setLanguage } from '@/i18n'
import OrdersPage from '@/office/orders/OrdersPage.vue'
import { rooms } from '@/office/place'
import { saveFile } from '@/office/parts/save'
import { serve, signIn, type Asked } from './made'

vi.mock('@/office/parts/save', () => ({ saveFile: vi.fn() }))

let mounted: VueWrapper | undefined
const room = { room: 'r1', name: 'Room', platform: 'douyin', nature: 'real', brand: 'b', currency: 'CNY', time_zone: 'Asia/Shanghai', status: 'planned', title: '', started_at: 0 } as RoomRow
const fault = (more: Partial<FaultRow>): FaultRow => ({ room: 'r1', number: '1', fault: 'f', kind: 'mismatch', what: 'amount', have: '1234', got: '0', at: 1, state: 'open', settled_by: '', note: '', currency: 'CNY', choice: '', ...more })

async function open(): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/office/orders', component: OrdersPage }] })
  await router.push('/office/orders')
  mounted = mount(RouterView, { attachTo: document.body, global: { plugins: [router] } })
  await flushPromises()
  return mounted
}

const find = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
  if (!found) throw new Error(`no ${id}`)
  return found
}

function answer(asked: Asked): { body?: unknown; headers?: Record<string, string> } {
  if (asked.path.startsWith('/api/orders.xlsx')) return { body: 'PK', headers: asked.path.includes('state=unpaid') ? {} : { 'X-LiveCue-Cut-At': '50000' } }
  if (asked.path.startsWith('/api/orders/exceptions')) return { body: [fault({}), fault({ number: '2', fault: 'g', what: 'refunded', have: '1500', got: '1800', currency: 'JPY' }), fault({ number: '3', fault: 'h', kind: 'short', what: '4711', got: '3' })] }
  if (asked.path.endsWith('/statement')) return { body: { compared: 1, equal: 0, ours: 0, theirs: 0, errors: [], differences: [{ kind: 'missing_there', order: '9', row: 0, ours: 100, theirs: -1 }] } }
  return { body: { rows: [], next: '', counts: {}, systems: {} } }
}

beforeEach(() => {
  setLanguage('en')
  signIn(['orders', 'watch'])
  rooms.value = [room]
})

afterEach(() => {
  mounted?.unmount()
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
  vi.clearAllMocks()
})

const listed = (name: string, more: Partial<ListedCase> = {}): ListedCase => ({ room: 'r1', number: name, case: `c-${name}`, type: 'return_refund', state: 'wait_receipt', amount: 100, sku: 's', quantity: 1, reason: '', deadline: 0, opened_at: 1, ours: true, damage: false, clock: null, ...more })

describe('after-sale cases', () => {
  it('asks the server for what is ours a page at a time, as it orders them, and says how many there are', async () => {
    const asked = serve((one) => {
      if (!one.path.startsWith('/api/orders/cases')) return answer(one)
      const counts = { ours: 3, open: 700, all: 9000 }
      if (one.path.includes('after=k')) return { body: { rows: [listed('z'), listed('q')], next: '', counts } }
      return { body: { rows: [listed('z'), listed('b', { opened_at: 0 })], next: 'k', counts } }
    })
    const page = await open()
    find('orders-cases').click()
    await flushPromises()
    expect(asked.at(-1)?.path).toContain('whose=ours')
    const numbers = (): string[] => page.findAll('[data-testid="case-row"]').map((row) => row.attributes('data-case') ?? '')
    expect(numbers()).toEqual(['c-z', 'c-b'])
    expect(find('cases-shown').textContent).toContain('2 of 3 listed')
    expect(find('cases-open').textContent).toContain('700')
    find('cases-more').click()
    await flushPromises()
    expect(numbers()).toEqual(['c-z', 'c-b', 'c-q'])
    expect(document.querySelector('[data-testid="cases-more"]')).toBeNull()
    find('cases-all').click()
    await flushPromises()
    expect(asked.at(-1)?.path).toContain('whose=all')
    expect(numbers()).toEqual(['c-z', 'c-b'])
  })

  it('shows the article of the law and by whose word the clock ran, also when it is over', async () => {
    const clock: ClockRow = { clock: 'refund_return', case: 'c-z', since: 1, basis: 'parcel', due_at: 9, ended_at: 5, state: 'kept', forecast: 0, law: { zh: '第二十五条', en: 'Art. 25' } }
    serve((one) => (one.path.startsWith('/api/orders/cases') ? { body: { rows: [listed('z', { clock })], next: '', counts: { ours: 1, open: 1, all: 1 } } } : answer(one)))
    await open()
    find('orders-cases').click()
    await flushPromises()
    expect(find('case-clock').textContent).toContain('Art. 25')
    expect(find('case-clock').textContent).toContain('counted from the carrier’s receipt')
  })
})

describe('orders', () => {
  it('says where an export was cut, and not where it is whole', async () => {
    serve(answer)
    const page = await open()
    find('orders-export').click()
    await flushPromises()
    expect(saveFile).toHaveBeenCalledOnce()
    expect(find('orders-cut').textContent).toContain('50,000')
    await page.find('[data-testid="orders-state"]').setValue('unpaid')
    await flushPromises()
    expect(document.querySelector('[data-testid="orders-cut"]')).toBeNull()
    find('orders-export').click()
    await flushPromises()
    expect(saveFile).toHaveBeenCalledTimes(2)
    expect(document.querySelector('[data-testid="orders-cut"]')).toBeNull()
  })

  it('tells sums that differ as money of their order', async () => {
    serve(answer)
    const page = await open()
    const tab = page.findAll('.lists button').find((button) => button.text().includes('Exceptions'))
    await tab?.trigger('click')
    await flushPromises()
    const told = page.findAll('[data-testid="fault-row"]').map((row) => row.text())
    expect(told[0]).toContain('¥12.34 here, ¥0.00')
    expect(told[1]).toMatch(/1,500 here, .*1,800/)
    expect(told[1]).not.toContain('15.00')
    expect(told[2]).toContain('Short of stock: 3 pcs of 4711')
  })

  it('compares a statement with the days it is of, and saves the same as a workbook', async () => {
    const asked = serve(answer)
    await open()
    find('orders-files').click()
    await flushPromises()
    const input = find('orders-file') as HTMLInputElement
    Object.defineProperty(input, 'files', { value: [new File(['x'], 's.csv')] })
    input.dispatchEvent(new Event('change'))
    const set = async (id: string, value: string): Promise<void> => {
      const field = find(id) as HTMLInputElement
      field.value = value
      field.dispatchEvent(new Event('input'))
      await flushPromises()
    }
    await set('statement-first', '2026-01-31')
    expect((find('orders-statement') as HTMLButtonElement).disabled).toBe(true)
    await set('statement-last', '2026-01-31')
    find('orders-statement').click()
    await flushPromises()
    const day = { since: String(Date.parse('2026-01-30T16:00:00Z')), until: String(Date.parse('2026-01-31T16:00:00Z')) }
    const sent = asked.filter((one) => one.path === '/api/rooms/r1/orders/statement').map((one) => Object.fromEntries([...(one.form ?? new FormData())].filter(([name]) => name !== 'file')))
    expect(sent).toEqual([day])
    expect(find('difference-row').textContent).toContain('not in the statement')
    find('statement-workbook').click()
    await flushPromises()
    const last = asked.filter((one) => one.path === '/api/rooms/r1/orders/statement').at(-1)?.form
    expect([last?.get('since'), last?.get('workbook')]).toEqual([day.since, 'true'])
    expect(saveFile).toHaveBeenCalledOnce()
  })
})
