// The conversation as another MQTT broker holds it, and its bounds.

import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import fc from 'fast-check'
import { generate, type Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { usingDoors } from './door.ts'
import { openDevice, pubacks, publishPacket, roundTrip, subscribePacket, toBytes, WITHIN } from './wire.ts'

const open = usingDoors()
const LATER = (): void => undefined
const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')
const PINGREQ = { cmd: 'pingreq' } as Packet

const ID = fc.integer({ min: 1, max: 60_000 })
/** Not those of a PUBLISH: which of two came first is the disk's affair, and not that of the test. */
const RELEASED = fc.integer({ min: 60_001, max: 65_535 })
const TOPIC = fc.constantFrom('telemetry', 'event', 'motion', 'command/ack').map(name => `hub/v1/mei/${name}`)
const PUBLISH = fc
  .record({
    topic: TOPIC,
    payload: fc.uint8Array({ maxLength: 300 }),
    qos: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
    messageId: ID,
    retain: fc.boolean(),
    dup: fc.boolean(),
  })
  .map(({ qos, messageId, payload, dup, ...packet }) => ({
    cmd: 'publish' as const,
    ...packet,
    qos,
    dup: dup && qos > 0,
    payload: Buffer.from(payload),
    ...(qos > 0 && { messageId }),
  }))
const PACKET: fc.Arbitrary<Packet> = fc.oneof(
  { weight: 5, arbitrary: PUBLISH },
  RELEASED.map(messageId => ({ cmd: 'pubrel' as const, messageId })),
  ID.map(messageId => ({ cmd: 'unsubscribe' as const, messageId, unsubscriptions: ['hub/v1/mei/command'] })),
  ID.map(
    messageId =>
      ({ ...subscribePacket('hub/v1/mei/command', 'hub/v1/lan/command', '#'), messageId }) as Packet,
  ),
  fc.constant(PINGREQ),
)

/** A broker of aedes alone, which grants what the hub grants. */
async function startAedes() {
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic === 'hub/v1/mei/command' ? subscription : null),
    authorizePublish: (_client, packet, done) => {
      packet.retain = false
      done(null)
    },
  })
  const server = createServer(aedes.handle).listen(0, '127.0.0.1')
  await eventually(() => expect(server.listening).toBe(true), WITHIN)
  const { port } = server.address() as { port: number }
  return {
    port,
    async stop() {
      await new Promise<void>(resolve => aedes.close(() => resolve()))
      server.close()
    },
  }
}

/** What is answered to these packets, whose bytes are cut so; sorted, because order is free across lanes. */
async function answersOf(
  port: number,
  packets: readonly Packet[],
  cuts: readonly number[],
): Promise<string[]> {
  const wire = await openDevice(port)
  const bytes = Buffer.concat(packets.map(toBytes))
  let from = 0
  for (const at of [...cuts.map(cut => cut % bytes.length), bytes.length].sort((a, b) => a - b)) {
    wire.send(bytes.subarray(from, at))
    await new Promise(resolve => setImmediate(resolve))
    from = at
  }
  wire.send(PINGREQ)
  await wire.next('pingresp')
  const due = packets.filter(packet => packet.cmd !== 'publish' || packet.qos > 0).length
  await eventually(() => expect(wire.got).toHaveLength(1 + due + 1), WITHIN)
  wire.end()
  return wire.got.map(packet => generate(packet).toString('hex')).sort()
}

test('aedes answers the same', { timeout: 120_000 }, async () => {
  const door = await open()
  const aedes = await startAedes()
  const conversation = fc.array(PACKET, { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(conversation, fc.array(fc.nat(), { maxLength: 8 }), async (packets, cuts) => {
      const [hub, reference] = await Promise.all([
        answersOf(door.port, packets, cuts),
        answersOf(aedes.port, packets, cuts),
      ])
      expect(hub).toEqual(reference)
    }),
    { numRuns: 50 },
  )
  await aedes.stop()
})

test('no control packet, whatever its bytes, harms anybody else', { timeout: 60_000 }, async () => {
  const door = await open()
  const type = fc.constantFrom(0x40, 0x50, 0x60, 0x62, 0x70, 0x80, 0x82, 0xa0, 0xa2, 0xc0, 0xe0, 0xe5)
  await fc.assert(
    fc.asyncProperty(type, fc.uint8Array({ maxLength: 60 }), async (first, body) => {
      const wire = await openDevice(door.port)
      wire.send(Buffer.from([first, body.length, ...body]), PINGREQ)
      await eventually(() => expect(wire.closed() || wire.got.length > 1).toBe(true), WITHIN)
      wire.end()
    }),
    { numRuns: 150 },
  )
  await roundTrip(door.port)
})

describe('QoS 2', () => {
  const event = publishPacket('hub/v1/mei/event', '{"kind":"sos"}', { qos: 2, messageId: 7 })

  const copy = { ...event, dup: true } as Packet

  test('is stored once however often it is sent, until it is released [MQTT-4.3.3-2]', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    for (const again of [1, 2, 3]) {
      wire.send(again === 1 ? event : copy)
      await eventually(() => expect(wire.got).toHaveLength(1 + again), WITHIN)
    }
    expect(door.taken).toHaveLength(1)
    wire.send({ cmd: 'pubrel', messageId: 7 })
    await wire.next('pubcomp')
    wire.send(event)
    await eventually(() => expect(door.taken).toHaveLength(2), WITHIN)
  })

  test('its id, left behind by a late copy, does not swallow the next message', async () => {
    const door = await open({ answer: LATER, limits: { stopWithinMs: 20 } })
    const wire = await openDevice(door.port)
    wire.send(event, copy) // it was sent again before the first was stored
    await eventually(() => expect(door.taken).toHaveLength(2), WITHIN)
    door.taken[0]?.done()
    await wire.next('pubrec')
    wire.send({ cmd: 'pubrel', messageId: 7 })
    await wire.next('pubcomp')
    door.taken[1]?.done()
    await eventually(() => expect(wire.got).toHaveLength(4), WITHIN)
    wire.send(
      { ...event, payload: '{"kind":"fall"}' } as Packet,
      { ...copy, payload: '{"kind":"fall"}' } as Packet,
    )
    await eventually(
      () => expect(door.texts().slice(2)).toEqual(['{"kind":"fall"}', '{"kind":"fall"}']),
      WITHIN,
    )
    await roundTrip(door.port)
    expect(wire.got).toHaveLength(4) // not before it is stored
  })

  test('beyond the bound is stored as well, and what is sent again of it is stored again', async () => {
    const door = await open({ limits: { unreleased: 3 } })
    const wire = await openDevice(door.port)
    for (const [index, messageId] of [1, 2, 3, 4, 3, 4].entries()) {
      wire.send({ ...(index < 4 ? event : copy), messageId } as Packet)
      await eventually(() => expect(wire.got).toHaveLength(2 + index), WITHIN)
    }
    expect(door.taken).toHaveLength(5)
    expect(door.refused).toEqual({})
  })
})

describe('what one connection can pile up is bounded', () => {
  test('an SOS is stored though samples before it wait', async () => {
    const door = await open({ answer: LATER, limits: { stopWithinMs: 20 } })
    const wire = await openDevice(door.port)
    for (let n = 1; n <= 5; n++) {
      wire.send(publishPacket('hub/v1/mei/telemetry', '{}', { messageId: n }))
      await eventually(() => expect(door.taken).toHaveLength(n), WITHIN)
    }
    wire.send(SOS)
    await eventually(() => expect(door.texts('event')).toHaveLength(1), WITHIN)
  })

  test('beyond so many messages that are not stored its socket is not read, and read again later', async () => {
    const door = await open({ answer: LATER, limits: { unanswered: 2, stopWithinMs: 20 } })
    const wire = await openDevice(door.port)
    for (let n = 1; n <= 2; n++) {
      wire.send(publishPacket('hub/v1/mei/telemetry', '{}', { messageId: n }))
      await eventually(() => expect(door.taken).toHaveLength(n), WITHIN)
    }
    wire.send(publishPacket('hub/v1/mei/telemetry', '{}', { messageId: 3 }))
    await roundTrip(door.port)
    expect(door.taken).toHaveLength(2)
    door.taken[0]?.done()
    await eventually(() => expect(door.taken).toHaveLength(3), WITHIN)
    expect(pubacks(wire)).toEqual([1])
  })
})
