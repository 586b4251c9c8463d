/** A made-up show that moves: what the screens are drawn against when no server runs. Development only. */
import type { CommentView, CueView, Judgement, MinuteRow, OpenAction, ProductCard, Reading, SegmentState, Snapshot } from '../src/live/types.ts'
import { LINES, NAMES, TOPICS, type Line } from './words.ts'

const MIN = 60_000
type Metric = [metric: string, window: string, unit: string]

const PRODUCTS: ProductCard[] = [
  { product: 'p1', name: '舒缓修护面霜 50g', role: 'profit', number: 1, price: 16900, skus: ['p1-50'], selling_points: ['神经酰胺 + 角鲨烷，28 天修护屏障', '敏感肌斑贴测试 200 人通过', '今晚买一送同款 15g 小样'], keywords: ['面霜'] },
  { product: 'p2', name: '氨基酸洁面乳 120ml', role: 'hook', number: 2, price: 3990, skus: ['p2-120'], selling_points: ['pH 5.5 弱酸，洗后不紧绷', '第二件半价，限 500 份'] },
  { product: 'p3', name: '玻尿酸补水面膜 20 片', role: 'deal', number: 3, price: 990, skus: ['p3-20'], selling_points: ['9.9 元 20 片，只在直播间', '每人限一份'] },
  { product: 'p4', name: '丝绒哑光口红', role: 'profit', number: 4, price: 8900, skus: ['p4-01', 'p4-02', 'p4-03'], selling_points: ['12 小时不沾杯', '黄皮友好：02 枫叶红', '送唇膜一支'] },
  { product: 'p5', name: '轻透防晒乳 SPF50+', role: 'profit', number: 5, price: 12900, skus: ['p5-40'], selling_points: ['不搓泥，妆前可用', '两支装立减 40'] },
  { product: 'p6', name: '大容量通勤化妆包', role: 'hit', number: 6, price: 5900, skus: ['p6-b', 'p6-w'], selling_points: ['防泼水面料', '一层放得下 20 支口红'] },
  { product: 'p7', name: '联名礼盒「山茶花」', role: 'prestige', price: 49900, skus: ['p7-1'], selling_points: ['与非遗苏绣联名', '限量 300 套，附编号卡'] },
  { product: 'p8', name: '修护精华液 30ml', role: 'rising', price: 23900, skus: ['p8-30'], selling_points: ['5% 烟酰胺', '评论区问了一周的那一瓶'] },
]

const PLAN: [part: string, title: string, product: string, minutes: number][] = [
  ['warm_up', '开场预热 · 福利预告', '', 8],
  ['deal', '福利款：9.9 面膜', 'p3', 6],
  ['pitch', '讲解：洁面乳', 'p2', 12],
  ['interaction', '互动：截屏抽小样', '', 6],
  ['pitch', '讲解：修护面霜', 'p1', 15],
  ['close', '逼单：面霜最后 200 份', 'p1', 5],
  ['lucky_bag', '福袋 · 第 2 轮', '', 5],
  ['pitch', '讲解：丝绒口红', 'p4', 14],
  ['pitch', '讲解：防晒乳', 'p5', 12],
  ['deal', '福利款返场', 'p3', 6],
  ['pitch', '讲解：化妆包', 'p6', 10],
  ['pitch', '形象款：山茶花礼盒', 'p7', 12],
  ['goodbye', '收尾 · 下场预告', '', 6],
]

const RULES: { rule: string; role: string; metric: string; interrupting: boolean; life: number; facts: () => Record<string, number | string> }[] = [
  { rule: 'R001', role: 'host', metric: 'M45', interrupting: true, life: 75, facts: () => ({ M45: 62, threshold: 80, window: '5m', sample: 1180 }) },
  { rule: 'R014', role: 'host', metric: 'M33', interrupting: true, life: 60, facts: () => ({ M27: 0.164, M33: 0.021, threshold: 0.05, sample: 412 }) },
  { rule: 'R012', role: 'host', metric: 'M06', interrupting: false, life: 60, facts: () => ({ M06: 1204, before: 1388, minutes: 3 }) },
  { rule: 'R050', role: 'host', metric: '', interrupting: true, life: 50, facts: () => ({ left_s: 180, next: '讲解：丝绒口红' }) },
  { rule: 'R031', role: 'host', metric: 'M41', interrupting: true, life: 60, facts: () => ({ stock: 48, threshold: 50 }) },
  { rule: 'R063', role: 'floor', metric: '', interrupting: false, life: 90, facts: () => ({ count: 6, window: '1m', threshold: 5 }) },
  { rule: 'R013', role: 'host', metric: 'M19', interrupting: false, life: 70, facts: () => ({ M19: 0.071, threshold: 0.11, window: '5m' }) },
  { rule: 'R019', role: 'ops', metric: 'M41', interrupting: false, life: 120, facts: () => ({ M33: 0.094, threshold: 0.08, window: 'segment' }) },
  { rule: 'R056', role: 'cs', metric: '', interrupting: false, life: 40, facts: () => ({ waiting: 9, wait_s: 22, threshold: 15 }) },
]

const REST = { say_zh: '', say_en: '', answered_by: '', method: '', why: '', escalated_from: '', escalated_to: '' }

export class MockShow {
  now = Date.now()
  rate = 1
  number = 48_210
  ended = false
  private started = this.now - 40 * MIN
  private online = 1460
  private comments: CommentView[] = []
  private judged: Record<string, Judgement> = {}
  private hot = new Map<string, { count: number; since: number; product: string }>()
  private hostQuestions: Snapshot['desk']['for_host'] = []
  private minutes: MinuteRow[] = []
  private cues: CueView[] = []
  private nextCue = 12_000
  private cueIndex = 0
  private segmentAt = 5
  private starts: number[] = []
  private outbox: OpenAction[] = []
  private pinned = 'p1'
  private pinnedAt = this.now - 6 * MIN
  private stock: Record<string, number> = { 'p1-50': 206, 'p2-120': 842, 'p3-20': 0, 'p4-01': 310, 'p4-02': 44, 'p4-03': 189, 'p5-40': 640, 'p6-b': 12, 'p6-w': 96, 'p7-1': 300, 'p8-30': 500 }
  private listed: Record<string, number> = { p1: 1, p2: 2, p3: 3, p4: 4, p5: 5, p6: 6 }
  private orders = 1604
  private paid = 13_428_300
  private views = 18_920
  private counter = 0
  private later: [at: number, run: () => void][] = []
  private commentsPerSecond = Number(process.env['LIVECUE_MOCK_COMMENTS'] ?? 150) / 60

  constructor() {
    let at = this.started
    for (let i = 0; i <= this.segmentAt; i += 1) {
      this.starts.push(at)
      at += (PLAN[i]?.[3] ?? 0) * MIN * (i === 2 ? 1.08 : 0.94)
    }
    this.starts[this.segmentAt] = this.now - 100_000
    for (let m = 59; m >= 1; m -= 1) {
      const t = Math.floor((this.now - m * MIN) / MIN) * MIN
      if (t >= this.started - MIN) this.minutes.push(this.minuteAt(t))
    }
    for (let i = 0; i < 30; i += 1) this.comment(this.now - (30 - i) * 900)
    this.past('R004', 'host', 'useful', 0.18, 0.06, 0.31, 31, 'M27')
    this.past('R122', 'floor', 'no_effect', 0.01, -0.09, 0.12, 22, 'M06')
    this.past('R007', 'ops', 'too_little_data', null, null, null, 14, 'M04')
    this.past('R033', 'console', '', null, null, null, 3, '')
    this.raise()
    this.raise()
  }

  private minuteAt(t: number): MinuteRow {
    const since = (t - this.started) / MIN
    const wave = Math.sin(since / 4.5) * 0.12 + Math.sin(since / 1.7) * 0.05
    const online = Math.round(600 + 1100 * (1 - Math.exp(-since / 9)) * (1 + wave) * (since > 26 && since < 30 ? 0.72 : 1))
    const orders = Math.max(0, Math.round(24 + 20 * Math.sin(since / 3.1) + (since > 33 ? 26 : 0) + Math.random() * 12))
    return { t, online: Math.max(80, online), views: Math.round(online * 0.27 + Math.random() * 60), comments: Math.round(90 + Math.random() * 80), orders, paid: orders, gmv: orders * (7900 + Math.round(Math.random() * 2600)) }
  }

  private past(rule: string, role: string, verdict: string, effect: number | null, low: number | null, high: number | null, ago: number, metric: string): void {
    const at = this.now - ago * MIN
    this.cues.push({
      cue: `c${(this.counter += 1)}`, rule, role, person: 'u2', subject: rule === 'R033' ? 'p3' : 'p1', state: verdict === '' ? 'done' : 'judged', priority: 60, interrupting: false,
      raised_at: at, delivered_at: at + 400, seen_at: at + 4000, answered_at: at + 9000, expires_at: at + 60_000, judge_at: at + 6 * MIN,
      facts: rule === 'R033' ? { stock: 0 } : { M27: 0.081, threshold: 0.1 }, reason: '', verdict, effect, low, high, metric, merged: rule === 'R122' ? 1 : 0, ...REST,
    })
  }

  private raise(): void {
    const kind = RULES[this.cueIndex % RULES.length]
    if (!kind) return
    this.cueIndex += 1
    const judge = kind.metric === '' ? 0 : this.now + 150_000
    this.cues.push({
      cue: `c${(this.counter += 1)}`, rule: kind.rule, role: kind.role, person: kind.role === 'host' ? 'u2' : '', subject: kind.rule === 'R031' ? 'p4' : kind.rule === 'R014' ? 'p1' : '',
      state: 'delivered', priority: kind.interrupting ? 80 : 50, interrupting: kind.interrupting, raised_at: this.now, delivered_at: this.now + 200, seen_at: 0, answered_at: 0,
      expires_at: this.now + kind.life * 1000, judge_at: judge, facts: kind.facts(), reason: '', verdict: '', effect: null, low: null, high: null, metric: kind.metric, merged: Math.random() < 0.2 ? 2 : 0, ...REST,
    })
  }

  private comment(when: number): void {
    const total = LINES.reduce((sum, [weight]) => sum + weight, 0)
    let pick = Math.random() * total
    const line = (LINES.find(([weight]) => (pick -= weight) < 0) ?? LINES[0])?.[1] as Line
    const key = `k${(this.counter += 1)}`
    this.comments.push({ key, user: `v${this.counter % 700}`, name: `${NAMES[this.counter % NAMES.length]}`.slice(0, 1) + '***', text: line.text, when, by_host: false })
    this.judged[key] = { label: line.label, topic: line.topic ?? '', product: line.product ?? '', hidden: line.hidden ?? false, for_host: line.forHost ?? false, ...(line.flagged ? { flagged: line.flagged } : {}) }
    if (line.topic && line.label === 'question') {
      const seen = this.hot.get(line.topic) ?? { count: 0, since: when, product: line.product ?? '' }
      seen.count += 1
      this.hot.set(line.topic, seen)
      if (line.forHost && this.hostQuestions.length < 5 && !this.hostQuestions.some((q) => q.text === line.text)) {
        this.hostQuestions.push({ comment: key, text: line.text, product: line.product ?? '', when })
      }
    }
    if (this.comments.length > 60) for (const old of this.comments.splice(0, this.comments.length - 60)) delete this.judged[old.key]
  }

  /** Go on by `real` ms of real time. */
  step(real: number): void {
    if (this.ended) return
    const dt = real * this.rate
    this.now += dt
    this.number += 1 + Math.round(Math.random() * 3)
    this.online = Math.max(300, this.online + (1500 - this.online) * 0.01 + (Math.random() - 0.5) * 16)
    const expected = (this.commentsPerSecond * dt) / 1000
    for (let i = 0; i < Math.floor(expected) + (Math.random() < expected % 1 ? 1 : 0); i += 1) this.comment(this.now)
    if (Math.random() < dt / 1400) {
      this.orders += 1
      this.paid += 5900 + Math.round(Math.random() * 14000)
      if (Math.random() < 0.5) this.stock['p1-50'] = Math.max(0, (this.stock['p1-50'] ?? 0) - 1)
    }
    this.views += Math.round(dt / 160)
    const minute = Math.floor(this.now / MIN) * MIN
    if (this.minutes.at(-1)?.t !== minute) this.minutes.push(this.minuteAt(minute))
    if (this.minutes.length > 60) this.minutes.shift()
    this.nextCue -= dt
    if (this.nextCue < 0) {
      this.raise()
      this.nextCue = 26_000
    }
    for (const cue of this.cues) {
      if (['delivered', 'seen', 'raised'].includes(cue.state) && cue.expires_at < this.now) cue.state = 'expired'
      if (cue.state === 'done' && cue.judge_at > 0 && cue.judge_at < this.now) {
        const effect = 0.05 + Math.random() * 0.2
        Object.assign(cue, { state: 'judged', verdict: 'useful', effect, low: effect - 0.11, high: effect + 0.12 })
      }
    }
    this.cues = this.cues.slice(-40)
    this.later = this.later.filter(([at, run]) => at > Date.now() || (run(), false))
  }

  command(body: Record<string, unknown>): { code: string; why: string } | null {
    if (body['kind'] === 'SegmentStarted') {
      this.segmentAt = PLAN.findIndex((_, i) => `s${i + 1}` === body['segment'])
      this.starts[this.segmentAt] = this.now
    } else if (body['kind'] === 'CueAnswerGiven') {
      const cue = this.cues.find((one) => one.cue === body['cue'])
      if (!cue || ['done', 'dismissed', 'expired', 'judged'].includes(cue.state)) return { code: 'cue_closed', why: 'The cue is no longer open.' }
      cue.state = body['answer'] as CueView['state']
      if (cue.state === 'seen') cue.seen_at = this.now
      else cue.answered_at = this.now
      cue.reason = String(body['reason'] ?? '')
    } else if (body['kind'] === 'ActionAsked') {
      const action = body['action'] as { kind: string; product?: string }
      const product = action.product ?? ''
      const open = { action: `a${(this.counter += 1)}`, kind: action.kind, what: action, by: 'u1', since: this.now, state: 'pending' as const, why: '' }
      this.outbox = [...this.outbox, open]
      this.later.push([Date.now() + 1400, () => {
        this.outbox = this.outbox.filter((one) => one !== open)
        if (action.kind === 'PinProduct') { this.pinned = product; this.pinnedAt = this.now }
        if (action.kind === 'UnpinProduct') this.pinned = ''
        if (action.kind === 'ListProduct') this.listed[product] = Math.max(0, ...Object.values(this.listed)) + 1
        if (action.kind === 'DelistProduct') delete this.listed[product]
      }])
    } else if (body['kind'] === 'QuestionAnswered') {
      this.hostQuestions = this.hostQuestions.filter((question) => question.comment !== body['comment'])
    } else if (body['kind'] === 'ShowEnded') this.ended = true
    return null
  }

  private segments(): SegmentState[] {
    let planned = this.started - 60_000
    let expected = this.started
    return PLAN.map(([part, title, product, minutes], i) => {
      const length = minutes * MIN
      const started = i <= this.segmentAt ? (this.starts[i] ?? 0) : 0
      const ended = i < this.segmentAt ? (this.starts[i + 1] ?? 0) : 0
      const from = started || Math.max(expected, this.now)
      const to = ended || Math.max(from + length, i === this.segmentAt ? this.now : 0)
      expected = to
      planned += length
      return {
        segment: `s${i + 1}`, part, title, product, host: i % 3 === 1 ? '阿杰' : '林夕', planned_start: planned - length, planned_end: planned, started_at: started, ended_at: ended,
        expected_start: from, expected_end: to, target_gmv: part === 'pitch' ? 3_000_000 : 0, target_orders: 0,
        talk_track: i === this.segmentAt ? '先报真实库存，再讲 28 天无理由，最后倒数三二一上链接。' : '',
      }
    })
  }

  private read([metric, window, unit]: Metric, value: number | null, sample: number, why = '', num: number | null = null, den: number | null = null): Reading {
    return { metric, window, scope: 'room', value, unit, sample, num, den, at: this.now - 800 - (metric === 'M41' ? 21_000 : 0), source: 'simulator', why }
  }

  private tiles(): Reading[] {
    const uv = Math.round(this.views / 1.23)
    const r = this.read.bind(this)
    const [seen, clicked, created, buyers] = [0.62, 0.131, 0.0117, 0.0098].map((share) => Math.round(uv * share)) as [number, number, number, number]
    const rate = (metric: string, num: number, den: number): Reading => r([metric, 'show', 'ratio'], num / den, den, '', num, den)
    return [
      r(['M06', 'show', 'people'], Math.round(this.online), 12), r(['M03', 'show', 'times'], this.views, this.views), r(['M04', 'show', 'people'], uv, uv),
      r(['M41', 'show', 'money'], this.paid, this.orders), r(['M41.orders', 'show', 'orders'], this.orders, this.orders), r(['M41', '5m', 'money'], 1_264_000, 131),
      r(['M45', '5m', 'money/viewer'], 62.4, 1180, '', 73_632, 1180), r(['M44', '5m', 'money/1000_views'], 51_430, 1420), r(['M28', '5m', 'ratio'], 0.0364, 11_102, '', 404, 11_102),
      r(['M34', '5m', 'ratio'], 0.0272, 412, '', 11, 412), r(['M19', '5m', 'ratio'], 0.093, 1180), r(['M25.comments', '5m', 'times'], 702, 702), r(['M21', '5m', 'ratio'], 0.0121, 1180),
      r(['M10', 'show', 's'], null, 0, 'too_early'), r(['M46', 'show', 'money/buyer'], 8372, buyers), r(['M59', 'show', 'ratio'], 0.0147, this.orders),
      r(['M05', 'show', 'ratio'], null, 0, 'no_source'), rate('M26', seen, uv), rate('M27', clicked, seen), rate('M31', created, clicked), rate('M32', buyers, created),
    ]
  }

  private productReadings(): Record<string, Reading[]> {
    return Object.fromEntries(PRODUCTS.map((card, i) => {
      const scope = `product:${card.product}`
      const known = card.product in this.listed
      const rows: [Metric, number | null, number][] = [
        [['M28', 'show', 'ratio'], known ? 0.061 - i * 0.006 : null, 2400],
        [['M33', 'show', 'ratio'], known ? 0.031 + ((i * 7) % 5) * 0.014 : null, 300], [['M41', 'show', 'money'], known ? Math.round(this.paid * [0.38, 0.16, 0.05, 0.21, 0.12, 0.08, 0, 0][i]!) : null, 300],
      ]
      return [card.product, rows.map(([metric, value, sample]) => ({ ...this.read(metric, value, sample, value === null ? 'no_source' : ''), scope }))]
    }))
  }

  snapshot(): Snapshot {
    return {
      number: this.number, now: Math.round(this.now), rate: this.ended ? 0 : this.rate,
      room: { room: 'demo', org: 'demo', brand: 'b1', name: '林间美妆旗舰店', platform: 'simulator', nature: 'simulated', currency: 'CNY', time_zone: 'Asia/Shanghai', language: 'zh', category: 'beauty', packs: [] },
      shows: {
        show: 'show-1', title: '秋日修护专场', status: this.ended ? 'ended' : 'on_air', starts_at: this.started - 60_000, started_at: this.started, ended_at: this.ended ? this.now : 0,
        segment: `s${this.segmentAt + 1}`, segment_started_at: this.starts[this.segmentAt] ?? 0, version: 4, segments: this.segments(), pinned: this.pinned, pinned_at: this.pinnedAt, listed: { ...this.listed }, products: PRODUCTS,
        offers: [{ offer: 'o1', title: '满 199 减 30', product: '', ends_at: this.started + 52 * MIN }], draws: [{ draw: 'd2', title: '福袋：面霜小样 20 份', ends_at: this.started + 46 * MIN }], last_draw_at: this.now - 18 * MIN,
        goals: { M41: 30_000_000, M04: 30_000 }, stream: 'live', feeds: { simulator: 'back' }, carried: [],
      },
      audience: { comments: [...this.comments], masked: false, unknown_seen: { WebcastGiftSortMessage: 14 } },
      sales: { stock: Object.entries(this.stock).map(([sku, on_hand]) => ({ sku, product: sku.slice(0, 2), on_hand, reserved: Math.min(on_hand, 7), known: sku !== 'p8-30' })), unpaid: 38, paid: this.orders, refunds: 23, mismatches: 0 },
      metrics: {
        now: this.now, tiles: this.tiles(), segments: {}, products: this.productReadings(),
        sources: Object.fromEntries(([['feed', 0.46], ['video', 0.22], ['follow', 0.14], ['paid', 0.11], ['square', 0.05], ['search', 0.02]] as [string, number][]).map(([via, share]) => [via, [{ ...this.read(['M12', 'show', 'ratio'], share, this.views), scope: `source:${via}` }, { ...this.read(['M03', 'show', 'times'], Math.round(share * this.views), this.views), scope: `source:${via}` }]])),
        minutes: this.minutes.map((row) => ({ ...row })),
      },
      compliance: { version: '2026-11-01', flags: [{ where: 'speech', subject: '', word: '最有效', severity: 'block', entry: 'A1', basis: '《广告法》第九条', advice: '改为“很多用户反馈有效”', text: '这是最有效的一款', when: this.now - 40_000 }] },
      work: { tasks: [{ task: 't1', title: '补 p6 黑色 200 件', role: 'supply', due_at: this.now + 3_600_000 }], improvements: [] },
      team: { duty: [{ person: 'u1', name: '陈控', role: 'floor' }, { person: 'u2', name: '林夕', role: 'host' }, { person: 'u3', name: '阿杰', role: 'cohost' }, { person: 'u4', name: '周运', role: 'ops' }] },
      catalog: { products: {} },
      cues: {
        cues: this.cues.map((cue) => ({ ...cue })), suspended: [{ rule: 'R015', metric: 'M13', why: 'too_early' }, { rule: 'R011', metric: 'M05', why: 'no_source' }],
        counts: { raised: 14 + this.cueIndex, done: 8, dismissed: 2, expired: 3, useful: 4 },
      },
      desk: {
        judged: { ...this.judged }, hot: [...this.hot].map(([topic, row]) => ({ topic, text: TOPICS[topic] ?? topic, ...row })).sort((a, b) => b.count - a.count).slice(0, 6),
        for_host: [...this.hostQuestions], waiting: 9, oldest_wait_ms: 22_000, speech: 'watched',
      },
      outbox: { actions: this.outbox, recent: [] }, shelf: { steps: [], related: [], undoable: {}, version: 0 }, draws: { open: [], recent: [] }, moderation: { hidden: {}, muted: {}, pinned: '', spammers: [], choruses: [], acts: [], reasons: [] }, opinion: { cases: [], level: 0, share: -1 }, traffic: { look: {}, emergency: null, groups: [], places: [], extra_budget: 0, break_even: 0, like_shows: 0, line: 0.15, past: 0 }, owed: [], stopped: '', busy: 0,
    }
  }
}
