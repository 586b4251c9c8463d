/** Plans, improvements and a server that answers by address, for the tests of the office. */
import { vi } from 'vitest'
import { wholeSegment, type Improvement, type SegmentPlan, type Show } from '@/api/office'
import { session } from '@/app/session'

export const segment = (id: string, seconds: number, more: Partial<SegmentPlan> = {}): SegmentPlan =>
  wholeSegment({ segment: id, part: 'pitch', title: id.toUpperCase(), duration_s: seconds, ...more })

export const improvement = (id: string, state: Improvement['state'], more: Partial<Improvement> = {}): Improvement => ({
  improvement: id, title: `better ${id}`, role: 'ops', person: '', show: 's1', rule: 'R123', evidence: '', due_at: 0, made_at: 1, state,
  carried_to: '', note: '', title_zh: '', title_en: '', evidence_zh: '', evidence_en: '', ...more,
})

export const show = (more: Partial<Show> = {}): Show => ({
  org: 'o', brand: 'b', room: 'r1', show: 's1', title: 'Evening', status: 'planned', starts_at: 1_000_000, started_at: 0, ended_at: 0,
  version: 3, segments: [segment('a', 60), segment('b', 120, { offset_s: 60 })], products: [], goals: { M41: 100 }, carried: [], ends_at: 0, theme: '', hosts: [], kits: [], lights: [], studio: '', welfare: '', ...more,
})

export interface Asked {
  method: string
  path: string
  body: Record<string, unknown>
  form?: FormData
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | undefined

/** Every request goes to `answer`; what was asked is kept in the list that is returned. */
export function serve(answer: (asked: Asked) => Answer): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    const request: Asked = { method: options.method ?? 'GET', path, body: typeof options.body === 'string' ? (JSON.parse(options.body) as Record<string, unknown>) : {} }
    if (options.body instanceof FormData) request.form = options.body
    asked.push(request)
    const found = answer(request) ?? {}
    return Promise.resolve(new Response(found.body === undefined ? '' : JSON.stringify(found.body), { status: found.status ?? 200, headers: found.headers ?? {} }))
  })
  return asked
}

export const applied = { body: { number: 5, applied: true, refused: null, announced: [] } }
export const refused = (code: string, why: string): Answer => ({ body: { number: 5, applied: false, refused: { code, why }, announced: [] } })

const EVERYTHING = ['watch', 'answer', 'plan', 'run', 'catalog', 'shelf', 'price', 'approve', 'thresholds', 'comments', 'people', 'debrief', 'money', 'audit']

export function signIn(permissions: string[] = EVERYTHING): void {
  session.value = {
    person: 'u1', name: 'Chen', language: 'en', org: 'o', brands: [{ brand: 'b', name: 'Brand' }], roles: [{ role: 'owner', brand: '', room: '' }],
    permissions, demo: false, version: '1',
  }
}
