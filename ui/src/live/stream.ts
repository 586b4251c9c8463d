/**
 * The live connection of one room: newest snapshot, room clock, state of the connection and what was missed.
 * One connection is shared by all components of a page; it closes when the last of them leaves.
 */
import { computed, onScopeDispose, readonly, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { ApiError, get, path } from '@/api/client'
import { RoomClock } from './clock'
import { Picture, type Frame } from './frame'
import { gapBetween, type Gap } from './gap'
import { complete } from './snapshot'
import type { Snapshot } from './types'

export type Connection = 'connecting' | 'live' | 'lost' | 'gone'

/** Nothing heard for this long on an open connection: it is dead without knowing it. */
const SILENCE_MS = 15_000
const RETRY_MS = [500, 1000, 2000, 3000, 5000]
/** How often the room clock is shown anew. */
const TICK_MS = 200

export interface LiveRoom {
  room: string
  snapshot: Readonly<ShallowRef<Snapshot | null>>
  connection: Readonly<Ref<Connection>>
  /** What the last reconnection missed; null when nothing or dismissed */
  gap: Ref<Gap | null>
  /** Room time in ms, moving between snapshots; 0 before the first */
  now: Readonly<Ref<number>>
  /** Real ms since the newest snapshot arrived */
  silence: Readonly<Ref<number>>
  /** Call with every snapshot, also those that are drawn together with a later one; returns the way to stop. */
  onSnapshot: (listener: (snapshot: Snapshot, afterGap: boolean) => void) => () => void
  close: () => void
}

export function openRoom(room: string): LiveRoom {
  const snapshot = shallowRef<Snapshot | null>(null)
  const connection = ref<Connection>('connecting')
  const gap = ref<Gap | null>(null)
  const now = ref(0)
  const silence = ref(0)
  const clock = new RoomClock()
  const picture = new Picture()
  const listeners = new Set<(snapshot: Snapshot, afterGap: boolean) => void>()
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let heardAt = performance.now()
  let closed = false
  let interrupted = false
  /** What came last; `snapshot` follows it with the next animation frame */
  let newest: Snapshot | null = null
  let drawing = 0

  function receive(text: string): void {
    const real = performance.now()
    const next = complete(picture.apply(JSON.parse(text) as Frame))
    if (next === null) return
    let afterGap = false
    const anew = interrupted || newest === null
    if (interrupted) {
      const missed = gapBetween(newest, next, real)
      if (missed) gap.value = missed
      afterGap = missed !== null
      interrupted = false
    }
    heardAt = real
    attempts = 0
    connection.value = 'live'
    clock.set(next.now, next.rate, real)
    // The clock is shown by its own pace; only a jump is shown at once.
    const shown = clock.at(real)
    if (Math.abs(shown - now.value) > 2 * TICK_MS * Math.max(1, next.rate)) now.value = shown
    newest = next
    // Frames that came while the page was busy are drawn as one. A hidden page has no animation frames.
    if (anew || document.visibilityState !== 'visible') draw()
    else if (drawing === 0) drawing = requestAnimationFrame(draw)
    for (const listener of listeners) listener(next, afterGap)
  }

  function draw(): void {
    cancelAnimationFrame(drawing)
    drawing = 0
    snapshot.value = newest
    // Nothing in the picture is later than the clock beside it.
    if (newest !== null && newest.now > now.value) now.value = clock.at(performance.now())
  }

  function drop(): void {
    source?.close()
    source = null
  }

  function lose(): void {
    if (closed || connection.value === 'gone') return
    drop()
    interrupted = true
    connection.value = snapshot.value === null && attempts === 0 ? 'connecting' : 'lost'
    clearTimeout(retry)
    retry = setTimeout(connect, RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)])
    attempts += 1
    // An EventSource hides the status of a refusal: ask plainly whether we are still signed in.
    if (attempts % 3 === 0) {
      get(path('api', 'session')).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) close()
      })
    }
  }

  function connect(): void {
    if (closed) return
    drop()
    heardAt = performance.now()
    picture.reset()
    const opened = new EventSource(path('api', 'rooms', room, 'live'))
    source = opened
    opened.addEventListener('frame', (event) => receive((event as MessageEvent<string>).data))
    opened.addEventListener('alive', () => {
      heardAt = performance.now()
    })
    opened.addEventListener('gone', () => {
      connection.value = 'gone'
      drop()
    })
    opened.addEventListener('error', () => {
      if (source === opened) lose()
    })
  }

  const ticker = setInterval(() => {
    const real = performance.now()
    now.value = clock.at(real)
    silence.value = snapshot.value === null ? 0 : real - heardAt
    if (connection.value === 'live' && real - heardAt > SILENCE_MS) lose()
  }, TICK_MS)

  function awake(): void {
    // What was to be drawn when the page was hidden.
    if (drawing !== 0) draw()
    // Coming back to a sleeping tab or network: do not wait for the next attempt.
    if (document.visibilityState === 'visible' && connection.value === 'lost') {
      clearTimeout(retry)
      connect()
    }
  }
  document.addEventListener('visibilitychange', awake)
  window.addEventListener('online', awake)

  function close(): void {
    closed = true
    clearInterval(ticker)
    clearTimeout(retry)
    cancelAnimationFrame(drawing)
    drop()
    listeners.clear()
    document.removeEventListener('visibilitychange', awake)
    window.removeEventListener('online', awake)
  }

  connect()
  return {
    room,
    snapshot: snapshot as Readonly<ShallowRef<Snapshot | null>>,
    connection: readonly(connection),
    gap,
    now: readonly(now),
    silence: readonly(silence),
    onSnapshot(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close,
  }
}

const open = new Map<string, { live: LiveRoom; users: number }>()

/** The live connection of `room` for the calling component; shared, and closed with its last user. */
export function useRoom(room: string): LiveRoom {
  let entry = open.get(room)
  if (!entry) {
    entry = { live: openRoom(room), users: 0 }
    open.set(room, entry)
  }
  const held = entry
  held.users += 1
  onScopeDispose(() => {
    held.users -= 1
    if (held.users === 0) {
      held.live.close()
      if (open.get(room) === held) open.delete(room)
    }
  })
  return held.live
}

/**
 * The newest snapshot, read part by part: who reads one is told only when that part has changed, not with every frame.
 * To be read once there is a snapshot.
 */
export function byParts(live: LiveRoom): Snapshot {
  const parts = new Map<string, ComputedRef<unknown>>()
  return new Proxy({} as Snapshot, {
    get(_, name) {
      if (typeof name !== 'string') return undefined
      let part = parts.get(name)
      if (!part) {
        part = computed(() => (live.snapshot.value as unknown as Record<string, unknown>)[name])
        parts.set(name, part)
      }
      return part.value
    },
  })
}

/** A part of the snapshot that stays `fallback` until the first one has come. */
export function partOf<T>(live: LiveRoom, select: (snapshot: Snapshot) => T, fallback: T): Readonly<Ref<T>> {
  return computed(() => (live.snapshot.value === null ? fallback : select(live.snapshot.value)))
}
