/**
 * The inbox of this browser: read once when the news begin, then kept by the rows that the server tells; each room
 * with its own time.
 */
import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import { explain } from '@/api/client'
import { loadInbox, loadQueued, type Inbox, type InboxNews, type InboxRow, type ServedRoom } from '@/api/service'

const SILENCE_MS = 15_000
const RETRY_MS = 1500
const TICK_MS = 500
/** Comments in line are read so many at a time, and again so long after the line moved. */
const PAGE = 200
const MOST = 2000
const AGAIN_MS = 2000

export type InboxState = 'open' | 'queued' | 'closed'

const idOf = (row: Pick<InboxRow, 'room' | 'conversation'>): string => `${row.room} ${row.conversation}`
/** As the server lists them: open ones the longest waiting first, then the newest; closed ones the newest first. */
const ORDER: Record<InboxState, (a: InboxRow, b: InboxRow) => number> = {
  open: (a, b) => Number(a.since === 0) - Number(b.since === 0) || a.since - b.since || b.last_at - a.last_at,
  queued: (a, b) => a.since - b.since || (a.conversation < b.conversation ? -1 : a.conversation > b.conversation ? 1 : 0),
  closed: (a, b) => b.last_at - a.last_at,
}

/** `rows` with what is told of them; what is not in the shown state any more leaves. */
export function withNews(rows: readonly InboxRow[], news: readonly InboxRow[], state: InboxState): InboxRow[] {
  const told = new Set(news.map(idOf))
  return [...rows.filter((row) => !told.has(idOf(row))), ...news.filter((row) => row.state === state)].sort(ORDER[state])
}

export function useInbox() {
  const data = shallowRef<Inbox | null>(null)
  const state = ref<InboxState>('open')
  const failure = ref('')
  const lost = ref(false)
  const real = ref(performance.now())
  /** In which conversations something was said or done, newest news last; null: it may be any. */
  const heard: Ref<{ room: string; conversations: ReadonlySet<string> | null }> = shallowRef({ room: '', conversations: new Set<string>() })
  const clocks = shallowRef<Readonly<Record<string, { now: number; at: number }>>>({})
  let heardAt = performance.now()
  let stop = new AbortController()
  /** What was told while the inbox was being read: the answer may be older. */
  let meanwhile: InboxNews[] | null = null
  let source: EventSource | null = null
  let closed = false
  let began = false
  let again: ReturnType<typeof setTimeout> | undefined
  let soon: ReturnType<typeof setTimeout> | undefined

  async function reload(): Promise<void> {
    stop.abort()
    clearTimeout(again)
    clearTimeout(soon)
    soon = undefined
    const mine = new AbortController()
    stop = mine
    const shown = state.value === 'queued' && data.value ? data.value.rows.length : 0
    meanwhile = []
    try {
      const found = await loadInbox(state.value, mine.signal, Math.min(MOST, Math.max(PAGE, shown)))
      if (mine.signal.aborted) return
      data.value = found
      const at = performance.now()
      clocks.value = Object.fromEntries(found.rooms.map((room) => [room.room, { now: room.now, at }]))
      failure.value = ''
      const told = meanwhile
      meanwhile = null
      told.forEach(take)
    } catch (error) {
      if (mine.signal.aborted) return
      // What is shown may be older than what was told meanwhile: it is read again until that succeeds.
      meanwhile = null
      failure.value = explain(error)
      again = setTimeout(() => void reload(), RETRY_MS)
    }
  }

  function take(news: InboxNews): void {
    if (meanwhile) {
      meanwhile.push(news)
      return
    }
    // The first reading failed: the next one, which is soon, has this in it.
    if (!data.value) return
    const people = data.value.people
    clocks.value = { ...clocks.value, [news.room]: { now: news.now, at: performance.now() } }
    // Somebody whom nobody had named when the inbox was read.
    if (news.rows.some((row) => row.agent !== '' && !(row.agent in people)) && !failure.value) void reload()
    else data.value = { ...data.value, rows: news.rows.length > 0 ? withNews(data.value.rows, news.rows, state.value) : data.value.rows, queued: { ...data.value.queued, [news.room]: news.queued } }
    // Of those in line only the number is told: what is shown of them is read again, but not for each of a flood.
    if (state.value === 'queued') soon ??= setTimeout(() => void reload(), AGAIN_MS)
  }

  function listen(): void {
    if (closed) return
    source?.close()
    source = new EventSource('/api/service/live')
    const alive = (): void => {
      heardAt = performance.now()
      lost.value = false
    }
    source.onopen = alive
    source.addEventListener('alive', alive)
    source.addEventListener('ready', () => {
      alive()
      // The news are whole from here on: what was before is read once, whatever happened while nobody listened.
      void reload()
      if (began) heard.value = { room: '', conversations: null }
      began = true
    })
    source.addEventListener('changed', (event) => {
      alive()
      const news = JSON.parse((event as MessageEvent<string>).data) as InboxNews
      take(news)
      const rows = news.rows.map((row) => row.conversation)
      heard.value = { room: news.room, conversations: news.heard && new Set([...news.heard, ...rows]) }
    })
    source.onerror = () => {
      lost.value = true
      if (data.value === null && meanwhile === null) void reload()
      if (source?.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS)
    }
  }

  const timer = setInterval(() => {
    real.value = performance.now()
    if (real.value - heardAt > SILENCE_MS) {
      lost.value = true
      heardAt = real.value
      listen()
    }
  }, TICK_MS)

  const rooms = computed(() => new Map<string, ServedRoom>((data.value?.rooms ?? []).map((room) => [room.room, room])))

  /** Room time now, ms: waits are reckoned in the room's own time. */
  function now(room: string): number {
    const found = clocks.value[room]
    return found ? found.now + (real.value - found.at) : 0
  }

  /** Comments in line in all rooms. */
  const queued = computed(() => Object.values(data.value?.queued ?? {}).reduce((sum, n) => sum + n, 0))

  /** Open conversations, comments in line, or what is closed. */
  function show(next: InboxState): void {
    if (state.value !== next && data.value) data.value = { ...data.value, rows: [] }
    state.value = next
    void reload()
  }

  /** The next of those in line. */
  async function more(): Promise<void> {
    const last = data.value?.rows.at(-1)
    if (!last || state.value !== 'queued') return
    try {
      const found = await loadQueued(last, PAGE)
      if (data.value && state.value === 'queued') data.value = { ...data.value, rows: withNews(data.value.rows, found.rows, 'queued'), queued: found.queued }
    } catch (error) {
      failure.value = explain(error)
    }
  }

  function name(person: string): string {
    return data.value?.people[person] ?? person
  }

  listen()
  onScopeDispose(() => {
    closed = true
    stop.abort()
    clearTimeout(again)
    clearTimeout(soon)
    source?.close()
    clearInterval(timer)
  })
  return { data, state, show, more, queued, failure, lost, heard, rooms, now, name, reload }
}

export type InboxDesk = ReturnType<typeof useInbox>
