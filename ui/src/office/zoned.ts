/** Moments in a room's time zone for date fields: browsers know only their own zone. */

const formats = new Map<string, Intl.DateTimeFormat>()

function partsFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  return format
}

/** Today in a zone, as a date field wants it. */
export const todayIn = (zone: string): string => toField(Date.now(), zone).slice(0, 10)

/** What `ms` UTC reads on a clock in `zone`, as ms of a clock without zone. */
function wall(ms: number, zone: string): number {
  const at: Record<string, number> = {}
  for (const part of partsFormat(zone).formatToParts(ms)) if (part.type !== 'literal') at[part.type] = Number(part.value)
  return Date.UTC(at['year'] ?? 0, (at['month'] ?? 1) - 1, at['day'] ?? 1, at['hour'] ?? 0, at['minute'] ?? 0, at['second'] ?? 0)
}

/** `ms` UTC as the value of a datetime-local field in `zone`: "2026-11-21T20:00"; "" for none (0). */
export function toField(ms: number, zone: string): string {
  return ms > 0 ? new Date(wall(ms, zone)).toISOString().slice(0, 16) : ''
}

/** The moment (ms UTC) a datetime-local value means in `zone`; 0 for "". A time that a clock change skips is read as after it. */
export function fromField(text: string, zone: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text)
  if (!match) return 0
  const [year, month, day, hour, minute] = match.slice(1).map(Number)
  const wanted = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0)
  let ms = wanted - (wall(wanted, zone) - wanted)
  // Once more with the offset that holds there: the first guess may lie on the other side of a clock change.
  ms = wanted - (wall(ms, zone) - ms)
  return ms
}
