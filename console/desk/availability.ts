// Whether a contact can be called now, by the clock on the elder's wall. Pure.

import type { Schedule } from '../../model/schedule.ts'

/** An empty schedule is "always"; a time zone that this browser does not know counts as its own. */
export function isAvailable(
  schedule: Schedule,
  { now, timeZone }: { now: number; timeZone: string },
): boolean {
  if (schedule.length === 0) return true
  const { day, time } = wallClock(now, timeZone)
  return schedule.some(({ days, from, to }) => days.includes(day) && from <= time && time < to)
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function wallClock(now: number, timeZone: string): { day: number; time: string } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  )
  const day = DAYS.indexOf(parts.get('weekday') ?? '') + 1
  return { day, time: `${parts.get('hour')}:${parts.get('minute')}` }
}

const CLOCK = { hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' } as const

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { ...CLOCK, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en-GB', CLOCK) // RangeError: the zone is not known here
  }
}
