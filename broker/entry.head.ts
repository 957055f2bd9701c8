// What an entry holds, told by the heads of its records alone (the grammar is in entry.ts): for whoever passes entries
// on and has no need of what they say.

import { HubError } from '../model/error.ts'
import { KINDS, VERSION } from './entry.ts'

/** When records were received, first to last, and how many of them came from devices. */
export type Extent = { fromAt: number; toAt: number; messages: number }

/** Of the head of an entry without its run, and of a record without its device and its payload. */
const ENTRY_HEAD = 10
const RECORD_HEAD = 13
/** Ticks and contexts come behind it: the owner of the partition wrote them. */
const LAST_OF_DEVICES = KINDS.indexOf('motion') + 1

/** Some ten nanoseconds a record. undefined: it has none. @throws HubError INTERNAL when the bytes are no entry. */
export function extentOf(data: Uint8Array): Extent | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  let at = ENTRY_HEAD + (bytes[1] ?? 0)
  if (bytes[0] !== VERSION || at > bytes.length) throw new HubError('INTERNAL', 'these bytes are no entry')
  const count = bytes.readUInt16BE(at - 2)
  const extent: Extent = { fromAt: Number.POSITIVE_INFINITY, toAt: 0, messages: 0 }
  for (let index = 0; index < count; index++) {
    const kind = bytes[at] ?? 0
    const idLength = bytes[at + 8] ?? 0
    const payloadAt = at + RECORD_HEAD + idLength
    if (kind === 0 || kind > KINDS.length || payloadAt > bytes.length)
      throw new HubError('INTERNAL', `record ${index} of an entry cannot be read`)
    const receivedAt = bytes.readUIntBE(at + 2, 6)
    if (receivedAt < extent.fromAt) extent.fromAt = receivedAt
    if (receivedAt > extent.toAt) extent.toAt = receivedAt
    if (kind <= LAST_OF_DEVICES) extent.messages++
    at = payloadAt + bytes.readUInt32BE(payloadAt - 4)
  }
  return count === 0 ? undefined : extent
}
