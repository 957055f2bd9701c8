// The same packets come out of a byte stream however it is cut into chunks.

import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { type PacketReader, type PacketStream, readPackets } from '../../broker/packets.ts'
import { publishPacket } from './wire.ts'

const LIMITS = { ...DEFAULT_LIMITS, publishBytes: 1_000, keptBytes: 1_000, controlBytes: 100 }
const GOOD = fc.oneof(
  fc
    .integer({ min: 0, max: 950 })
    .map(size => generate(publishPacket('hub/v1/mei/event', Buffer.alloc(size, 0xff)))),
  fc.constant(Buffer.from([0xc0, 0])),
  fc.constant(Buffer.from([0x40, 2, 0, 1])),
)
const BAD = fc.constantFrom(
  { bytes: Buffer.from([0x32, 0xe9, 0x07]), fault: 'packet_too_large' }, // 1,001
  { bytes: Buffer.from([0x82, 0x65]), fault: 'packet_too_large' }, // 101
  { bytes: Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80]), fault: 'malformed_packet' },
  { bytes: Buffer.from([0x10]), fault: 'protocol_error' },
)

/** Cuts bytes at these places, counted in thousandths of them. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map(place => Math.floor((place * bytes.length) / 1_000)), bytes.length]
  at.sort((a, b) => a - b)
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

const CUTS = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 30 })

/** Reads chunks as those of one connection; what came out of it, packet by packet. */
function read(chunks: readonly Buffer[], limits = LIMITS) {
  const stream: PacketStream = { begun: undefined }
  const packets: Buffer[] = []
  const reader: PacketReader<PacketStream> = {
    limits,
    onPacket: (_stream, { bytes, at, bodyAt, end }) => {
      expect(end - bodyAt).toBe(Math.min(remainingLength(bytes.subarray(at, bodyAt)), limits.keptBytes - 3))
      packets.push(Buffer.from(bytes.subarray(at, end)))
    },
  }
  let held = 0
  for (const chunk of chunks) {
    const fault = readPackets(stream, chunk, reader)
    held = Math.max(held, stream.begun?.bytes.length ?? 0)
    if (fault) return { packets, fault, held }
  }
  return { packets, begun: stream.begun, held }
}

/** As mqtt-packet understands it. */
function remainingLength(header: Buffer): number {
  return header.subarray(1).reduce((sum, byte, index) => sum + (byte & 0x7f) * 128 ** index, 0)
}

describe('packets of a byte stream', () => {
  test('are the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(GOOD, { maxLength: 20 }), CUTS, (packets, cuts) => {
        const { packets: found, fault, begun } = read(cut(Buffer.concat(packets), cuts))
        expect(found).toEqual(packets)
        expect([fault, begun]).toEqual([undefined, undefined])
      }),
    )
  })

  test('end at the first bad one, which is named', () => {
    fc.assert(
      fc.property(fc.array(GOOD, { maxLength: 20 }), BAD, CUTS, (packets, bad, cuts) => {
        const bytes = Buffer.concat([...packets, bad.bytes, Buffer.alloc(50, 0xff)])
        const { packets: found, fault } = read(cut(bytes, cuts))
        expect(found).toEqual(packets)
        expect(fault).toBe(bad.fault)
      }),
    )
  })

  test('take no more memory than what has come of them, twice', () => {
    const large = generate(publishPacket('hub/v1/mei/event', Buffer.alloc(950)))
    const { held, packets } = read(Array.from(large, byte => Buffer.of(byte)))
    expect(packets).toEqual([large])
    expect(held).toBeLessThanOrEqual(large.length)
    expect(read([large.subarray(0, 10)]).held).toBe(10)
  })

  test('are read past where they are larger than anybody wants them', () => {
    const limits = { ...LIMITS, keptBytes: 300 }
    const large = generate(publishPacket('hub/v1/mei/event', Buffer.alloc(950, 7)))
    const bytes = Buffer.concat([large, large, Buffer.from([0xc0, 0])])
    const cuts = fc.integer({ min: 1, max: 250 })
    fc.assert(
      fc.property(cuts, size => {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        )
        const { packets, held } = read(chunks, limits)
        expect(packets).toEqual([large.subarray(0, 300), large.subarray(0, 300), Buffer.from([0xc0, 0])])
        expect(held).toBeLessThanOrEqual(300)
      }),
    )
  })
})
