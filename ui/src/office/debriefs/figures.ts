/** Figures of a debrief in words. */
import { metricName } from '@/api/reference'
import { label } from '@/i18n'
import type { Reading } from '@/live/types'

/** A figure's name; variants ("M41.orders") have names of their own. */
export const figureName = (metric: string): string => label('office.metric', metric.replaceAll('.', '_'), '') || metricName(metric)

export const findFigure = (figures: readonly Reading[], metric: string): Reading | undefined => figures.find((reading) => reading.metric === metric)

/** The columns of a table of lines: every metric that any line has, in the order of the first that has it. */
export function columnsOf(lines: readonly { figures: Reading[] }[]): string[] {
  return [...new Set(lines.flatMap((line) => line.figures.map((reading) => reading.metric)))]
}

/** Columns of which at least one line knows the figure; the others are told apart, below the table. */
export function knownColumns(lines: readonly { figures: Reading[] }[]): { known: string[]; unknown: string[] } {
  const columns = columnsOf(lines)
  const known = columns.filter((metric) => lines.some((line) => findFigure(line.figures, metric)?.value != null))
  return { known, unknown: columns.filter((metric) => !known.includes(metric)) }
}
