// What of a log's entry is kept (pure): one sample, event or burst after the other, each under a name that it has
// whenever, by whomever and in whatever batch the entry is read.
//
// Two messages of a device may claim the same millisecond: a hundred samples without a time in one message, a clock
// that stands still for a week. `nudgeNs` keeps them apart, by order of receipt as far as an entry knows it:
//
//   nudgeNs := ordinal × 1,000,003 ns + (batch mod 9) × 99,991 ns + how late it came, 1 ns a millisecond
//
// ordinal: how many of the same device, kind and millisecond stand before it in its entry. Lateness tells apart what
// came at different times, the batch what came in one millisecond and fell to two entries.

import type { Entry, StoredRecord } from '../broker/entry.ts'
import { type Lane, lanesOfEvent } from '../model/lane.ts'
import { parseEvent, parsePlainTelemetry, parseTelemetry } from '../model/parse.ts'
import type { Telemetry } from '../model/telemetry.ts'
import { DEVICE_TIME_FUTURE_MS, happenedAt } from '../model/time.ts'
import type { EpochMs } from '../model/units.ts'
import type { Kept, KeptType } from './history.ts'

const ORDINAL_NS = 1_000_003 // no sum of round periods
const BATCHES = 9
const BATCH_NS = 99_991

/** Everything of an entry that is kept, message by message: between two the caller may stop for a while. */
export function* keptIn(entry: Entry, lane: Lane): Generator<readonly Kept[], void> {
  const nudge = nudges(entry.batch)
  for (const record of entry.records) {
    switch (record.kind) {
      case 'telemetry':
        yield samplesOf(record, nudge)
        break
      case 'event':
        yield eventOf(record, lane, nudge)
        break
      case 'motion':
        yield [messageOf(record, { type: 'motion', ts: timeIn(record.text, 't0') }, nudge)]
        break
      default:
        break // ticks and contexts are made anew for a replay
    }
  }
}

type Nudge = (type: KeptType, at: EpochMs, record: StoredRecord) => number

function nudges(batch: number): Nudge {
  /** By kind and device, how often each instant was there. Most are there once. */
  const counts: Record<KeptType, Map<string, Map<number, number>>> = {
    sample: new Map(),
    event: new Map(),
    motion: new Map(),
  }
  const batchNs = (batch % BATCHES) * BATCH_NS
  return (type, at, { deviceId, receivedAt }) => {
    const lateMs = receivedAt - at + DEVICE_TIME_FUTURE_MS
    const instants = counts[type].get(deviceId)
    if (instants === undefined) {
      counts[type].set(deviceId, new Map([[at, 1]]))
      return batchNs + lateMs
    }
    const ordinal = instants.get(at) ?? 0
    instants.set(at, ordinal + 1)
    return ordinal * ORDINAL_NS + batchNs + lateMs
  }
}

/** What is not understood is no sample; a few of those are kept for inspection elsewhere. */
function samplesOf(record: StoredRecord, nudge: Nudge): Kept[] {
  const samples = parsePlainTelemetry(record) ?? readInFull(record.text)
  return samples.map(sample => {
    const { at, clockFault } = happenedAt(sample.ts, record.receivedAt)
    const nudgeNs = nudge('sample', at, record)
    const { deviceId, receivedAt } = record
    const kept = { type: 'sample' as const, deviceId, at, nudgeNs, receivedAt, sample }
    const isWrong = clockFault === 'past' || clockFault === 'future'
    return isWrong && sample.ts !== undefined ? { ...kept, deviceTs: sample.ts } : kept
  })
}

function readInFull(text: string): readonly Telemetry[] {
  const parsed = parseTelemetry(text)
  return 'value' in parsed ? parsed.value : []
}

/** One that matters to two lanes stands in both logs, and is kept once. */
function eventOf(record: StoredRecord, lane: Lane, nudge: Nudge): Kept[] {
  const parsed = record.cut ? undefined : parseEvent(record.text)
  const event = parsed !== undefined && 'value' in parsed ? parsed.value : undefined
  if (lanesOfEvent(event?.kind)[0] !== lane) return []
  return [messageOf(record, { type: 'event', ts: event?.ts }, nudge)]
}

function messageOf(
  record: StoredRecord,
  { type, ts }: { type: 'event' | 'motion'; ts: number | undefined },
  nudge: Nudge,
): Kept {
  const { deviceId, receivedAt, payload, cut } = record
  const { at } = happenedAt(ts, receivedAt)
  return { type, deviceId, at, nudgeNs: nudge(type, at, record), receivedAt, payload, cut }
}

/** A burst is long and what is wanted is one number: whether the rest is sound is for its rule to say. */
function timeIn(text: string, field: string): number | undefined {
  const [, value] = new RegExp(`"${field}"\\s*:\\s*(\\d{1,16})\\b`).exec(text) ?? []
  return value === undefined ? undefined : Number(value)
}
