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

export type Read = {
  inputs: readonly Input[]
  /** Named parts that made no sense and were left out. */
  ignored: readonly string[]
  /** Nothing was understood; kept for inspection. An event yields an input all the same. */
  reject: { reason: Unreadable; raw: string } | undefined
}

/** Reads a device's record. `now` is the fold's time, which never goes back. */
export function readRecord(record: StoredRecord, now: EpochMs): Read {
  if (record.kind === 'telemetry') return readTelemetry(record, now)
  return record.kind === 'event' ? readEvent(record, now) : readMotion(record, now)
}

/** A sample of a device whose clock is behind by `behindMs`, at the time when it was really taken. */
export function corrected(input: Input, behindMs: number): Input {
  if (input.type !== 'sample') return input
  const { now, at, lateMs, sample } = input
  const aheadMs = Math.min(behindMs, lateMs) // never later than it was received
  return { type: 'sample', now, at: epochMs(at + aheadMs), lateMs: lateMs - aheadMs, sample }
}

/** What was noticed about the clock that an input was read with; samples are corrected by `behindMs`, 0 for none. */
export function faultOf(input: Input, { receivedAt }: StoredRecord, behindMs: number): ClockFault {
  if (behindMs !== 0 && input.type === 'sample') return { clockFault: 'behind', behindMs }
  const deviceTs = deviceTimeOf(input)
  const { clockFault } = happenedAt(deviceTs, receivedAt)
  if (deviceTs === undefined || clockFault === undefined || clockFault === 'missing') return undefined
  return { clockFault, deviceTs }
}

function deviceTimeOf(input: Input): number | undefined {
  if (input.type === 'sample') return input.sample.ts
  if (input.type === 'event') return input.event.ts
  return input.type === 'burst' ? input.motion.t0 : undefined
}

function readTelemetry(record: StoredRecord, now: EpochMs): Read {
  const plain = parsePlainTelemetry(record)
  if (plain !== undefined) return { inputs: inputsOf(plain, record, now), ignored: NONE, reject: undefined }
  const { text } = record
  const parsed = parseTelemetry(text)
  if ('unreadable' in parsed) return unread(parsed.unreadable, text)
  return { inputs: inputsOf(parsed.value, record, now), ignored: parsed.ignored, reject: undefined }
}

const NONE: readonly string[] = []

function inputsOf(samples: readonly Telemetry[], { receivedAt }: StoredRecord, now: EpochMs): Input[] {
  const first = sampleInput(samples[0] as Telemetry, receivedAt, now)
  if (samples.length === 1) return [first]
  const inputs = [first]
  let isInOrder = true
  for (let i = 1; i < samples.length; i++) {
    const input = sampleInput(samples[i] as Telemetry, receivedAt, now)
    isInOrder &&= input.at >= (inputs[i - 1] as SampleInput).at
    inputs.push(input)
  }
  // What a device kept is folded in the order in which it happened, whatever the order of its memory.
  return isInOrder ? inputs : inputs.sort((a, b) => a.at - b.at)
}

function sampleInput(sample: Telemetry, receivedAt: EpochMs, now: EpochMs): SampleInput {
  const { at } = happenedAt(sample.ts, receivedAt)
  return { type: 'sample', now, at, lateMs: lateMsOf(at, receivedAt), sample }
}

type SampleInput = Extract<Input, { type: 'sample' }>

const lateMsOf = (at: EpochMs, receivedAt: EpochMs): number => Math.max(0, receivedAt - at)

function readEvent(record: StoredRecord, now: EpochMs): Read {
  const { text } = record
  const bytesHash = createHash('sha256').update(record.payload).digest('hex').slice(0, 32)
  const parsed = record.cut ? ({ unreadable: 'too_large' } as const) : parseEvent(text)
  if ('unreadable' in parsed) {
    const { unreadable: reason } = parsed
    const raw = text.slice(0, RAW_CHARS)
    const { receivedAt: at } = record
    const input: Input = { type: 'unreadable', now, at, lateMs: 0, reason, raw, bytesHash }
    return { inputs: [input], ignored: NONE, reject: { reason, raw } }
  }
  const { value: event, ignored } = parsed
  const { receivedAt } = record
  const { at } = happenedAt(event.ts, receivedAt)
  const input: Input = { type: 'event', now, at, lateMs: lateMsOf(at, receivedAt), event, bytesHash }
  return { inputs: [input], ignored, reject: undefined }
}

function readMotion(record: StoredRecord, now: EpochMs): Read {
  const { text, receivedAt } = record
  const parsed = parseMotion(text)
  if ('unreadable' in parsed) return unread(parsed.unreadable, text)
  const { value: motion, ignored } = parsed
  const { at } = happenedAt(motion.t0, receivedAt)
  const input: Input = { type: 'burst', now, at, lateMs: lateMsOf(at, receivedAt), motion }
  return { inputs: [input], ignored, reject: undefined }
}

const unread = (reason: Unreadable, text: string): Read => ({
  inputs: [],
  ignored: NONE,
  reject: { reason, raw: text.slice(0, RAW_CHARS) },
})
