// The clock on the wall, for rules: how far it is ahead of UTC, by time zone, without asking the machine for each fix.

import type { EpochMs } from '../model/units.ts'

const DAY_MS = 24 * 3_600_000
/** Clocks are put forward and back on the quarter of an hour (UTC), everywhere, since 1972. */
const QUARTER_MS = 15 * 60_000
/** Offsets that are kept of each zone; the oldest go first. Samples are of few different days. */
const KEPT = 256

type Zone = {
  format: Intl.DateTimeFormat
  /** By day, where the clock is not changed in it; otherwise by quarter of an hour. */
  days: Map<number, number | null>
  quarters: Map<number, number>
}

const zones = new Map<string, Zone>()

/** Milliseconds that clocks of `timeZone` are ahead of UTC at a time. @throws RangeError for no time zone */
export function offsetMs(timeZone: string, at: EpochMs): number {
  const zone = zones.get(timeZone) ?? openZone(timeZone)
  const day = Math.floor(at / DAY_MS)
  let ofDay = zone.days.get(day)
  if (ofDay === undefined) {
    const [first, last] = [ask(zone, day * DAY_MS), ask(zone, (day + 1) * DAY_MS)]
    ofDay = first === last ? first : null
    keep(zone.days, day, ofDay)
  }
  return ofDay ?? ofQuarter(zone, Math.floor(at / QUARTER_MS))
}

function ofQuarter(zone: Zone, quarter: number): number {
  const known = zone.quarters.get(quarter)
  if (known !== undefined) return known
  const offset = ask(zone, quarter * QUARTER_MS)
  keep(zone.quarters, quarter, offset)
  return offset
}

function openZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const zone: Zone = { format, days: new Map(), quarters: new Map() }
  zones.set(timeZone, zone)
  return zone
}

/** `GMT+05:30`, `GMT-03:00`, or `GMT` alone. */
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/

function ask({ format }: Zone, at: number): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(format.format(at)) ?? []
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return sign === '-' ? -ms : ms
}

function keep<T>(offsets: Map<number, T>, key: number, value: T): void {
  if (offsets.size >= KEPT) offsets.delete(offsets.keys().next().value as number)
  offsets.set(key, value)
}
