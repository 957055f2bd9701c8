// An entry while it fills (its layout stands in entry.ts): what a device sent is copied once, out of the chunk of
// the socket and behind the records that came before it, and lies there as it goes into the log.

import type { EpochMs } from '../model/units.ts'
import { FLAG_CUT, KINDS, type RawRecord, VERSION } from './entry.ts'

export type OpenEntry = {
  bytes: Buffer<ArrayBuffer>
  /** Bytes that are written. */
  length: number
  /** Records in it. */
  count: number
  /** When the first of them was received. */
  firstAt: EpochMs
  /** Where the batch number stands, and behind it the count. */
  readonly batchAt: number
}

const BATCH_BYTES = 6
const COUNT_BYTES = 2
/** Of a record: kind, flags, receivedAt, length of the id; and the length of the payload. */
const FIXED_BYTES = 13

/** Bytes that a record takes in an entry. */
export const recordBytes = ({ deviceId, payload }: RawRecord): number =>
  FIXED_BYTES + deviceId.length + payload.length

/** Opens an entry with room for about `room` bytes. */
export function openEntry(run: string, { room, firstAt }: { room: number; firstAt: EpochMs }): OpenEntry {
  const batchAt = 2 + run.length
  const length = batchAt + BATCH_BYTES + COUNT_BYTES
  const bytes = Buffer.allocUnsafeSlow(length + room) // an own buffer, so that it can be transferred to a thread
  bytes[0] = VERSION
  bytes[1] = run.length
  writeAscii(bytes, run, 2)
  return { bytes, length, count: 0, firstAt, batchAt }
}

/** Writes a record. At most 65,535 of them. */
export function addRecord(entry: OpenEntry, record: RawRecord): void {
  const { kind, deviceId, receivedAt, payload, cut } = record
  const end = entry.length + recordBytes(record)
  if (end > entry.bytes.length) grow(entry, end)
  const { bytes } = entry
  let at = entry.length
  bytes[at] = KINDS.indexOf(kind) + 1
  bytes[at + 1] = cut ? FLAG_CUT : 0
  writeU48(bytes, receivedAt, at + 2)
  bytes[at + 8] = deviceId.length
  at = writeAscii(bytes, deviceId, at + 9)
  writeU32(bytes, payload.length, at)
  bytes.set(payload, at + 4)
  entry.length = end
  entry.count++
}

/** The bytes of an entry that takes no more records. */
export function closeEntry(
  { bytes, length, count, batchAt }: OpenEntry,
  batch: number,
): Uint8Array<ArrayBuffer> {
  writeU48(bytes, batch, batchAt)
  bytes.writeUInt16BE(count, batchAt + BATCH_BYTES)
  return bytes.subarray(0, length)
}

function grow(entry: OpenEntry, needed: number): void {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, entry.bytes.length * 2))
  larger.set(entry.bytes.subarray(0, entry.length))
  entry.bytes = larger
}

/** Ids are short: a loop is done before a call into the engine has begun. Returns where it ends. */
function writeAscii(bytes: Uint8Array, text: string, at: number): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
  return at + text.length
}

function writeU48(bytes: Uint8Array, value: number, at: number): void {
  const high = Math.floor(value / 2 ** 32)
  bytes[at] = high >> 8
  bytes[at + 1] = high
  writeU32(bytes, value, at + 2)
}

/** The lower 32 bits of `value`. */
function writeU32(bytes: Uint8Array, value: number, at: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
