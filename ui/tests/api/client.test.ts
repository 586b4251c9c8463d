import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError, explain, get, path, post, whenSignedOut } from '@/api/client'
import { newId, sendCommand } from '@/api/commands'
import { setLanguage } from '@/i18n'

const answer = (status: number, body?: unknown, headers: Record<string, string> = {}): Response =>
  new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers })

afterEach(() => {
  vi.unstubAllGlobals()
  setLanguage('zh')
})

function serve(...answers: (Response | Error)[]) {
  const fetched = vi.fn<(path: string, options: RequestInit) => Promise<Response>>(() => {
    const next = answers.shift()
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? answer(500))
  })
  vi.stubGlobal('fetch', fetched)
  return fetched
}

describe('client', () => {
  it('decodes JSON and empty answers', async () => {
    serve(answer(200, { a: 1 }), answer(204))
    expect(await get('/x')).toEqual({ a: 1 })
    expect(await post('/x')).toBeUndefined()
  })

  it('carries the server’s code, words and wait', async () => {
    serve(answer(429, { error: 'overloaded', message: 'wait 3 seconds' }, { 'retry-after': '3' }))
    await expect(get('/x')).rejects.toMatchObject({ status: 429, code: 'overloaded', retryAfter: 3 })
  })

  it('says so when nobody answers, or not in JSON', async () => {
    serve(new TypeError('failed'), answer(502, '<html>'), answer(200, 'oops'))
    await expect(get('/x')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
    await expect(get('/x')).rejects.toMatchObject({ status: 502, code: 'http_502' })
    await expect(get('/x')).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it('tells when nobody is signed in any more', async () => {
    const told = vi.fn()
    whenSignedOut(told)
    serve(answer(401, { error: 'not_signed_in', message: '' }))
    await expect(get('/x')).rejects.toBeInstanceOf(ApiError)
    expect(told).toHaveBeenCalledOnce()
  })

  it('escapes the parts of a path', () => {
    expect(path('api', 'rooms', 'a/b ?', 'live')).toBe('/api/rooms/a%2Fb%20%3F/live')
  })

  it('explains errors in the language of the screen', () => {
    setLanguage('en')
    expect(explain(new ApiError(0, 'unreachable', ''))).toContain('cannot be reached')
    expect(explain(new ApiError(422, 'brand_new', 'row 3 is wrong'))).toBe('Row 3 is wrong')
    expect(explain(new Error('x'))).toContain('x')
  })
})

describe('commands', () => {
  it('send an id of their own and the number that was seen', async () => {
    const fetched = serve(answer(200, { number: 9, applied: true, refused: null, announced: [] }))
    await sendCommand('r1', { kind: 'CueAnswerGiven', cue: 'c1', answer: 'done' }, 8)
    const body = JSON.parse(String(fetched.mock.calls[0]?.[1].body)) as Record<string, unknown>
    expect(body).toMatchObject({ kind: 'CueAnswerGiven', cue: 'c1', answer: 'done', seen: 8 })
    expect(String(body['command']).length).toBeGreaterThan(20)
  })

  it('are sent again with the same id when the server was not reached', async () => {
    const fetched = serve(new TypeError('down'), answer(200, { number: 9, applied: true, refused: null, announced: [] }))
    await sendCommand('r1', { kind: 'ShowStarted' })
    const [first, second] = fetched.mock.calls.map((call) => (JSON.parse(String(call[1].body)) as { command: string }).command)
    expect(second).toBe(first)
  })

  it('fail with the owner’s reason when refused', async () => {
    serve(answer(200, { number: 9, applied: false, refused: { code: 'cue_closed', why: 'answered by somebody else' }, announced: [] }))
    await expect(sendCommand('r1', { kind: 'CueAnswerGiven' })).rejects.toMatchObject({ status: 409, code: 'cue_closed' })
  })

  it('have ids even where the browser makes none', () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(7) })
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
