/** What every panel of the console shares: the live room, the ways to act, and what is selected. */
import { computed, inject, onScopeDispose, provide, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { explain, get } from '@/api/client'
import { sendCommand, type Command } from '@/api/commands'
import type { RoomRow } from '@/api/types'
import { may } from '@/app/session'
import { provideChecks } from '@/compliance/check'
import { t } from '@/i18n'
import { openCues } from '@/live/cues'
import { nameIn, plainName, usePeople } from '@/live/people'
import { currentSegment, nextSegment } from '@/live/segments'
import { byParts, useRoom, type LiveRoom } from '@/live/stream'
import type { CueView, ProductCard, SegmentState, Snapshot } from '@/live/types'
import { changeOf, PendingActions, type ShelfAction } from './pending'

export interface Notice {
  id: number
  tone: 'good' | 'bad'
  text: string
}

export interface Console {
  live: LiveRoom
  /** The newest snapshot, part by part; panels are rendered only once there is one */
  snapshot: ComputedRef<Snapshot>
  now: Readonly<Ref<number>>
  currency: ComputedRef<string>
  zone: ComputedRef<string>
  products: ComputedRef<Record<string, ProductCard>>
  productNames: ComputedRef<Record<string, string>>
  /** What a person is called; "" for "" */
  nameOf: (person: string) => string
  segment: ComputedRef<SegmentState | null>
  upcoming: ComputedRef<SegmentState | null>
  cues: ComputedRef<CueView[]>
  selectedCue: Ref<string>
  /** Id of the cue whose "dismiss" menu is open, "" for none */
  dismissing: Ref<string>
  pending: PendingActions
  notices: Readonly<Ref<readonly Notice[]>>
  allowed: (permission: string) => boolean
  /** Whether something connected to this room can perform actions of this kind; true as long as nobody says no. */
  can: (action: string) => boolean
  /** Send a command; false (and a notice) when it was refused or not reached. */
  send: (command: Command) => Promise<boolean>
  answerCue: (cue: string, answer: 'seen' | 'done' | 'dismissed', reason?: string) => Promise<boolean>
  startSegment: (segment: SegmentState) => Promise<boolean>
  act: (kind: ShelfAction, product: string) => Promise<boolean>
  tell: (text: string, tone?: Notice['tone']) => void
}

const KEY: InjectionKey<Console> = Symbol('console')
const NOTICE_MS = 6000
const EMPTY_CARDS: Record<string, ProductCard> = {}

export function provideConsole(room: string): Console {
  provideChecks({ room: () => room })
  const live = useRoom(room)
  const parts = byParts(live)
  const snapshot = computed(() => parts)
  const capabilities = shallowRef<string[] | null>(null)
  get<RoomRow[]>('/api/rooms').then(
    (rows) => (capabilities.value = rows.find((row) => row.room === room)?.capabilities ?? null),
    () => undefined,
  )
  const listed = usePeople(() => room)
  const duty = computed(() => live.snapshot.value?.team.duty ?? [])
  // A duty without a name carries the id in its place.
  const peopleNames = computed(() => ({
    ...Object.fromEntries(duty.value.filter((entry) => entry.name && entry.name !== entry.person).map((entry) => [entry.person, plainName(entry.name)])),
    ...Object.fromEntries(Object.entries(listed.names.value).map(([person, name]) => [person, plainName(name)])),
  }))
  // Somebody new came on duty: ask again what they are called.
  watch(() => duty.value.map((entry) => entry.person).filter((person) => !(person in listed.names.value)).join(), (fresh) => {
    if (fresh) void listed.reload()
  })
  const pending = new PendingActions()
  const notices = shallowRef<readonly Notice[]>([])
  const selectedCue = ref('')
  const dismissing = ref('')
  let noticeId = 0

  function tell(text: string, tone: Notice['tone'] = 'bad'): void {
    const notice: Notice = { id: (noticeId += 1), tone, text }
    notices.value = [...notices.value.slice(-2), notice]
    setTimeout(() => (notices.value = notices.value.filter((one) => one.id !== notice.id)), NOTICE_MS)
  }

  async function send(command: Command): Promise<boolean> {
    try {
      await sendCommand(room, command, live.snapshot.value?.number ?? 0)
      return true
    } catch (error) {
      tell(explain(error))
      return false
    }
  }

  const products = computed<Record<string, ProductCard>>(() => {
    const now = live.snapshot.value
    if (!now) return EMPTY_CARDS
    const cards = { ...now.catalog.products }
    for (const card of now.shows.products) cards[card.product] = { ...cards[card.product], ...card }
    return cards
  })

  async function act(kind: ShelfAction, product: string): Promise<boolean> {
    const change = changeOf(kind, product)
    if (pending.state(change)) return false
    pending.add(kind, product, performance.now())
    const sent = await send({ kind: 'ActionAsked', action: { kind, product } })
    if (!sent) pending.remove(change)
    return sent
  }

  function settle(now: Snapshot): void {
    for (const item of pending.check(now, performance.now())) {
      tell(t('console.products.failed', { action: t(`console.actions.${item.kind}`), name: products.value[item.product]?.name ?? item.product }))
    }
  }

  const cues = computed(() => openCues(live.snapshot.value?.cues.cues ?? []))
  watch(cues, (list) => {
    // The selection stays where it is as long as its cue is open, else it goes to the most urgent one.
    if (!list.some((cue) => cue.cue === selectedCue.value)) selectedCue.value = list[0]?.cue ?? ''
    if (dismissing.value && !list.some((cue) => cue.cue === dismissing.value)) dismissing.value = ''
  })
  onScopeDispose(live.onSnapshot(settle))

  const context: Console = {
    live,
    snapshot,
    now: live.now,
    currency: computed(() => snapshot.value.room.currency),
    zone: computed(() => snapshot.value.room.time_zone),
    products,
    productNames: computed(() => Object.fromEntries(Object.values(products.value).map((card) => [card.product, card.name]))),
    nameOf: (person) => nameIn(peopleNames.value, person),
    segment: computed(() => currentSegment(snapshot.value.shows)),
    upcoming: computed(() => nextSegment(snapshot.value.shows)),
    cues,
    selectedCue,
    dismissing,
    pending,
    notices,
    allowed: (permission) => may(permission) || may('all'),
    can: (action) => capabilities.value?.includes(action) ?? true,
    send,
    answerCue: (cue, answer, reason = '') => send({ kind: 'CueAnswerGiven', cue, answer, ...(reason ? { reason } : {}) }),
    async startSegment(segment) {
      const sent = await send({ kind: 'SegmentStarted', show: snapshot.value.shows.show, segment: segment.segment })
      if (sent) tell(t('console.segment_started', { title: segment.title || segment.segment }), 'good')
      return sent
    },
    act,
    tell,
  }
  provide(KEY, context)
  return context
}

/** The console that the calling panel is part of. */
export function useConsole(): Console {
  const context = inject(KEY)
  if (!context) throw new Error('a console panel stands outside the console')
  return context
}
