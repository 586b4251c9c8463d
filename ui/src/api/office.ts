/** What the office asks of the server: shows, catalogue, people, rules, actions, health, audit, doors. */
import type { ProductCard, Snapshot, StockView } from '@/live/types'
import { get, path, post, remove, request, withQuery } from './client'
import { newId } from './commands'
import type { Grant, Mark, Nature, ShowStatus, Words } from './types'

/** A prize draw as it is planned: what must be published before it begins */
export interface DrawPlan {
  kind: string
  prize: string
  prizes: number
  /** Of one prize, minor units */
  value: number
  /** How often one person can win in it */
  chances: number
  conditions: string
  method: string
  word: string
  /** Seconds after the segment begins; 0 is not told */
  after_s: number
  odds: string
  claim: string
  published: string
}

export interface SegmentPlan {
  segment: string
  part: string
  title: string
  /** Seconds from the planned start */
  offset_s: number
  duration_s: number
  product: string
  /** Person id */
  host: string
  talk_track: string
  stock_cue: string
  screen: string
  light: string
  props: string
  /** Minor units of the room's currency */
  target_gmv: number
  target_orders: number
  draw?: DrawPlan | null
}

export interface Show {
  org: string
  brand: string
  room: string
  show: string
  title: string
  status: ShowStatus
  starts_at: number
  started_at: number
  ended_at: number
  version: number
  segments: SegmentPlan[]
  products: ProductCard[]
  /** Metric id to target in the metric's unit (money in minor units) */
  goals: Record<string, number>
  carried: string[]
  /** Planned end; 0 is by the rundown */
  ends_at: number
  theme: string
  hosts: string[]
  kits: string[]
  lights: string[]
  studio: string
  welfare: string
}

export interface RanSegment {
  segment: string
  part: string
  title: string
  product: string
  host: string
  planned_start: number
  planned_end: number
  started_at: number
  ended_at: number
}

export interface Improvement {
  improvement: string
  title: string
  role: string
  person: string
  show: string
  rule: string
  evidence: string
  due_at: number
  made_at: number
  state: 'proposed' | 'accepted' | 'rejected' | 'done' | 'carried'
  /** The show whose plan takes it up */
  carried_to: string
  note: string
  /** In both languages what a debrief proposed; "" where a person wrote it */
  title_zh: string
  title_en: string
  evidence_zh: string
  evidence_en: string
}

export interface Product {
  brand: string
  card: ProductCard
  currency: string
  /** null: hidden from who lacks the permission `money` */
  cost: number | null
  supplier: string
  /** Commission in basis points of the price; null as above */
  commission_bp: number | null
  active: boolean
}

export interface Catalogue {
  products: Product[]
  stock: StockView[]
  /** Under so many pieces a product is low: the highest bound of R030 in the brand's rooms */
  low: number
}

export interface RowError {
  row: number
  column: string
  message: string
  /** What is wrong, as a code; "" where there are no words for it */
  code: string
}

export interface ImportAnswer {
  accepted: number
  /** Columns that were left as they are: they need the permission `money` */
  ignored?: string[]
  /** Opening balances entered, and SKUs whose known balance was kept */
  stock?: { entered: number; kept: string[] }
  rejected: RowError[]
  /** Rows whose prices look like fen: sent again with `sure` they are taken */
  doubted?: number
}

export interface PersonRow {
  person: string
  org: string
  name: string
  login: string
  language: string
  active: boolean
  /** As they hold, room by room */
  grants: Grant[]
  /** Given for a platform account */
  accounts: { role: string; brand: string; account: string }[]
}

/** How often in one past show; null: nobody can tell, `why` by a code. A 0 may bear a `why`: nothing to fire on. */
export interface Fired {
  show: string
  count: number | null
  why: string
  metric: string
  /** Share of the moments looked at in which the figures were known */
  told: number
}

export interface PastShow {
  show: string
  title: string
  started_at: number
  on_air: boolean
}

/** The past is counted in the background: ask again until `done` is `of`. */
export interface Counting {
  shows: PastShow[]
  counting: { done: number; of: number; failed: string }
}

export interface PresetRow {
  name: string
  valid_from: number
  values: Record<string, number>
  mark: Mark
  source: string
  definition: Words
  currency: string
  fired: Fired[]
}

/** For whom a threshold is set; the later in this list wins. */
export const LAYERS = ['all', 'platform', 'room', 'category'] as const
export type Layer = (typeof LAYERS)[number]

export interface InUse {
  /** Name of the preset in force */
  name: string
  values: Record<string, number>
  off: boolean
  /** Who chose the preset; "" is shipped */
  chosen_by: Layer | ''
  off_by: Layer | ''
  /** Who set a value that is not the preset's own */
  values_by: Record<string, Layer>
}

export interface ThresholdChange {
  command: string
  scope: 'all' | 'platform' | 'room'
  category: string
  platform: string
  preset: string
  values: Record<string, number>
  off: boolean
  reset: boolean
  undoes: string
  undone: boolean
  set_at: number
  name: string
}

export interface RuleInForce extends InUse {
  rule: string
  /** Name of the preset in force */
  preset: string
  valid_from: number
  /** Some value was set by a person */
  own: boolean
  mark: Mark
  source: string
  definition: Words
  /** What it watches where no metric of the reference says it */
  watches: Words | null
  /** Why it has no sample or no recovery bound */
  without: Record<string, Words>
  metrics: string[]
  window: string
  scope: string
  roles: string[]
  escalate: string[]
  priority: number
  interrupting: boolean
  urgent: boolean
  judge: string
  judge_metric: string
  currency: string
  say: Words
  presets: PresetRow[]
  fired: Fired[]
  /** Categories of products with values of their own */
  categories: Record<string, InUse>
  /** Layers in which something stands here: all, platform, room, category:<name> */
  layers: string[]
  /** Newest first */
  changes: ThresholdChange[]
}

/** Bounds that are set as those of a rule: the comment desk's, the stages' */
export interface DeskInForce {
  name: string
  valid_from: number
  mark: Mark
  source: string
  definition: Words
  values: Record<string, number>
  values_by: Record<string, Layer>
  chosen_by: Layer | ''
  layers: string[]
  changes: ThresholdChange[]
  value_names: Record<string, ValueName>
}

/** How a value is called, and between what it may be set */
export interface ValueName extends Words {
  least: number
  most: number | null
}

export interface RulesAnswer extends Counting {
  rules: RuleInForce[]
  limits: { host_gap_s: number }
  desk: DeskInForce
  /** R090 to R092: the brand's, the same in each of its rooms */
  stage: DeskInForce
  value_names: Record<string, ValueName>
}

export interface ActionRow {
  action: string
  brand: string
  room: string
  kind: string
  by: string
  what: Record<string, unknown>
  state: string
  attempts: number
  next_at: number
  made_at: number
  result: string
  why: string
}

export interface Health {
  waiting_events: number
  backlog: number
  folded_events: number
  last_commit_at: number
  last_error: string
  /** ms by the server's clock */
  at: number
  /** codes, see office.health.trouble */
  troubles: string[]
  /** bytes; backup_at in ms */
  sizes: { disk_free?: number; database?: number; backup_at?: number }
  answer_p99_ms: number | null
  /** null when one program does everything; this one first */
  programs: { program: string; roles: string[] }[] | null
  /** owner and epoch only where programs share the rooms; owner "" is nobody just now */
  rooms: Record<string, { waiting: number; now: number; watching: number; on_air: boolean; control_ms: number | null; cue_ms: number | null; /** null where another program hears them */ feeds: { feed: string; age_ms: number | null }[] | null; owner?: string; epoch?: number }>
  /** When closed shows were archived last; error "" is well; null before the first run */
  history: { at: number; error: string } | null
  stopped: { room: string; part: string; batch: number; error: string; at: number }[]
  /** What a rebuild said otherwise than the record, of rooms where it did: a sign of a defect */
  differing: { room: string; count: number; first: string }[]
  owed: { room: string; decider: string; since: number; attempts: number; next_at: number; error: string }[]
  actions: Record<string, number>
}

export interface TokenRow {
  name: string
  scope: string
  made_at: number
  expires_at: number
  revoked: boolean
  /** The beginning of its hash: tells two of one name apart */
  id?: string
}

export interface WebhookRow {
  hook: string
  url: string
  kinds: string[]
  made_at: number
  /** In a row */
  failures: number
  error: string
}

export interface PushKind {
  id: string
  platform: string
  zh: string
  en: string
  official: boolean
  settings: { name: string; zh: string; en: string; secret: boolean }[]
}

/** A connection that a platform pushes to; of its settings only the names of those that are set. */
export interface PushRow {
  connection: string
  integration: string
  name: string
  only: string[]
  set: string[]
  made_at: number
  taken: number
  refused: number
  replayed: number
  /** Pushes of other rooms of the platform */
  elsewhere: number
  last_at: number
  error: string
  error_at: number
}

export interface RoomDraft {
  room?: string
  name: string
  brand: string
  platform: string
  nature: Nature
  currency: string
  time_zone: string
  language: string
  category: string
  account?: string
  packs?: string[]
}

const SEGMENT: SegmentPlan = {
  segment: '', part: 'pitch', title: '', offset_s: 0, duration_s: 0, product: '', host: '', talk_track: '',
  target_gmv: 0, target_orders: 0, stock_cue: '', screen: '', light: '', props: '',
}

/** Fields at their default are left out on the wire. */
export const wholeSegment = (given: Partial<SegmentPlan>): SegmentPlan => ({ ...SEGMENT, ...given })

function wholeShow(given: Show): Show {
  return { ...given, segments: given.segments.map(wholeSegment) }
}

function wholeProduct(given: Partial<Product> & { card: ProductCard }): Product {
  return { brand: '', currency: 'CNY', cost: 0, supplier: '', commission_bp: 0, active: true, ...given }
}

export const listShows = async (room: string, signal?: AbortSignal): Promise<Show[]> =>
  (await get<Show[]>(path('api', 'rooms', room, 'shows'), signal)).map(wholeShow)

export async function findShow(show: string, signal?: AbortSignal): Promise<Show & { ran: RanSegment[] }> {
  const found = await get<Show & { ran: RanSegment[] }>(path('api', 'shows', show), signal)
  return { ...wholeShow(found), ran: found.ran ?? [] }
}

export const listImprovements = (room: string, show = '', signal?: AbortSignal): Promise<Improvement[]> =>
  get<Improvement[]>(withQuery(path('api', 'rooms', room, 'improvements'), { show }), signal)

export const snapshotOf = (room: string, signal?: AbortSignal): Promise<Snapshot> =>
  get<Snapshot>(path('api', 'rooms', room, 'snapshot'), signal)

export interface RemovedRoom {
  room: string
  brand: string
  name: string
  platform: string
  nature: Nature
  /** 0 and "" where a program did it */
  removed_at: number
  removed_by: string
}

export const removeRoom = (room: string): Promise<OfficeReceipt> => request('DELETE', path('api', 'rooms', room))
export const listRemoved = (signal?: AbortSignal): Promise<RemovedRoom[]> => get('/api/rooms/removed', signal)
export const restoreRoom = (room: string): Promise<OfficeReceipt> => post('/api/rooms/restore', { room })

export const saveRoom = (draft: RoomDraft): Promise<{ room: string }> => post('/api/rooms', draft)

export async function loadCatalogue(brand: string, signal?: AbortSignal): Promise<Catalogue> {
  const found = await get<Catalogue>(withQuery('/api/catalog/products', { brand }), signal)
  return { products: found.products.map(wholeProduct), stock: found.stock, low: found.low }
}

/** Save one product, whole. Throws ApiError, also when the catalogue refuses it. */
export const saveProduct = (brand: string, product: Omit<Product, 'brand'>): Promise<OfficeReceipt> =>
  post<OfficeReceipt>(withQuery('/api/catalog/products', { brand }), product)

export function importProducts(brand: string, file: File, sure = false): Promise<ImportAnswer> {
  const form = new FormData()
  form.append('file', file)
  return request<ImportAnswer>('POST', withQuery('/api/catalog/import', { brand, sure: sure ? 'true' : '' }), form)
}

export interface OfficeReceipt {
  number: number
  applied: boolean
  refused: { code: string; why: string } | null
}

export const listPeople = (signal?: AbortSignal): Promise<PersonRow[]> => get<PersonRow[]>('/api/team/people', signal)

/** What a brand is called from now on. Throws ApiError; a refusal comes inside the answer. */
export const renameBrand = (brand: string, name: string): Promise<OfficeReceipt> => post<OfficeReceipt>(path('api', 'team', 'brands', brand), { name })

export const savePerson = (row: { person: string; name: string; login: string; language: string; active: boolean }): Promise<OfficeReceipt & { person: string }> =>
  post('/api/team/people', row)

export const changeRole = (person: string, change: Grant & { grant: boolean }): Promise<OfficeReceipt> =>
  post(path('api', 'team', 'people', person, 'roles'), change)

export const signInLink = (person: string): Promise<{ url: string }> => post(path('api', 'team', 'people', person, 'link'))

export const setPassword = (password: string): Promise<void> => post('/api/session/password', { password })

export const loadRules = (room: string, signal?: AbortSignal): Promise<RulesAnswer> => get(withQuery('/api/rules', { room }), signal)

/** How often a rule would have fired over the room's past shows with these values, as far as it is counted. */
export const tryRule = (room: string, rule: string, trial: { values: Record<string, number>; preset: string; category: string }, signal?: AbortSignal): Promise<Counting & { fired: Fired[] }> =>
  request('POST', withQuery(path('api', 'rules', rule, 'fired'), { room }), trial, signal)

export interface RuleChange {
  scope: Layer
  category?: string
  values?: Record<string, number>
  preset?: string
  off?: boolean
  reset?: boolean
  undoes?: string
}

/** Set, reset or undo a threshold for a layer. A refusal comes inside the answer. */
export const changeRule = (room: string, rule: string, change: RuleChange): Promise<OfficeReceipt & { others_refused: { room: string; why: string }[] }> =>
  post(withQuery(path('api', 'rules', rule), { room }), { ...change, command: newId() })

export const listActions = (states: string, signal?: AbortSignal): Promise<ActionRow[]> => get(withQuery('/api/actions', { state: states }), signal)

export const loadHealth = (signal?: AbortSignal): Promise<Health> => get('/api/health', signal)
export const resumeRoom = (room: string): Promise<void> => post(path('api', 'rooms', room, 'resume'))

export const listTokens = (room: string, signal?: AbortSignal): Promise<TokenRow[]> => get(path('api', 'rooms', room, 'tokens'), signal)
export const addToken = (room: string, token: { name: string; scope: string; days: number }): Promise<{ token: string }> =>
  post(path('api', 'rooms', room, 'tokens'), token)
export const revokeToken = (room: string, name: string): Promise<void> => remove(path('api', 'rooms', room, 'tokens', name))

export const listWebhooks = (room: string, signal?: AbortSignal): Promise<WebhookRow[]> => get(path('api', 'rooms', room, 'webhooks'), signal)
export const addWebhook = (room: string, hook: { url: string; kinds: string[] }): Promise<{ hook: string; secret?: string }> =>
  post(path('api', 'rooms', room, 'webhooks'), hook)
export const listPushKinds = (signal?: AbortSignal): Promise<PushKind[]> => get('/api/push-kinds', signal)
export const listPushes = (room: string, signal?: AbortSignal): Promise<PushRow[]> => get(path('api', 'rooms', room, 'pushes'), signal)
export const addPush = (
  room: string,
  made: { integration: string; name: string; settings: Record<string, string>; only: string[] },
): Promise<{ connection: string; address: string }> => post(path('api', 'rooms', room, 'pushes'), made)
export const changePush = (room: string, connection: string, change: { settings: Record<string, string>; only: string[] }): Promise<void> =>
  request('PUT', path('api', 'rooms', room, 'pushes', connection), change)
export const newPushAddress = (room: string, connection: string): Promise<{ connection: string; address: string }> =>
  post(path('api', 'rooms', room, 'pushes', connection, 'address'), {})
export const removePush = (room: string, connection: string): Promise<void> => remove(path('api', 'rooms', room, 'pushes', connection))
export const removeWebhook = (room: string, hook: string): Promise<void> => remove(path('api', 'rooms', room, 'webhooks', hook))
