// Days and times of day by the clock on an elder's wall, across its changes.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { offsetMs } from '../local-time.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The local date, as days since 1970-01-01. @throws RangeError for a zone that this machine does not know. */
export const dayOf = (timeZone: string, at: EpochMs): number =>
  Math.floor((at + offsetMs(timeZone, at)) / DAY_MS)

/**
 * When the clock of that zone shows `minutes` after midnight on that day. A time that the day leaves out is an hour
 * later; of a time that comes twice it is one of the two.
 */
export function instantOf(timeZone: string, day: number, minutes: number): EpochMs {
  const local = epochMs(day * DAY_MS + minutes * MINUTE_MS)
  const near = epochMs(local - offsetMs(timeZone, local))
  return epochMs(local - offsetMs(timeZone, near))
}

/** `07:30` as minutes after midnight. It is asked for every sample of somebody who sleeps, so that no text is cut. */
export const minutesOf = (time: string): number =>
  (digitAt(time, 0) * 10 + digitAt(time, 1)) * 60 + digitAt(time, 3) * 10 + digitAt(time, 4)

const digitAt = (time: string, i: number): number => time.charCodeAt(i) - DIGIT_ZERO
const DIGIT_ZERO = 0x30
