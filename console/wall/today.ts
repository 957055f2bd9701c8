// What "today" and "lately" are on the wall, and what it says of a flood. Pure.

import type { AlarmFloods } from '../../model/figures.ts'
import { dayAt, spanOfDay, USUAL_TIME_ZONE } from '../../model/local-days.ts'

const LATELY_MS = 600_000

/** Where the local day and the last ten minutes begin; `now` is the hub's, epoch ms. */
export function spansAt(now: number): { from: number; latelyFrom: number } {
  const { from } = spanOfDay(dayAt(now, USUAL_TIME_ZONE), USUAL_TIME_ZONE)
  return { from, latelyFrom: now - LATELY_MS }
}

export type FloodSaid =
  | { is: 'unknown' }
  | { is: 'calm'; lately: number }
  | { is: 'on'; alarms: number; lately: number }

/** Before any figures have come, nothing is said: a zero would be a promise. */
export function floodOf(figures: { floods: AlarmFloods; lately: number } | undefined): FloodSaid {
  if (figures === undefined) return { is: 'unknown' }
  const { floods, lately } = figures
  const flood = floods.items.find(({ to }) => to === null)
  return flood ? { is: 'on', alarms: flood.alarms, lately } : { is: 'calm', lately }
}
