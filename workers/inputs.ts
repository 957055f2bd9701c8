// Turns what is stored in a log into the inputs of rules: the one place where a device's bytes are read.

import { createHash } from 'node:crypto'
import type { StoredRecord } from '../broker/entry.ts'
import {
  parseEvent,
  parseMotion,
  parsePlainTelemetry,
  parseTelemetry,
  type Unreadable,
} from '../model/parse.ts'
import type { Telemetry } from '../model/telemetry.ts'
import { happenedAt } from '../model/time.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import type { Input } from './rule.ts'

/** Raw text kept of something that was not understood. */
export const RAW_CHARS = 1_000

/** What was noticed about the device's clock, for the evidence of a finding. */
export type ClockFault =
  | { clockFault: 'past' | 'future'; deviceTs: number }
  | { clockFault: 'behind'; behindMs: number }
  | undefined

export type Heard = { input: Input; fault: ClockFault }

export type Read = {
  inputs: readonly Heard[]
  /** Named parts that made no sense and were left out. */
  ignored: readonly string[]
  /** Nothing was understood; kept for inspection. An event yields an input all the same. */
  reject?: { reason: Unreadable; raw: string }
}

/** Reads a device's record. `now` is the fold's time, which never goes back. */
export function readRecord(record: StoredRecord, now: EpochMs): Read {
  if (record.kind === 'telemetry') return readTelemetry(record, now)
  return record.kind === 'event' ? readEvent(record, now) : readMotion(record, now)
}

/** A sample of a device whose clock is behind by `behindMs`, at the time when it was really taken. */
export function corrected(heard: Heard, behindMs: number): Heard {
  const { input } = heard
  if (input.type !== 'sample') return heard
  const aheadMs = Math.min(behindMs, input.lateMs) // never later than it was received
  const at = epochMs(input.at + aheadMs)
  return {
    input: { ...input, at, lateMs: input.lateMs - aheadMs },
    fault: { clockFault: 'behind', behindMs },
  }
}

function readTelemetry(record: StoredRecord, now: EpochMs): Read {
  const plain = parsePlainTelemetry(record)
  if (plain !== undefined) return { inputs: inputsOf(plain, record, now), ignored: NONE }
  const { text } = record
  const parsed = parseTelemetry(text)
  if ('unreadable' in parsed) return unread(parsed.unreadable, text)
  return { inputs: inputsOf(parsed.value, record, now), ignored: parsed.ignored }
}

const NONE: readonly string[] = []

function inputsOf(samples: readonly Telemetry[], { receivedAt }: StoredRecord, now: EpochMs): Heard[] {
  const inputs: Heard[] = []
  let isInOrder = true
  let before = Number.NEGATIVE_INFINITY
  for (const sample of samples) {
    const { at, lateMs, fault } = timesOf(sample.ts, receivedAt)
    inputs.push({ input: { type: 'sample', now, at, lateMs, sample }, fault })
    isInOrder &&= at >= before
    before = at
  }
  return isInOrder ? inputs : inputs.sort((a, b) => happenedAtOf(a) - happenedAtOf(b))
}

/** What a device kept is folded in the order in which it happened, whatever the order of its memory. */
const happenedAtOf = ({ input }: Heard): number => ('at' in input ? input.at : input.now)

function readEvent(record: StoredRecord, now: EpochMs): Read {
  const { text } = record
  const bytesHash = createHash('sha256').update(record.payload).digest('hex').slice(0, 32)
  const parsed = record.cut ? ({ unreadable: 'too_large' } as const) : parseEvent(text)
  if ('unreadable' in parsed) {
    const { unreadable: reason } = parsed
    const raw = text.slice(0, RAW_CHARS)
    const input = {
      type: 'unreadable',
      now,
      at: record.receivedAt,
      lateMs: 0,
      reason,
      raw,
      bytesHash,
    } as const
    return { inputs: [{ input, fault: undefined }], ignored: [], reject: { reason, raw } }
  }
  const { at, lateMs, fault } = timesOf(parsed.value.ts, record.receivedAt)
  const input = { type: 'event', now, at, lateMs, event: parsed.value, bytesHash } as const
  return { inputs: [{ input, fault }], ignored: parsed.ignored }
}

function readMotion(record: StoredRecord, now: EpochMs): Read {
  const { text } = record
  const parsed = parseMotion(text)
  if ('unreadable' in parsed) return unread(parsed.unreadable, text)
  const { value: motion, ignored } = parsed
  const { at, lateMs, fault } = timesOf(motion.t0, record.receivedAt)
  return { inputs: [{ input: { type: 'burst', now, at, lateMs, motion }, fault }], ignored }
}

const unread = (reason: Unreadable, text: string): Read => ({
  inputs: [],
  ignored: [],
  reject: { reason, raw: text.slice(0, RAW_CHARS) },
})

function timesOf(
  ts: number | undefined,
  receivedAt: EpochMs,
): { at: EpochMs; lateMs: number; fault: ClockFault } {
  const { at, clockFault } = happenedAt(ts, receivedAt)
  const lateMs = Math.max(0, receivedAt - at)
  if (ts === undefined || clockFault === undefined || clockFault === 'missing')
    return { at, lateMs, fault: undefined }
  return { at, lateMs, fault: { clockFault, deviceTs: ts } }
}
