import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, watchEffect } from 'vue'
import { byParts, openRoom, type LiveRoom } from '@/live/stream'
import { NOW } from '../fixture'

class FakeSource extends EventTarget {
  static made: FakeSource[] = []
  closed = false

  constructor(readonly url: string) {
    super()
    FakeSource.made.push(this)
  }

  close(): void {
    this.closed = true
  }

  frame(number: number, now: number, changed: Record<string, unknown> = {}): void {
    this.dispatchEvent(new MessageEvent('frame', { data: JSON.stringify({ number, now, rate: 1, changed }) }))
  }

  static get last(): FakeSource {
    const source = FakeSource.made.at(-1)
    if (!source) throw new Error('nothing was opened')
    return source
  }
}

const WHOLE = { 'room.name': 'Room', 'shows.status': 'on_air' }
let live: LiveRoom

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] })
  FakeSource.made = []
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('down'))))
  live = openRoom('r 1')
})

afterEach(() => {
  live.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('live connection', () => {
  it('opens the stream of its room and shows the newest snapshot', () => {
    expect(FakeSource.last.url).toBe('/api/rooms/r%201/live')
    expect(live.connection.value).toBe('connecting')
    FakeSource.last.frame(1, NOW, WHOLE)
    expect(live.connection.value).toBe('live')
    expect(live.snapshot.value).toMatchObject({ number: 1, room: { name: 'Room' }, shows: { status: 'on_air' } })
  })

  it('draws frames that come together as one, and tells each to who listens', async () => {
    const heard: number[] = []
    live.onSnapshot((next) => heard.push(next.number))
    FakeSource.last.frame(1, NOW, WHOLE)
    FakeSource.last.frame(2, NOW + 50, { 'shows.pinned': 'p1' })
    FakeSource.last.frame(3, NOW + 90, { 'shows.status': 'ended' })
    expect(heard).toEqual([1, 2, 3])
    expect(live.snapshot.value?.number).toBe(1)
    await new Promise(requestAnimationFrame)
    expect(live.snapshot.value).toMatchObject({ number: 3, shows: { pinned: 'p1', status: 'ended' } })
  })

  it('tells who reads a part only when that part has changed', async () => {
    FakeSource.last.frame(1, NOW, { ...WHOLE, 'sales.unpaid': 1 })
    const parts = byParts(live)
    const scope = effectScope()
    const read: string[] = []
    scope.run(() => watchEffect(() => read.push(`${parts.shows.status} ${parts.shows.pinned}`)))
    FakeSource.last.frame(2, NOW + 50, { 'sales.unpaid': 2 })
    await new Promise(requestAnimationFrame)
    await nextTick()
    expect(parts.sales.unpaid).toBe(2)
    expect(read).toEqual(['on_air '])
    FakeSource.last.frame(3, NOW + 90, { 'shows.pinned': 'p1' })
    await new Promise(requestAnimationFrame)
    await nextTick()
    expect(read).toEqual(['on_air ', 'on_air p1'])
    scope.stop()
  })

  it('moves the clock between snapshots', () => {
    FakeSource.last.frame(1, NOW, WHOLE)
    vi.advanceTimersByTime(1000)
    expect(live.now.value - NOW).toBe(1000)
  })

  it('reconnects by itself and says what was missed', () => {
    const gaps: boolean[] = []
    FakeSource.last.frame(1, NOW, WHOLE)
    live.onSnapshot((_snapshot, afterGap) => gaps.push(afterGap))
    const first = FakeSource.last
    first.dispatchEvent(new Event('error'))
    expect(first.closed).toBe(true)
    expect(live.connection.value).toBe('lost')
    vi.advanceTimersByTime(600)
    FakeSource.last.dispatchEvent(new Event('error'))
    vi.advanceTimersByTime(1100)
    expect(FakeSource.made.length).toBe(3)
    FakeSource.last.frame(40, NOW + 8000, WHOLE)
    expect(live.connection.value).toBe('live')
    expect(live.gap.value?.seconds).toBe(8)
    expect(gaps).toEqual([true])
  })

  it('does not mix the picture of before into the new one', () => {
    FakeSource.last.frame(1, NOW, { ...WHOLE, 'shows.pinned': 'p1' })
    FakeSource.last.dispatchEvent(new Event('error'))
    vi.advanceTimersByTime(600)
    FakeSource.last.frame(2, NOW + 500, WHOLE)
    expect(live.snapshot.value?.shows.pinned).toBe('')
  })

  it('notices a silent connection', () => {
    FakeSource.last.frame(1, NOW, WHOLE)
    vi.advanceTimersByTime(15_500)
    expect(live.connection.value).toBe('lost')
  })

  it('is kept alive by a quiet server', () => {
    FakeSource.last.frame(1, NOW, WHOLE)
    for (let beat = 0; beat < 6; beat += 1) {
      vi.advanceTimersByTime(5000)
      FakeSource.last.dispatchEvent(new Event('alive'))
    }
    expect(live.connection.value).toBe('live')
  })

  it('stops for good when the room is gone', () => {
    FakeSource.last.frame(1, NOW, WHOLE)
    FakeSource.last.dispatchEvent(new Event('gone'))
    FakeSource.last.dispatchEvent(new Event('error'))
    vi.advanceTimersByTime(60_000)
    expect(live.connection.value).toBe('gone')
    expect(FakeSource.made.length).toBe(1)
  })

  it('is over when closed', () => {
    live.close()
    expect(FakeSource.last.closed).toBe(true)
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.made.length).toBe(1)
  })
})
