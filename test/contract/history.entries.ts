// What a history is given, made of what it has to give back.

import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import { LANES, type Lane } from '../../model/lane.ts'
import { DEVICE_TIME_FUTURE_MS } from '../../model/time.ts'
import { epochMs } from '../../model/units.ts'
import type { Kept, KeptMessage, KeptSample, KeptType, LoggedEntry, Written } from '../../workers/history.ts'
import { emptyTally, keptOf } from '../../workers/kept.entries.ts'

type Made = Partial<Omit<KeptSample, 'type' | 'at' | 'receivedAt'>> & { receivedAt?: number }

/** A sample under the name that it has as the only one of its instant, in an entry of `entriesOf`. */
export function sample(at: number, readings: KeptSample['sample'], made: Made = {}): KeptSample {
  const { deviceId = 'd1', receivedAt = at + 1_500 } = made
  return {
    type: 'sample',
    deviceId,
    at: epochMs(at),
    nudgeNs: receivedAt - at + DEVICE_TIME_FUTURE_MS,
    receivedAt: epochMs(receivedAt),
    sample: { ts: at, ...readings },
  }
}

/** An event or a burst that says nothing of when it happened. */
export function message(type: 'event' | 'motion', at: number, payload: Uint8Array | string): KeptMessage {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  const heard = { deviceId: 'd1', at: epochMs(at), nudgeNs: DEVICE_TIME_FUTURE_MS, receivedAt: epochMs(at) }
  return { type, ...heard, payload: bytes, cut: false }
}

const LANE_OF: Record<KeptType, Lane> = { sample: 'routine', event: 'urgent', motion: 'motion' }

/** One entry a lane. `batch` is part of the names of what it holds; that of `sample` and `message` is a ninth. */
export function entriesOf(kept: readonly Kept[], { batch = 9 } = {}): LoggedEntry[] {
  return LANES.flatMap(lane => {
    const records = kept.filter(({ type }) => LANE_OF[type] === lane).map(recordOf)
    return records.length === 0 ? [] : [{ lane, data: encodeEntry({ run: 'r', batch, records }) }]
  })
}

function recordOf(kept: Kept): RawRecord {
  const { type, deviceId, receivedAt } = kept
  return type === 'sample'
    ? {
        kind: 'telemetry',
        deviceId,
        receivedAt,
        payload: Buffer.from(JSON.stringify(kept.sample)),
        cut: false,
      }
    : { kind: type, deviceId, receivedAt, payload: kept.payload, cut: kept.cut }
}

/** What entries hold, in the order in which it is read back. */
export const keptBy = (entries: readonly LoggedEntry[]): Kept[] =>
  [...keptOf(entries, emptyTally())].flat().sort((a, b) => a.at - b.at || a.nudgeNs - b.nudgeNs)

/** What is answered when all was well. */
export const allKept = (counts: Partial<Written>): Written => ({ ...emptyTally(), ...counts })
