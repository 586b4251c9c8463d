/**
 * The inbox of this browser: read once when the news begin, then kept by the rows that the server tells; each room
 * with its own time.
 */
import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import { explain } from '@/api/client'
import { loadInbox, type Inbox, type InboxNews, type InboxRow, type ServedRoom } from '@/api/service'

const SILENCE_MS = 15_000
const RETRY_MS = 1500
const TICK_MS = 500

const idOf = (row: Pick<InboxRow, 'room' | 'conversation'>): string => `${row.room} ${row.conversation}`
/** As the server lists them: open ones the longest waiting first, then the newest; closed ones the newest first. */
const ORDER: Record<'open' | 'closed', (a: InboxRow, b: InboxRow) => number> = {
  open: (a, b) => Number(a.since === 0) - Number(b.since === 0) || a.since - b.since || b.last_at - a.last_at,
  closed: (a, b) => b.last_at - a.last_at,
}

/** `rows` with what is told of them; what is not in the shown state any more leaves. */
export function withNews(rows: readonly InboxRow[], news: readonly InboxRow[], state: 'open' | 'closed'): InboxRow[] {
  const told = new Set(news.map(idOf))
  return [...rows.filter((row) => !told.has(idOf(row))), ...news.filter((row) => row.state === state)].sort(ORDER[state])
}

export function useInbox() {
  const data = shallowRef<Inbox | null>(null)
  const state = ref<'open' | 'closed'>('open')
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

  async function reload(): Promise<void> {
    stop.abort()
    clearTimeout(again)
    const mine = new AbortController()
    stop = mine
    meanwhile = []
    try {
      const found = await loadInbox(state.value, mine.signal)
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
    else if (news.rows.length > 0) data.value = { ...data.value, rows: withNews(data.value.rows, news.rows, state.value) }
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

  /** Open conversations, or those that are closed. */
  function show(next: 'open' | 'closed'): void {
    state.value = next
    void reload()
  }

  function name(person: string): string {
    return data.value?.people[person] ?? person
  }

  listen()
  onScopeDispose(() => {
    closed = true
    stop.abort()
    clearTimeout(again)
    source?.close()
    clearInterval(timer)
  })
  return { data, state, show, failure, lost, heard, rooms, now, name, reload }
}

export type InboxDesk = ReturnType<typeof useInbox>
