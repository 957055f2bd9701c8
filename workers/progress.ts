// How far a fold has come in its log.

import type { EpochMs } from '../model/units.ts'
import type { DeviceState } from './device-state.ts'

/** Time, which comes from the log alone, and how many entries have been applied. Only the fold moves it on. */
export type Progress = { readonly now: EpochMs; readonly applied: number }

/** In a replay: what comes of the device now is in its row already. */
export const isAhead = (device: DeviceState, { applied }: Progress): boolean => device.savedAt >= applied

/** The hub's clock was set back when a record comes this long before the newest: then time is what it says now. */
const SET_BACK_MS = 2 * 60_000

/** Records of several brokers may come a little out of order; that moves no time back. */
export const timeAfter = (now: EpochMs, receivedAt: EpochMs): EpochMs =>
  receivedAt > now || receivedAt < now - SET_BACK_MS ? receivedAt : now
