// Whether what is old is let go of now (pure): once a day in the small hours, whenever an administrator asks, and again
// after a kill. Not by a clock that has leapt: a hub that wakes up in the wrong year must not forget all its alarms.

import { DAY_MS, dayAt, spanOfDay, USUAL_TIME_ZONE } from '../model/local-days.ts'

/** After midnight, when least is going on. */
export const RUNS_AFTER_MS = 3 * 3_600_000
/** The time is noted every hour. A hub that was away for longer, or whose clock leapt, waits for a person. */
export const LEAP_MS = 7 * DAY_MS

export type Standing = {
  now: number
  /** A run that is not done. */
  open: 'asked' | 'running' | undefined
  /** When one began last, and when the time was noted last; null: never. */
  beganAt: number | null
  seenAt: number | null
}

export type Due = 'asked' | 'goes_on' | 'its_time' | 'not_yet' | 'clock_leapt'

export function dueOf({ now, open, beganAt, seenAt }: Standing): Due {
  // It counts back from when it began: no leap since then makes it take more.
  if (open === 'running') return 'goes_on'
  if (open === 'asked') return 'asked'
  if (seenAt !== null && now - seenAt > LEAP_MS) return 'clock_leapt'
  // Never yet: the first one waits for its hour as all others do. In the future: the clock was set back.
  const since = beganAt ?? seenAt
  if (since === null) return 'not_yet'
  return since < lastHour(now) || since > now ? 'its_time' : 'not_yet'
}

/** The newest hour for runs that is not in the future. */
function lastHour(now: number): number {
  const todays = spanOfDay(dayAt(now, USUAL_TIME_ZONE), USUAL_TIME_ZONE).from + RUNS_AFTER_MS
  return todays <= now ? todays : todays - DAY_MS
}
