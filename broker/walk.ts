// Follows the fixed headers of the packets in a byte stream, so that a packet is refused when it is announced
// and not when it has filled the memory. Runs over every chunk before aedes sees it: no copies, no objects.
//
//   packet := type u4, flags u4 | remaining length, 1–4 bytes of 7 bits, low first | body

import type { BrokerLimits } from './limits.ts'

/** Where a stream of packets stands between two chunks. */
export type PacketWalk = {
  /** Bytes of the present packet's body that are still to come. */
  bodyLeft: number
  /** Bytes of its remaining length that were read; −1 before its first byte. */
  lengthRead: number
  length: number
  maxLength: number
}

export type WalkFault = 'packet_too_large' | 'malformed_packet' | 'protocol_error'

export const startWalk = (): PacketWalk => ({ bodyLeft: 0, lengthRead: -1, length: 0, maxLength: 0 })

const PUBLISH = 3
/** PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. A second CONNECT is not among them. */
const CONTROL: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 10, 12, 14])

/** Walks over `chunk`. A fault names the offset up to which the bytes before it are good. */
export function walkPackets(
  walk: PacketWalk,
  chunk: Uint8Array,
  limits: BrokerLimits,
): undefined | { fault: WalkFault; goodBytes: number } {
  let at = 0
  let packetAt = 0
  while (at < chunk.length) {
    if (walk.bodyLeft > 0) {
      const step = Math.min(walk.bodyLeft, chunk.length - at)
      walk.bodyLeft -= step
      at += step
      continue
    }
    const byte = chunk[at++] as number
    if (walk.lengthRead < 0) {
      packetAt = at - 1
      const type = byte >> 4
      walk.maxLength = type === PUBLISH ? limits.publishBytes : CONTROL.has(type) ? limits.controlBytes : -1
      if (walk.maxLength < 0) return { fault: 'protocol_error', goodBytes: packetAt } // [MQTT-3.1.0-2]
      walk.lengthRead = 0
      walk.length = 0
      continue
    }
    walk.length += (byte & 0x7f) * 128 ** walk.lengthRead++
    if (walk.length > walk.maxLength) return { fault: 'packet_too_large', goodBytes: packetAt }
    if (byte < 0x80) {
      walk.bodyLeft = walk.length
      walk.lengthRead = -1
    } else if (walk.lengthRead === 4) return { fault: 'malformed_packet', goodBytes: packetAt }
  }
  return undefined
}
