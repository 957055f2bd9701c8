// Two times of every record: when the hub received it, and when it happened.

import { type EpochMs, epochMs } from './units.ts'

/** The hub's source of time; tests pass one that they move by hand. */
export type Clock = { now(): EpochMs }

/** Device time is believed from 7 days before to 2 minutes after its receipt (docs/device-protocol.md). */
export const DEVICE_TIME_PAST_MS = 7 * 24 * 3_600_000
export const DEVICE_TIME_FUTURE_MS = 2 * 60_000

export type HappenedAt = {
  /** Device time where it can be believed, else the receive time. */
  at: EpochMs
  /** Why device time was not used; absent when it was. */
  clockFault?: 'missing' | 'past' | 'future'
}

/** Decides when something happened from the device's claim `ts` and the receive time. */
export function happenedAt(ts: number | undefined, receivedAt: EpochMs): HappenedAt {
  if (ts === undefined) return { at: receivedAt, clockFault: 'missing' }
  if (ts < receivedAt - DEVICE_TIME_PAST_MS) return { at: receivedAt, clockFault: 'past' }
  if (ts > receivedAt + DEVICE_TIME_FUTURE_MS) return { at: receivedAt, clockFault: 'future' }
  return { at: epochMs(Math.trunc(ts)) }
}
