/** A small server with a made-up show, so that the screens can be worked on alone: `npm run mock`. Never in the build. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { MockShow } from './show.ts'

const TABLES = `
import msgspec, sys
from livecue import reference as r
from livecue.metrics import VARIANTS
sys.stdout.buffer.write(msgspec.json.encode({"rules": r.RULES, "metrics": r.METRICS, "variants": VARIANTS, "roles": r.ROLES, "documents": r.DOCUMENTS}))
`

function referenceTables(): unknown {
  const root = resolve(import.meta.dirname, '../..')
  const python = resolve(root, '.venv/bin/python')
  if (!existsSync(python)) return { rules: {}, metrics: {}, roles: {}, documents: {} }
  return JSON.parse(execFileSync(python, ['-c', TABLES], { cwd: root, maxBuffer: 1e8 }).toString())
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  try {
    return JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, unknown>
  } catch {
    return {}
  }
}

export function mockServer(): Plugin {
  const show = new MockShow()
  const streams = new Set<ServerResponse>()
  let signedIn = true
  let role = 'operator'
  let tables: unknown

  const session = () => ({
    person: 'u1', name: '陈控', language: 'zh', org: 'demo', brands: [{ brand: 'b1', name: '林间' }], roles: [{ role, brand: 'b1', room: '' }],
    permissions: ['watch', 'answer', 'plan', 'run', 'catalog', 'shelf', 'price', 'approve', 'thresholds', 'comments', 'people', 'debrief', 'money', 'audit'], scope: 'full', room: '', acting: role === 'operator' ? 'console' : role, demo: true, version: '0.1.0',
  })
  const rooms = () => [
    { room: 'demo', name: '林间美妆旗舰店', platform: 'simulator', nature: 'simulated', brand: 'b1', currency: 'CNY', time_zone: 'Asia/Shanghai', status: show.ended ? 'ended' : 'on_air', title: '秋日修护专场', started_at: show.snapshot().shows.started_at, capabilities: ['PinProduct', 'UnpinProduct', 'ListProduct', 'DelistProduct', 'ReplyToComment', 'HideComment'] },
    { room: 'r2', name: '林间官方抖音号', platform: 'douyin', nature: 'real', brand: 'b1', currency: 'CNY', time_zone: 'Asia/Shanghai', status: 'planned', title: '周六囤货夜', started_at: 0 },
    { room: 'r3', name: '回放 · 8 月 12 日', platform: 'recording', nature: 'replayed', brand: 'b1', currency: 'CNY', time_zone: 'Asia/Shanghai', status: 'ended', title: '回放', started_at: Date.now() - 7e8 },
  ]

  function send(response: ServerResponse, status: number, body?: unknown): void {
    response.statusCode = status
    response.setHeader('content-type', 'application/json')
    response.end(body === undefined ? '' : JSON.stringify(body))
  }

  let known: Record<string, string> = {}

  /** The picture cut by part and field, as the server cuts it. */
  function sections(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const [part, value] of Object.entries(show.snapshot())) {
      if (['number', 'now', 'rate'].includes(part)) continue
      if (typeof value === 'object' && !Array.isArray(value)) for (const [field, inner] of Object.entries(value)) found[`${part}.${field}`] = JSON.stringify(inner)
      else found[part] = JSON.stringify(value)
    }
    return found
  }

  function frame(before: Record<string, string>, after: Record<string, string>): string {
    const changed = Object.entries(after).filter(([name, text]) => before[name] !== text)
    const body = changed.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')
    return `event: frame\ndata: {"number":${show.number},"now":${Math.round(show.now)},"rate":${show.ended ? 0 : show.rate},"changed":{${body}}}\n\n`
  }

  async function answer(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://mock')
    const [method, path] = [request.method ?? 'GET', url.pathname]
    if (!path.startsWith('/api/')) return next()
    if (path === '/api/session') {
      if (method === 'DELETE') signedIn = false
      if (method === 'POST') {
        if ((await bodyOf(request))['password'] === 'wrong') return send(response, 401, { error: 'bad_credentials', message: '' })
        signedIn = true
      }
      return signedIn ? send(response, 200, session()) : send(response, 401, { error: 'not_signed_in', message: '' })
    }
    if (path === '/api/session/act-as') role = String((await bodyOf(request))['role'])
    else if (path === '/api/reference') return send(response, 200, (tables ??= referenceTables()))
    else if (path === '/api/rooms' && method === 'GET') return send(response, 200, rooms())
    else if (path === '/api/rules') return send(response, 200, [])
    else if (path === '/api/pairing') return send(response, 200, { code: '482 913', expires_at: Date.now() + 300_000, url: 'http://192.168.1.20:8000/pair', qr_svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h4v4H0zM6 0h4v4H6zM0 6h4v4H0zM6 6h2v2H6z"/></svg>' })
    else if (path === '/api/pair') return (await bodyOf(request))['code'] === '0' ? send(response, 404, { error: 'bad_code', message: '' }) : send(response, 200, { room: 'demo' })
    else if (/^\/api\/rooms\/[^/]+\/live$/.test(path)) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      streams.add(response)
      request.on('close', () => streams.delete(response))
      response.write(frame({}, sections()))
      return
    } else if (/\/commands$/.test(path)) {
      const refused = show.command(await bodyOf(request))
      return send(response, 200, { number: show.number, applied: refused === null, refused, announced: [] })
    } else if (/^\/api\/demo\/[^/]+\/rate$/.test(path)) show.rate = Number((await bodyOf(request))['rate'])
    else if (/^\/api\/demo\/[^/]+\/end$/.test(path)) show.ended = true
    else if (path === '/api/mock/drop') for (const stream of streams) stream.destroy()
    // The office needs the real server: `livecue demo`, and `npm run dev` with LIVECUE_BACKEND at its address.
    else return send(response, 404, { error: 'not_found', message: '' })
    send(response, 204)
  }

  return {
    name: 'livecue-mock',
    apply: 'serve',
    configureServer(server) {
      let last = Date.now()
      const timer = setInterval(() => {
        const now = Date.now()
        show.step(now - last)
        last = now
        const next = sections()
        const text = frame(known, next)
        known = next
        for (const stream of streams) stream.write(text)
      }, 250)
      server.httpServer?.on('close', () => clearInterval(timer))
      server.middlewares.use((request, response, next) => void answer(request, response, next))
    },
  }
}
