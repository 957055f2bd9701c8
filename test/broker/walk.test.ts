// The walk over packet headers must see the same packets however the bytes are cut into chunks.

import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { startWalk, walkPackets } from '../../broker/walk.ts'
import { publishPacket } from './wire.ts'

const LIMITS = { ...DEFAULT_LIMITS, publishBytes: 1_000, controlBytes: 100 }
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

describe('the walk', () => {
  test('lets every stream of good packets through', () => {
    fc.assert(
      fc.property(fc.array(GOOD, { maxLength: 20 }), CUTS, (packets, cuts) => {
        const walk = startWalk()
        for (const chunk of cut(Buffer.concat(packets), cuts)) {
          expect(walkPackets(walk, chunk, LIMITS)).toBeUndefined()
        }
        expect(walk).toMatchObject({ bodyLeft: 0, lengthRead: -1 })
      }),
    )
  })

  test('stops at the first bad one, and keeps what came before it', () => {
    fc.assert(
      fc.property(fc.array(GOOD, { maxLength: 20 }), BAD, CUTS, (packets, bad, cuts) => {
        const good = Buffer.concat(packets)
        const walk = startWalk()
        let kept = 0
        for (const chunk of cut(Buffer.concat([good, bad.bytes, Buffer.alloc(50, 0xff)]), cuts)) {
          const found = walkPackets(walk, chunk, LIMITS)
          kept += found?.goodBytes ?? chunk.length
          if (!found) continue
          expect(found.fault).toBe(bad.fault)
          // Its header may have begun in an earlier chunk; of its body nothing is ever kept.
          expect(kept).toBeGreaterThanOrEqual(good.length)
          expect(kept).toBeLessThan(good.length + bad.bytes.length)
          return
        }
        throw new Error('not found')
      }),
    )
  })
})
