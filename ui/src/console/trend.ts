/** The picture of the last hour as ECharts wants it: figures, segment bands, cue marks. Pure, so that it can be tested. */
import type { EChartsCoreOption } from 'echarts/core'
import type { CueView, MinuteRow, SegmentState } from '@/live/types'

export interface TrendColours {
  text: string
  line: string
  online: string
  entries: string
  gmv: string
  panel: string
  part: Record<string, string>
  verdict: Record<string, string>
}

export interface TrendWords {
  online: string
  entries: string
  gmv: string
  time: (ms: number) => string
  count: (value: number) => string
  money: (minor: number) => string
  part: (part: string) => string
  cue: (cue: CueView) => string
}

export interface TrendInput {
  minutes: readonly MinuteRow[]
  segments: readonly SegmentState[]
  cues: readonly CueView[]
  now: number
  hidden: ReadonlySet<string>
}

export const HOUR_MS = 3_600_000

/** The last hour of rows; a minute that nobody told is a gap, not a zero. */
export function lastHour(minutes: readonly MinuteRow[], now: number): MinuteRow[] {
  return minutes.filter((row) => row.t > now - HOUR_MS).slice(-60)
}

const column = (rows: readonly MinuteRow[], name: string): [number, number | null][] => rows.map((row) => [row.t, row[name] ?? null])


/** Segments that ran within the hour, as bands; the running one ends now. */
export function bands(segments: readonly SegmentState[], from: number, now: number): { segment: SegmentState; from: number; to: number }[] {
  return segments
    .filter((segment) => segment.started_at > 0 && (segment.ended_at === 0 || segment.ended_at > from))
    .map((segment) => ({ segment, from: Math.max(from, segment.started_at), to: segment.ended_at || now }))
    .filter((band) => band.to > band.from)
}

export function trendOption(input: TrendInput, words: TrendWords, colours: TrendColours): EChartsCoreOption {
  const rows = lastHour(input.minutes, input.now)
  const from = rows[0]?.t ?? input.now - HOUR_MS
  const shown = (name: string): boolean => !input.hidden.has(name)
  const cues = input.cues.filter((cue) => cue.raised_at > from && cue.raised_at <= input.now)
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: colours.text },
    grid: { left: 44, right: 52, top: 26, bottom: 22 },
    xAxis: {
      type: 'time', min: from, max: input.now,
      axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, splitLine: { show: false },
      axisLabel: { color: colours.text, fontSize: 11, hideOverlap: true, formatter: (ms: number) => words.time(ms) },
    },
    yAxis: [
      { type: 'value', min: 0, splitNumber: 4, axisLabel: { color: colours.text, fontSize: 11, formatter: words.count }, splitLine: { lineStyle: { color: colours.line, type: 'dashed', opacity: 0.6 } } },
      { type: 'value', min: 0, splitNumber: 4, axisLabel: { color: colours.text, fontSize: 11, formatter: words.money }, splitLine: { show: false } },
      { type: 'value', min: 0, max: 1, show: false },
    ],
    tooltip: {
      trigger: 'axis', confine: true, backgroundColor: colours.panel, borderColor: colours.line, textStyle: { color: colours.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: colours.text, type: 'dashed' } },
      formatter: (points: unknown) => tooltip(points, words),
    },
    series: [
      {
        id: 'gmv', name: words.gmv, type: 'bar', yAxisIndex: 1, barMaxWidth: 9, itemStyle: { color: colours.gmv, borderRadius: [2, 2, 0, 0] },
        data: shown('gmv') ? column(rows, 'gmv') : [],
      },
      {
        id: 'online', name: words.online, type: 'line', showSymbol: false, lineStyle: { width: 2 }, color: colours.online, areaStyle: { opacity: 0.1 },
        data: shown('online') ? column(rows, 'online') : [],
        markArea: {
          silent: true,
          data: bands(input.segments, from, input.now).map((band) => [
            {
              xAxis: band.from, itemStyle: { color: colours.part[band.segment.part] ?? colours.line, opacity: 0.09 },
              label: { show: band.to - band.from > (input.now - from) * 0.075, position: 'insideTop', color: colours.part[band.segment.part] ?? colours.text, fontSize: 10.5, formatter: words.part(band.segment.part) },
            },
            { xAxis: band.to },
          ]),
        },
      },
      {
        id: 'entries', name: words.entries, type: 'line', showSymbol: false, lineStyle: { width: 1.4, type: [4, 2] }, color: colours.entries,
        data: shown('entries') ? column(rows, 'views') : [],
      },
      {
        id: 'cues', name: '', type: 'scatter', yAxisIndex: 2, symbol: 'triangle', symbolSize: 8, symbolRotate: 180, symbolOffset: [0, -6], z: 6, clip: false,
        data: cues.map((cue) => ({ value: [cue.raised_at, 1], cue: words.cue(cue), itemStyle: { color: colours.verdict[cue.verdict] ?? colours.verdict['open'] } })),
        tooltip: { trigger: 'item', formatter: (point: unknown) => escapeHtml(cueOf(point)) },
        markLine: {
          silent: true, symbol: 'none', label: { show: false }, lineStyle: { width: 1, type: 'solid', opacity: 0.2, color: colours.text },
          // A line for what broke in on the host; a mark alone for the rest.
          data: cues.filter((cue) => cue.interrupting).map((cue) => ({ xAxis: cue.raised_at })),
        },
      },
    ],
  }
}

/** ECharts puts tooltips in as HTML: every word that came from outside is escaped. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

interface Point {
  seriesId?: string
  seriesName?: string
  marker?: string
  axisValue?: number
  value?: [number, number | null]
  data?: { cue?: string }
}

const cueOf = (point: unknown): string => (point as Point).data?.cue ?? ''

function tooltip(points: unknown, words: TrendWords): string {
  const list = (Array.isArray(points) ? points : [points]) as Point[]
  const time = list[0]?.axisValue ?? list[0]?.value?.[0] ?? 0
  const lines = list.map((point) => {
    if (point.seriesId === 'cues') return escapeHtml(cueOf(point))
    const value = point.value?.[1]
    if (value === null || value === undefined) return ''
    return `${point.marker ?? ''}${escapeHtml(point.seriesName ?? '')} <b>${escapeHtml(point.seriesId === 'gmv' ? words.money(value) : words.count(value))}</b>`
  })
  return [`<b>${escapeHtml(words.time(time))}</b>`, ...lines.filter((line) => line !== '')].join('<br>')
}
