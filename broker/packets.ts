// Cuts the byte stream of a device into whole packets. A packet is refused when it is announced and not when it
// has filled the memory; bytes are copied only where a packet does not end in the chunk that it begins in.
//
//   packet := type u4, flags u4 | remaining length, 1–4 bytes of 7 bits, low first | body

import type { BrokerLimits } from './limits.ts'

/** The beginning of a packet whose end has not come yet. */
export type Begun = {
  bytes: Buffer
  have: number
  /** Bytes of the whole packet, 0 while its remaining length is not known. */
  need: number
}

/** Where the bytes of a device stand between two chunks. */
export type PacketStream = { begun: Begun | undefined }

export type PacketFault = 'packet_too_large' | 'malformed_packet' | 'protocol_error'

/** Its first byte is `bytes[at]`, its body goes from `bodyAt` to `end`. */
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
  if (stream.begun === undefined) return walk(stream, chunk, reader)
  const ended = goOn(stream, stream.begun, chunk)
  if (ended === undefined) return undefined
  return walk(stream, ended.bytes, reader) ?? walk(stream, chunk.subarray(ended.used), reader)
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
      if (bodyAt === bytes.length) return begin(stream, bytes.subarray(at), 0)
      const byte = bytes[bodyAt++] as number
      length += (byte & 0x7f) * scale
      if (length > maxLength) return 'packet_too_large'
      more = byte >= 0x80
      if (more && bodyAt - at === 5) return 'malformed_packet'
    }
    const end = bodyAt + length
    if (end > bytes.length) return begin(stream, bytes.subarray(at), end - at)
    onPacket(stream, { bytes, at, bodyAt, end })
    at = end
  }
  return undefined
}

function maxLengthOf(type: number, limits: BrokerLimits): number {
  if (type === PACKET_TYPE.publish) return limits.publishBytes
  return CONTROL.has(type) ? limits.controlBytes : -1 // a second CONNECT is not among them
}

function begin(stream: PacketStream, bytes: Buffer, need: number): undefined {
  stream.begun = { bytes: Buffer.from(bytes), have: bytes.length, need } // a copy: the chunk may be far larger
}

/** The packet that was begun, once `chunk` ends it, and how much of `chunk` that took. */
function goOn(
  stream: PacketStream,
  begun: Begun,
  chunk: Buffer,
): { bytes: Buffer; used: number } | undefined {
  const used = begun.need === 0 ? chunk.length : begun.need - begun.have
  if (chunk.length < used) {
    append(begun, chunk)
    return undefined
  }
  stream.begun = undefined
  return { bytes: Buffer.concat([begun.bytes.subarray(0, begun.have), chunk.subarray(0, used)]), used }
}

/** Doubles the room as the packet comes in, so that announcing one takes no memory and a dripping one little time. */
function append(begun: Begun, chunk: Buffer): void {
  const have = begun.have + chunk.length
  if (have > begun.bytes.length) {
    const larger = Buffer.allocUnsafeSlow(Math.min(begun.need, have * 2))
    begun.bytes.copy(larger, 0, 0, begun.have)
    begun.bytes = larger
  }
  begun.bytes.set(chunk, begun.have)
  begun.have = have
}
