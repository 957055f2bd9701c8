// Cuts the byte stream of a device into whole packets. A packet is refused when it is announced and not when it
// has filled the memory, and one that ingest will not take is read past; bytes are copied only where a packet does
// not end in the chunk that it begins in.
//
//   packet := type u4, flags u4 | remaining length, 1–4 bytes of 7 bits, low first | body

import type { BrokerLimits } from './limits.ts'

/** The beginning of a packet whose end has not come yet. */
export type Begun = {
  bytes: Buffer
  /** Bytes that have come, with those that were read past. */
  have: number
  /** Bytes of the whole packet, 0 while its remaining length is not known. */
  need: number
  bodyAt: number
}

/** Where the bytes of a device stand between two chunks. */
export type PacketStream = { begun: Begun | undefined }

export type PacketFault = 'packet_too_large' | 'malformed_packet' | 'protocol_error'

/** Its first byte is `bytes[at]`, its body goes from `bodyAt` to `end`; what was read past would lie behind. */
export type WholePacket = { bytes: Buffer; at: number; bodyAt: number; end: number }

export type PacketReader<S> = {
  limits: BrokerLimits
  onPacket(stream: S, packet: WholePacket): void
}

export const PACKET_TYPE = {
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const

const CONTROL: ReadonlySet<number> = new Set(Object.values(PACKET_TYPE))

/**
 * Calls `onPacket` for every packet that is whole with `chunk`, in order; the rest is kept for the next chunk. The
 * packets in front of a fault are good; nothing may be read after it.
 */
export function readPackets<S extends PacketStream>(
  stream: S,
  chunk: Buffer,
  reader: PacketReader<S>,
): PacketFault | undefined {
  const { begun } = stream
  if (begun === undefined) return walk(stream, chunk, reader)
  if (begun.need === 0) {
    stream.begun = undefined
    return walk(stream, Buffer.concat([begun.bytes, chunk]), reader)
  }
  const missing = begun.need - begun.have
  append(begun, chunk.subarray(0, missing), reader.limits)
  if (chunk.length < missing) return undefined
  stream.begun = undefined
  const { bytes, bodyAt } = begun
  reader.onPacket(stream, { bytes, at: 0, bodyAt, end: bytes.length })
  return walk(stream, chunk.subarray(missing), reader)
}

function walk<S extends PacketStream>(
  stream: S,
  bytes: Buffer,
  { limits, onPacket }: PacketReader<S>,
): PacketFault | undefined {
  let at = 0
  while (at < bytes.length) {
    const maxLength = maxLengthOf((bytes[at] as number) >> 4, limits)
    if (maxLength < 0) return 'protocol_error' // [MQTT-3.1.0-2]
    let bodyAt = at + 1
    let length = 0
    for (let scale = 1, more = true; more; scale *= 128) {
      if (bodyAt === bytes.length) return begin(stream, { bytes: bytes.subarray(at), need: 0, bodyAt: 0 })
      const byte = bytes[bodyAt++] as number
      length += (byte & 0x7f) * scale
      if (length > maxLength) return 'packet_too_large'
      more = byte >= 0x80
      if (more && bodyAt - at === 5) return 'malformed_packet'
    }
    const end = bodyAt + length
    if (end > bytes.length)
      return begin(stream, { bytes: bytes.subarray(at), need: end - at, bodyAt: bodyAt - at })
    onPacket(stream, { bytes, at, bodyAt, end })
    at = end
  }
  return undefined
}

function maxLengthOf(type: number, limits: BrokerLimits): number {
  if (type === PACKET_TYPE.publish) return limits.publishBytes
  return CONTROL.has(type) ? limits.controlBytes : -1 // a second CONNECT is not among them
}

function begin(stream: PacketStream, { bytes, need, bodyAt }: Omit<Begun, 'have'>): undefined {
  // A copy: the chunk may be far larger.
  stream.begun = { bytes: Buffer.from(bytes), have: bytes.length, need, bodyAt }
}

/** Doubles the room as the packet comes in, so that announcing one takes no memory and a dripping one little time. */
function append(begun: Begun, chunk: Buffer, { keptBytes }: BrokerLimits): void {
  const have = begun.have + chunk.length
  const kept = Math.min(have, keptBytes)
  if (kept > begun.bytes.length) {
    const larger = Buffer.allocUnsafeSlow(Math.min(begun.need, keptBytes, kept * 2))
    begun.bytes.copy(larger, 0, 0, begun.have)
    begun.bytes = larger
  }
  if (kept > begun.have) begun.bytes.set(chunk.subarray(0, kept - begun.have), begun.have)
  begun.have = have
}
