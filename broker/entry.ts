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

const VERSION = 1
const KINDS = ['telemetry', 'event', 'motion', 'tick', 'context'] as const
const FLAG_CUT = 1

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

export type StoredRecord = RawRecord & { receipt: ReceiptId }

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

/** Unpacks an entry. Payloads are views into `data`. @throws HubError INTERNAL when the bytes are no entry. */
export function decodeEntry(data: Uint8Array): Entry {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (bytes[0] !== VERSION) throw new HubError('INTERNAL', `unknown entry version ${bytes[0]}`)
  const runLength = bytes.readUInt8(1)
  const run = bytes.toString('latin1', 2, 2 + runLength)
  let at = 2 + runLength
  const batch = bytes.readUIntBE(at, 6)
  const count = bytes.readUInt16BE(at + 6)
  at += 8
  const records: StoredRecord[] = []
  for (let index = 0; index < count; index++) {
    const kind = KINDS[bytes.readUInt8(at) - 1]
    if (kind === undefined) throw new HubError('INTERNAL', `unknown record kind in entry ${run}-${batch}`)
    const idLength = bytes.readUInt8(at + 8)
    const payloadAt = at + 13 + idLength
    const end = payloadAt + bytes.readUInt32BE(payloadAt - 4)
    records.push({
      kind,
      cut: (bytes.readUInt8(at + 1) & FLAG_CUT) !== 0,
      receivedAt: epochMs(bytes.readUIntBE(at + 2, 6)),
      deviceId: bytes.toString('latin1', at + 9, at + 9 + idLength),
      payload: bytes.subarray(payloadAt, end),
      receipt: receiptId(run, batch, index),
    })
    at = end
  }
  return { run, batch, records }
}
