// How much of a time an elder is usually up: nights do not count when nothing moves.

import type { Resident } from '../../model/resident.ts'
import type { EpochMs } from '../../model/units.ts'
import { dayOf, instantOf, minutesOf } from './wall-clock.ts'

export type Rhythm = Pick<Resident, 'timeZone' | 'waking'>

/** The part of the time from `from` to `to` that lies in waking hours. */
export function wakingMs({ timeZone, waking }: Rhythm, from: EpochMs, to: EpochMs): number {
  const [up, down] = [minutesOf(waking.from), minutesOf(waking.to)]
  const last = dayOf(timeZone, to)
  let sum = 0
  for (let day = dayOf(timeZone, from); day <= last; day++) {
    const begin = Math.max(from, instantOf(timeZone, day, up))
    const end = Math.min(to, instantOf(timeZone, day, down))
    if (end > begin) sum += end - begin
  }
  return sum
}
