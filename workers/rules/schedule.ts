// When a zone holds: its weekly schedule by the clock on the elder's wall.

import type { Schedule } from '../../model/schedule.ts'
import { type EpochMs, epochMs } from '../../model/units.ts'
import type { Zone } from '../../model/zone.ts'
import { offsetMs } from '../local-time.ts'

const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
const DAY_MS = 24 * 60 * MINUTE_MS

/** Minutes of a day, and a bit for each of its weekdays: 1 is Monday. */
type Span = { days: number; from: number; to: number }

/** They go with their zones. */
const read = new WeakMap<Schedule, readonly Span[]>()

/** Whether a zone holds at a time; `timeZone` is that of the elder, for zones that have none of their own. */
export function holdsAt(zone: Pick<Zone, 'schedule' | 'timeZone'>, at: EpochMs, timeZone: string): boolean {
  const { schedule } = zone
  if (schedule.length === 0) return true
  const wallMs = at + offsetMs(zone.timeZone ?? timeZone, at)
  const day = Math.floor(wallMs / DAY_MS)
  const minute = Math.floor((wallMs - day * DAY_MS) / MINUTE_MS)
  const bit = 1 << weekdayOf(day)
  return spansOf(schedule).some(({ days, from, to }) => (days & bit) !== 0 && from <= minute && minute < to)
}

/**
 * A time by which one of the zones may begin or cease to hold, the soonest after `at`; null when none of them has a
 * schedule. Nothing may change then: it is asked again.
 */
export function nextEdge(zones: Iterable<Zone>, at: EpochMs, timeZone: string): EpochMs | null {
  let soonest: EpochMs | null = null
  for (const zone of zones) {
    for (const { from, to } of spansOf(zone.schedule)) {
      for (const minute of [from, to]) {
        const edge = nextTimeOfDay(minute, at, zone.timeZone ?? timeZone)
        if (soonest === null || edge < soonest) soonest = edge
      }
    }
  }
  return soonest
}

/**
 * The next time at which clocks show a time of day; where they are changed before, the end of this quarter of an hour,
 * to be asked again: the answer is the same for all times until it.
 */
function nextTimeOfDay(minute: number, at: EpochMs, timeZone: string): EpochMs {
  const offset = offsetMs(timeZone, at)
  const wallMs = at + offset
  const sinceMs = wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS
  const aheadMs = (((minute * MINUTE_MS - sinceMs) % DAY_MS) + DAY_MS) % DAY_MS || DAY_MS
  const edge = epochMs(at + aheadMs)
  if (offsetMs(timeZone, edge) === offset) return edge
  return epochMs(Math.min(edge, (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS))
}

/** Of a day since 1970, which began on a Thursday; Monday is 1. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

function spansOf(schedule: Schedule): readonly Span[] {
  const known = read.get(schedule)
  if (known !== undefined) return known
  const spans = schedule.map(({ days, from, to }) => ({
    days: days.reduce((bits, day) => bits | (1 << day), 0),
    from: minutesOf(from),
    to: minutesOf(to),
  }))
  read.set(schedule, spans)
  return spans
}

const minutesOf = (timeOfDay: string): number =>
  Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5))
