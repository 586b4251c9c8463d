/** The one way to the server: JSON over fetch with the cookie session, and one error type. */
import { label, language, t } from '@/i18n'
import { formatDate, formatTime } from '@/i18n/format'

/** What went wrong, with the server's code; `status` 0 is "not reached". */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly retryAfter: number | null
  /** What it clashes with, by name */
  readonly about: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, retryAfter: number | null = null, about: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
    this.about = about
  }
}

type Signal = AbortSignal | undefined
let onSignedOut: () => void = () => {}

/** Called once per answer 401 (the session module goes to the sign-in page). */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler
}

async function errorOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after'))
  let code = `http_${response.status}`
  let message = ''
  try {
    const body: unknown = await response.json()
    if (typeof body === 'object' && body !== null) {
      const fields = body as Record<string, unknown>
      if (typeof fields['error'] === 'string') code = fields['error']
      if (typeof fields['message'] === 'string') message = fields['message']
    }
  } catch {
    // Not JSON (a proxy's page): the status alone speaks.
  }
  return new ApiError(response.status, code, message, Number.isFinite(wait) && wait > 0 ? wait : null)
}

async function send(method: string, path: string, accept: string, body?: unknown, signal?: Signal): Promise<Response> {
  const headers: Record<string, string> = { accept }
  let payload: BodyInit | null = null
  if (body instanceof FormData) payload = body
  else if (body instanceof Blob) {
    headers['content-type'] = body.type
    payload = body
  }
  else if (body !== undefined) {
    headers['content-type'] = 'application/json'
    payload = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await fetch(path, { method, headers, body: payload, credentials: 'same-origin', signal: signal ?? null })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, 'unreachable', '')
  }
  if (!response.ok) {
    const error = await errorOf(response)
    if (response.status === 401) onSignedOut()
    throw error
  }
  return response
}

/** Send a request and return the decoded JSON (undefined for an empty answer). Throws ApiError. */
export async function request<T>(method: string, path: string, body?: unknown, signal?: Signal): Promise<T> {
  const response = await send(method, path, 'application/json', body, signal)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  if (text === '') return undefined as T
  try {
    return JSON.parse(text) as T
  } catch {
    throw new ApiError(response.status, 'bad_answer', '')
  }
}

/** A file that the server makes, with what its headers say of it. Throws ApiError. */
export async function requestFile(method: string, path: string, body?: unknown): Promise<{ content: Blob; headers: Headers }> {
  const response = await send(method, path, '*/*', body)
  return { content: await response.blob(), headers: response.headers }
}

export const get = <T>(path: string, signal?: Signal): Promise<T> => request<T>('GET', path, undefined, signal)
export const post = <T>(path: string, body: unknown = {}): Promise<T> => request<T>('POST', path, body)
export const remove = <T>(path: string): Promise<T> => request<T>('DELETE', path)

/** An address with its query; what is empty is left out. */
export const withQuery = (address: string, query: Record<string, string | number>): string => {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '').map(([key, value]) => [key, String(value)])).toString()
  return text ? `${address}?${text}` : address
}

/** A path with its parts escaped: `path('api', 'rooms', room, 'live')`. */
export function path(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`
}

/** Codes whose translation leaves open what is wrong: the server's own words follow. */
const VAGUE = new Set(['bad_input', 'conflict', 'refused', 'incomplete', 'http_400', 'http_422'])

/** A refusal that names what stands in the way, and until when. */
function clash(code: string, about: Readonly<Record<string, string>>): string {
  const [start, end] = [Number(about['start']), Number(about['end'])]
  const params = { ...about, when: `${formatDate(start)}–${formatTime(end)}` }
  return label('error', about['room'] === '' ? 'taken_elsewhere' : code, code, params)
}

/**
 * What to tell a person about an error. The server writes English: there its own words are the better ones,
 * in another language they only follow where the code says too little.
 */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unexpected', { code: error instanceof Error ? error.message : String(error) })
  const words = error.message && error.message.charAt(0).toUpperCase() + error.message.slice(1)
  if (error.about['kind']) return clash(error.code, error.about)
  // What stands against a live action has words of its own.
  const known = label('error', error.code, label('shelf.short', error.code, label('shelf.code', error.code, '')))
  if (known === '') return words || t('error.unexpected', { code: error.code })
  if (words === '') return known
  return language.value === 'en' ? words : VAGUE.has(error.code) ? `${known} (${error.message})` : known
}
