// One entry of an `in` log: the records of one group commit that fell to one (partition, lane).
//
//   entry   := version u8 (1) | run length u8 | run ascii | batch u48 | count u16 | record × count
//   record  := kind u8 | flags u8 | receivedAt u48 (epoch ms) | id length u8 | device id ascii
//            | payload length u32 | payload
//   kind    := 1 telemetry | 2 event | 3 motion | 4 tick | 5 context      (4 and 5: written by the owner)
//   flags   := bit 0: the payload was cut because it was too large
//
// All integers big-endian. The receipt id of a record is (run, batch, its index).

import { HubError } from '../model/error.ts'
import { type EpochMs, epochMs, type ReceiptId, receiptId } from '../model/units.ts'

export const VERSION = 1
export const KINDS = ['telemetry', 'event', 'motion', 'tick', 'context'] as const
export const FLAG_CUT = 1

export type RecordKind = (typeof KINDS)[number]

/** What a device said, or what the owner of a partition notes down between, as it goes into a log. */
export type RawRecord = {
  kind: RecordKind
  /** Empty for a tick. */
  deviceId: string
  receivedAt: EpochMs
  payload: Uint8Array
  /** The payload is only the beginning of what was sent. */
  cut: boolean
}

export type Entry = { run: string; batch: number; records: StoredRecord[] }

/** Packs records into the bytes of one entry. At most 65,535 records. */
export function encodeEntry({
  run,
  batch,
  records,
}: {
  run: string
  batch: number
  records: readonly RawRecord[]
}): Uint8Array<ArrayBuffer> {
  let size = 10 + run.length
  for (const record of records) size += 13 + record.deviceId.length + record.payload.length
  const bytes = Buffer.from(new ArrayBuffer(size)) // an own buffer, so that it can be transferred to a thread
  let at = bytes.writeUInt8(VERSION, 0)
  at = bytes.writeUInt8(run.length, at)
  at += bytes.write(run, at, 'latin1')
  at = bytes.writeUIntBE(batch, at, 6)
  at = bytes.writeUInt16BE(records.length, at)
  for (const { kind, deviceId, receivedAt, payload, cut } of records) {
    at = bytes.writeUInt8(KINDS.indexOf(kind) + 1, at)
    at = bytes.writeUInt8(cut ? FLAG_CUT : 0, at)
    at = bytes.writeUIntBE(receivedAt, at, 6)
    at = bytes.writeUInt8(deviceId.length, at)
    at += bytes.write(deviceId, at, 'latin1')
    at = bytes.writeUInt32BE(payload.length, at)
    bytes.set(payload, at)
    at += payload.length
  }
  return bytes
}

/** What the records of one entry share. */
type Source = { run: string; batch: number; bytes: Buffer; latin1: string }

/** A record in its entry. What few folds need of it is made when it is asked for. */
export class StoredRecord implements RawRecord {
  readonly kind: RecordKind
  /** A slice of the entry's text, which it keeps in memory: what is stored for long takes a copy. */
  readonly deviceId: string
  readonly receivedAt: EpochMs
  readonly cut: boolean
  readonly #source: Source
  readonly #index: number
  /** The payload stands in `bytes` from here … */
  readonly from: number
  /** … to here, where the next record begins. */
  readonly to: number

  /** Reads the record that begins at `at`. @throws HubError INTERNAL when there is none. */
  constructor(source: Source, index: number, at: number) {
    const { bytes, latin1, run, batch } = source
    const kind = KINDS[(bytes[at] ?? 0) - 1]
    if (kind === undefined) throw new HubError('INTERNAL', `unknown record kind in entry ${run}-${batch}`)
    const idAt = at + 9
    const lengthAt = idAt + (bytes[at + 8] ?? 0)
    this.kind = kind
    this.cut = ((bytes[at + 1] ?? 0) & FLAG_CUT) !== 0
    this.receivedAt = epochMs(bytes.readUIntBE(at + 2, 6))
    this.deviceId = latin1.slice(idAt, lengthAt)
    this.#source = source
    this.#index = index
    this.from = lengthAt + 4
    this.to = this.from + bytes.readUInt32BE(lengthAt)
  }

  /** The whole entry. */
  get bytes(): Uint8Array {
    return this.#source.bytes
  }

  /** A view into the entry. */
  get payload(): Uint8Array {
    return this.#source.bytes.subarray(this.from, this.to)
  }

  /** The payload's bytes, one letter each; a slice of the entry's text like `deviceId`. */
  get latin1(): string {
    return this.#source.latin1.slice(this.from, this.to)
  }

  /** The payload as the UTF-8 that it should be. */
  get text(): string {
    return this.#source.bytes.toString('utf8', this.from, this.to)
  }

  get receipt(): ReceiptId {
    return receiptId(this.#source.run, this.#source.batch, this.#index)
  }
}

/** Unpacks an entry. The records are views into `data`. @throws HubError INTERNAL when the bytes are no entry. */
export function decodeEntry(data: Uint8Array): Entry {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (bytes[0] !== VERSION) throw new HubError('INTERNAL', `unknown entry version ${bytes[0]}`)
  const latin1 = bytes.toString('latin1')
  const batchAt = 2 + bytes.readUInt8(1)
  const run = bytes.toString('latin1', 2, batchAt) // a copy: it is stored for long
  const batch = bytes.readUIntBE(batchAt, 6)
  const count = bytes.readUInt16BE(batchAt + 6)
  const source: Source = { run, batch, bytes, latin1 }
  const records: StoredRecord[] = []
  for (let index = 0, at = batchAt + 8; index < count; index++) {
    const record = new StoredRecord(source, index, at)
    records.push(record)
    at = record.to
  }
  return { run, batch, records }
}
