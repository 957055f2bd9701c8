// Days by the clock on the wall, as spans of time: figures are counted by local days, and a database knows no zones.

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
/** Clocks are put forward and back on the quarter of an hour (UTC), everywhere, since 1972. */
const QUARTER_MS = HOUR_MS / 4

/** Where nobody says otherwise. */
export const USUAL_TIME_ZONE = 'Asia/Shanghai'

/** From the end of the one before until `until` (epoch ms, not included) clocks are `offsetMs` ahead of UTC. */
export type Offset = { until: number; offsetMs: number }

/** What a zone's clocks were ahead of UTC within the span, in order; the last holds to its end and beyond. */
export function offsetsWithin({
  timeZone,
  from,
  to,
}: {
  timeZone: string
  from: number
  to: number
}): Offset[] {
  const ahead = clockOf(timeZone)
  const offsets: Offset[] = []
  let at = from
  while (at < to) {
    const next = Math.min(at + DAY_MS, to)
    const offsetMs = ahead(at)
    if (ahead(next) !== offsetMs) offsets.push({ until: changeBetween(ahead, at, next), offsetMs })
    at = next
  }
  return [...offsets, { until: Number.MAX_SAFE_INTEGER, offsetMs: ahead(to) }]
}

/** The first quarter of an hour after `before` at which the clock goes as it does at `after`. */
function changeBetween(ahead: (at: number) => number, before: number, after: number): number {
  let low = Math.floor(before / QUARTER_MS)
  let high = Math.ceil(after / QUARTER_MS)
  const offsetMs = ahead(before)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (ahead(middle * QUARTER_MS) === offsetMs) low = middle
    else high = middle
  }
  return high * QUARTER_MS
}

/** The span of a local day `YYYY-MM-DD`; epoch ms, `to` not included. A day is 23 or 25 hours when clocks change. */
export function spanOfDay(day: string, timeZone: string): { from: number; to: number } {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return { from: instantOf(midnight, timeZone), to: instantOf(midnight + DAY_MS, timeZone) }
}

/** When the wall clock shows `local` (as epoch ms of a UTC clock that shows the same). */
function instantOf(local: number, timeZone: string): number {
  const ahead = clockOf(timeZone)
  const guess = local - ahead(local)
  return local - ahead(guess)
}

/** `2026-11-21` for the number of a local day since 1970. */
export const nameOfDay = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)

/** The local day that it is at `at`. */
export const dayAt = (at: number, timeZone: string): string =>
  nameOfDay(Math.floor((at + clockOf(timeZone)(at)) / DAY_MS))

/** `GMT+05:30`, `GMT-03:00`, or `GMT` alone. */
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/

function clockOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  return at => {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(format.format(at)) ?? []
    const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
    return sign === '-' ? -ms : ms
  }
}
