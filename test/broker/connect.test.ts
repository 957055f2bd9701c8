// Reading a CONNECT: whatever the bytes are, the outcome is one of the four, and nothing throws.

import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { readConnect } from '../../broker/connect.ts'
import { connectPacket, publishPacket, toBytes } from './wire.ts'

const MAX = 4_096

describe('readConnect', () => {
  test('takes nothing before the whole packet is there', () => {
    const bytes = toBytes(connectPacket())
    for (let end = 0; end < bytes.length; end++) {
      expect(readConnect(bytes.subarray(0, end), MAX)).toBe('incomplete')
    }
    expect(readConnect(bytes, MAX)).toMatchObject({
      deviceId: 'mei',
      clientId: 'watch',
      length: bytes.length,
    })
  })

  test('leaves what comes behind it', () => {
    const connect = toBytes(connectPacket())
    const bytes = Buffer.concat([connect, toBytes(publishPacket('hub/v1/mei/event', '{}'))])
    expect(readConnect(bytes, MAX)).toMatchObject({ length: connect.length })
  })

  test('never throws, whatever stands behind a CONNECT’s header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), body => {
        const head = [0x10, body.length + 6, 0, 4, 77, 81, 84, 84]
        const read = readConnect(Buffer.from([...head, ...body]), MAX)
        expect(read).not.toBe('incomplete')
      }),
      { numRuns: 2_000 },
    )
  })

  test('never throws when bytes of a good one are changed', () => {
    const good = generate(connectPacket({ will: { topic: 't', payload: 'p', qos: 1, retain: true } }))
    const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), changes => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[at] = value
        readConnect(bytes, MAX)
      }),
      { numRuns: 2_000 },
    )
  })
})
