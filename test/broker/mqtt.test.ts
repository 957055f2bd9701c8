// What becomes of a device's messages between its socket and ingest, on real sockets.

import mqtt from 'mqtt'
import type { Packet } from 'mqtt-packet'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Door, openDoor, SECRET } from './door.ts'
import { connectPacket, openDevice, publishPacket, toBytes, WITHIN, type Wire, withBytes } from './wire.ts'

const doors: Door[] = []
async function open(options?: Parameters<typeof openDoor>[0]): Promise<Door> {
  const door = await openDoor(options)
  doors.push(door)
  return door
}
afterEach(async () => {
  for (const door of doors.splice(0)) await door.stop()
})

const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')
const LATER = (): void => undefined

describe('an acknowledgement means stored', () => {
  test.each<[qos: 1 | 2, answer: Packet['cmd']]>([
    [1, 'puback'],
    [2, 'pubrec'],
  ])('QoS %i: nothing is answered before ingest is done', async (qos, answer) => {
    const door = await open({ answer: LATER })
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/mei/event', '{"kind":"sos"}', { qos, messageId: 7 }))
    await vi.waitFor(() => expect(door.taken).toHaveLength(1), WITHIN)
    await roundTrip(door)
    expect(wire.got.map(packet => packet.cmd)).toEqual(['connack'])
    door.taken[0]?.done()
    expect(await wire.next(answer)).toMatchObject({ messageId: 7 })
  })

  test('what could not be stored closes the socket without an answer', async () => {
    const door = await open({ answer: taken => taken.done(new Error('disk full')) })
    const wire = await openDevice(door.port)
    wire.send(SOS)
    await wire.waitForClose()
    expect(wire.got.map(packet => packet.cmd)).toEqual(['connack'])
    expect(door.refused).toEqual({ not_stored: 1 })
    expect(door.logged).toEqual(['not_stored'])
  })

  test('an event is acknowledged before the sample that was sent first: lanes do not wait for each other', async () => {
    const door = await open({ answer: LATER })
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/mei/telemetry', '{}', { messageId: 1 }), {
      ...SOS,
      messageId: 2,
    } as Packet)
    await vi.waitFor(() => expect(door.taken).toHaveLength(2), WITHIN)
    door.taken[1]?.done()
    expect(await wire.next('puback')).toMatchObject({ messageId: 2 })
    door.taken[0]?.done()
    await vi.waitFor(() => expect(pubacks(wire)).toEqual([2, 1]), WITHIN)
  })

  test('a device that left before its message was stored harms nobody', async () => {
    const door = await open({ answer: LATER })
    const wire = await openDevice(door.port)
    wire.send(SOS)
    await vi.waitFor(() => expect(door.taken).toHaveLength(1), WITHIN)
    wire.end()
    await vi.waitFor(() => expect(door.connections()).toBe(0), WITHIN)
    door.taken[0]?.done()
    await roundTrip(door)
    expect(door.refused).toEqual({})
  })

  test('a stop gives the acknowledgements that are due', async () => {
    const door = await openDoor({ answer: LATER })
    const wire = await openDevice(door.port)
    wire.send(SOS)
    await vi.waitFor(() => expect(door.taken).toHaveLength(1), WITHIN)
    const stopped = door.stop()
    wire.send({ ...SOS, messageId: 2 } as Packet)
    door.taken[0]?.done()
    await stopped
    await wire.waitForClose()
    expect(pubacks(wire)).toEqual([1])
    expect(door.taken).toHaveLength(1)
  })

  test('a stop does not wait for ever', async () => {
    const door = await openDoor({ answer: LATER, limits: { stopWithinMs: 20 } })
    const wire = await openDevice(door.port)
    wire.send(SOS)
    await vi.waitFor(() => expect(door.taken).toHaveLength(1), WITHIN)
    await door.stop()
    await wire.waitForClose()
    expect(pubacks(wire)).toEqual([])
  })
})

describe('a message reaches ingest as it was sent', () => {
  test.each<[why: string, channel: string, options: Parameters<typeof publishPacket>[2]]>([
    ['QoS 0', 'event', { qos: 0 }],
    ['QoS 1', 'event', { qos: 1 }],
    ['QoS 2', 'event', { qos: 2 }],
    ['retained', 'event', { retain: true }],
    ['retained at QoS 0', 'event', { qos: 0, retain: true }],
    ['a sample', 'telemetry', {}],
    ['a burst', 'motion', {}],
  ])('%s', async (_why, channel, options) => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(publishPacket(`hub/v1/mei/${channel}`, '{"kind":"sos"}', options))
    await vi.waitFor(() => expect(door.taken).toHaveLength(1), WITHIN)
    expect(door.taken[0]?.message).toMatchObject({ deviceId: 'mei', channel, qos: options?.qos ?? 1 })
    expect(door.taken[0]?.text).toBe('{"kind":"sos"}')
  })

  test.each([
    ['half a JSON', '{"kind":"so'],
    ['nothing', ''],
    ['Chinese', '{"kind":"custom","text":"救命"}'],
  ])('%s', async (_why, text) => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/mei/event', text))
    await wire.next('puback')
    expect(door.texts('event')).toEqual([text])
  })

  test.each([
    ['100 KiB', 100 * 1024],
    ['1 MiB', 1024 * 1024],
  ])('%s, which ingest counts and answers', async (_why, size) => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/mei/telemetry', Buffer.alloc(size, 97)), {
      ...SOS,
      messageId: 2,
    } as Packet)
    await vi.waitFor(() => expect(pubacks(wire)).toEqual([1, 2]), WITHIN)
    expect(door.taken[0]?.message.payload).toHaveLength(size)
  })

  test('QoS 2 in full, and its packet id is free again afterwards', async () => {
    const door = await open()
    const client = await mqttJs(door)
    for (let i = 0; i < 3; i++) await client.publishAsync('hub/v1/mei/event', `{"n":${i}}`, { qos: 2 })
    expect(door.texts('event')).toEqual(['{"n":0}', '{"n":1}', '{"n":2}'])
    await client.endAsync()
  })

  test('2,000 messages of an ordinary client at once', async () => {
    const door = await open()
    const client = await mqttJs(door)
    const texts = Array.from({ length: 2_000 }, (_, n) => `{"seq":${n}}`)
    await Promise.all(texts.map(text => client.publishAsync('hub/v1/mei/telemetry', text, { qos: 1 })))
    expect(door.texts()).toEqual(texts)
    await client.endAsync()
  })

  test('an answer to a command is acknowledged and, while nothing sends commands, counted', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/mei/command/ack', '{"id":"c1","ok":true}'))
    await wire.next('puback')
    expect(door.taken).toEqual([])
    expect(door.ignored).toEqual({ command_ack: 1 })
  })
})

describe('nothing of one device reaches another', () => {
  test('neither a retained message nor a will is kept or sent', async () => {
    const door = await open()
    const will = { topic: 'hub/v1/mei/event', payload: '{"kind":"sos"}', qos: 1 as const, retain: true }
    const wire = await openDevice(door.port, { will })
    wire.send(publishPacket('hub/v1/mei/telemetry', '{}', { retain: true }))
    await wire.next('puback')
    wire.end()
    await vi.waitFor(() => expect(door.connections()).toBe(0), WITHIN)
    const again = await openDevice(door.port, { clientId: 'other' })
    again.send(subscribePacket('hub/v1/mei/command'))
    await again.next('suback')
    await roundTrip(door)
    expect(door.texts()).toEqual(['{}'])
    expect(again.got.map(packet => packet.cmd)).toEqual(['connack', 'suback'])
  })

  test('the newer of two sockets with one client id stays', async () => {
    const door = await open({ answer: LATER })
    const older = await openDevice(door.port)
    older.send(subscribePacket('hub/v1/mei/command'), SOS)
    await vi.waitFor(() => expect(door.taken).toHaveLength(1), WITHIN)
    const newer = await openDevice(door.port)
    await older.waitForClose()
    newer.send({ ...SOS, dup: true } as Packet)
    await vi.waitFor(() => expect(door.taken).toHaveLength(2), WITHIN)
    for (const { done } of door.taken) done()
    await newer.next('puback')
    expect(door.refused).toEqual({ taken_over: 1 })
    expect(door.logged).toEqual(['taken_over'])
    expect(door.connections()).toBe(1)
  })

  test('two devices with one client id do not meet', async () => {
    const door = await open()
    const mei = await openDevice(door.port, { clientId: 'watch' })
    const lan = await openDevice(door.port, { clientId: 'watch', username: 'lan' })
    mei.send(SOS)
    lan.send(publishPacket('hub/v1/lan/event', '{}'))
    await Promise.all([mei.next('puback'), lan.next('puback')])
    expect(door.connections()).toBe(2)
  })

  test.each([
    ['another device’s', 'hub/v1/lan/event', 'not_allowed_topic'],
    ['one that begins like its own', 'hub/v1/mei2/event', 'not_allowed_topic'],
    ['a channel that does not exist', 'hub/v1/mei/sos', 'not_allowed_topic'],
    ['below a channel', 'hub/v1/mei/event/x', 'not_allowed_topic'],
    ['its own commands', 'hub/v1/mei/command', 'not_allowed_topic'],
    ['the broker’s', '$SYS/x', 'not_allowed_topic'],
    ['a control character', 'hub/v1/mei/event\n', 'bad_topic'],
    ['NUL', 'hub/v1/mei/\0', 'bad_topic'],
    ['a wildcard', 'hub/v1/mei/#', 'bad_topic'],
    ['none', '', 'bad_topic'],
    ['a hundred levels', `hub${'/x'.repeat(120)}`, 'bad_topic'],
  ])('an SOS to a wrong topic is not acknowledged: %s', async (_why, topic, reason) => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(withTopic(topic))
    await wire.waitForClose()
    expect(door.taken).toEqual([])
    expect(pubacks(wire)).toEqual([])
    expect(door.refused).toEqual({ [reason]: 1 })
    expect(door.logged).toEqual([reason])
  })

  test('a topic with a surrogate', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(withBytes(publishPacket('hub/v1/mei/abc', '{}'), 'abc', [0xed, 0xa0, 0x80]))
    await wire.waitForClose()
    expect(door.refused).toEqual({ bad_topic: 1 })
  })

  test('an SOS that was read together with a wrong packet is stored all the same', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/lan/event', '{}'), SOS)
    await wire.waitForClose()
    expect(door.texts('event')).toEqual(['{"kind":"sos"}'])
    expect(pubacks(wire)).toEqual([])
  })

  test('only its own commands may be listened to; the rest is refused in the SUBACK', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(subscribePacket('hub/v1/mei/command', 'hub/v1/lan/command', '#', 'hub/v1/mei/event', '$SYS/#'))
    expect(await wire.next('suback')).toMatchObject({ granted: [1, 128, 128, 128, 128] })
    wire.send(SOS)
    await wire.next('puback')
    expect(door.refused).toEqual({ subscribe_refused: 4 })
  })

  test('listening to NUL closes the socket', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(subscribePacket('hub/v1/\0'))
    await wire.waitForClose()
    expect(door.refused).toEqual({ bad_topic: 1 })
  })
})

describe('a packet is refused when it is announced', () => {
  const PUBLISH_256_MIB = Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])

  test.each<[reason: string, why: string, bytes: Buffer]>([
    ['packet_too_large', '256 MiB', PUBLISH_256_MIB],
    ['packet_too_large', 'a SUBSCRIBE of 5 KiB', Buffer.from([0x82, 0x80, 0x28])],
    ['malformed_packet', 'a length of five bytes', Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80, 0x01])],
    ['malformed_packet', 'QoS 3', Buffer.from([0x36, 0x05, 0, 1, 97, 0, 1])],
    ['malformed_packet', 'a topic longer than its packet', Buffer.from([0x32, 0x04, 0, 9, 97, 97])],
    ['protocol_error', 'a second CONNECT', toBytes(connectPacket())],
    ['protocol_error', 'a packet that only a hub sends', Buffer.from([0x20, 2, 0, 0])],
    ['protocol_error', 'a reserved type', Buffer.from([0x00, 0])],
  ])('%s: %s', async (reason, _why, bytes) => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(bytes)
    await wire.waitForClose()
    expect(door.refused).toEqual({ [reason]: 1 })
    expect(door.logged).toEqual([reason])
  })

  test('four sockets that send 256 MiB are closed, and the memory does not grow', async () => {
    const door = await open()
    const before = process.memoryUsage().rss
    const wires = await Promise.all(['a', 'b', 'c', 'd'].map(clientId => openDevice(door.port, { clientId })))
    for (const wire of wires) {
      wire.send(PUBLISH_256_MIB)
      wire.send(Buffer.alloc(1024 * 1024))
    }
    await Promise.all(wires.map(wire => wire.waitForClose()))
    expect(door.refused).toEqual({ packet_too_large: 4 })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })

  test('the SOS in front of it, in the same segment, is stored', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(SOS, PUBLISH_256_MIB)
    await wire.waitForClose()
    expect(door.texts('event')).toEqual(['{"kind":"sos"}'])
  })
})

describe('a connection ends', () => {
  test('when the device is archived or gets a new secret', async () => {
    const door = await open()
    const wires = [
      await openDevice(door.port, { clientId: 'a' }),
      await openDevice(door.port, { clientId: 'b' }),
    ]
    const other = await openDevice(door.port, { username: 'lan' })
    door.credentials.revoke('mei')
    await Promise.all(wires.map(wire => wire.waitForClose()))
    expect(other.closed()).toBe(false)
    expect(door.refused).toEqual({ revoked: 2 })
  })

  test('when the device says nothing for one and a half keep-alives', async () => {
    const door = await open()
    const wire = await openDevice(door.port, { keepalive: 1 })
    await wire.waitForClose()
    expect(door.refused).toEqual({ keep_alive_timeout: 1 })
    expect(door.logged).toEqual(['keep_alive_timeout'])
  })

  test('without a word when the device goes', async () => {
    const door = await open()
    const polite = await openDevice(door.port, { clientId: 'a' })
    const rude = await openDevice(door.port, { clientId: 'b' })
    polite.send({ cmd: 'disconnect' } as Packet)
    rude.socket.resetAndDestroy()
    await vi.waitFor(() => expect(door.connections()).toBe(0), WITHIN)
    expect(door.refused).toEqual({})
  })
})

describe('a device that floods its events', () => {
  const flood = Array.from({ length: 1_000 }, (_, n) =>
    publishPacket('hub/v1/mei/event', `{"kind":"sos","id":"e${n}"}`, { messageId: n + 1 }),
  )

  test('has them all stored at once, and waits only for its answers', async () => {
    const held: { run: () => void; delayMs: number }[] = []
    const door = await open({ later: (run, delayMs) => void held.push({ run, delayMs }) })
    const wire = await openDevice(door.port)
    const other = await openDevice(door.port, { username: 'lan' })
    wire.send(...flood)
    await vi.waitFor(() => expect(pubacks(wire).length).toBeGreaterThanOrEqual(20), WITHIN)
    other.send(publishPacket('hub/v1/lan/event', '{"kind":"sos"}'))
    await other.next('puback')
    expect(door.refused.paced).toBeGreaterThan(0)
    expect(door.logged).toEqual(['paced'])
    while (pubacks(wire).length < 1_000) {
      for (const { run, delayMs } of held.splice(0)) {
        expect(delayMs).toBeLessThanOrEqual(1_000)
        run()
      }
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(door.taken.filter(({ message }) => message.deviceId === 'mei')).toHaveLength(1_000)
    expect(new Set(pubacks(wire)).size).toBe(1_000)
  })

  test('has each event handed on before its answer is due', async () => {
    const door = await open({ later: LATER })
    const wire = await openDevice(door.port)
    wire.send(...flood.slice(0, 100))
    await vi.waitFor(() => expect(door.taken).toHaveLength(100), WITHIN)
    await vi.waitFor(() => expect(pubacks(wire)).toHaveLength(20), WITHIN)
  })

  test('gets its answers when the hub stops', async () => {
    const door = await openDoor({ later: LATER })
    const wire = await openDevice(door.port)
    wire.send(...flood.slice(0, 100))
    await vi.waitFor(() => expect(door.taken).toHaveLength(100), WITHIN)
    await door.stop()
    await wire.waitForClose()
    expect(pubacks(wire)).toHaveLength(100)
  })

  test('is not slowed down in its samples', async () => {
    const door = await open({ later: LATER })
    const client = await mqttJs(door)
    const samples = Array.from({ length: 200 }, () =>
      client.publishAsync('hub/v1/mei/telemetry', '{}', { qos: 1 }),
    )
    await Promise.all(samples)
    expect(door.refused).toEqual({})
    await client.endAsync()
  })
})

function pubacks(wire: Wire): number[] {
  return wire.got.flatMap(packet => (packet.cmd === 'puback' ? [packet.messageId ?? 0] : []))
}

/** When another device was served from CONNECT to an answer, the hub has done what it could for the first. */
async function roundTrip(door: Door): Promise<void> {
  const wire = await openDevice(door.port, { username: 'lan' })
  wire.send({ cmd: 'pingreq' } as Packet)
  await wire.next('pingresp')
  wire.end()
}

function subscribePacket(...topics: string[]): Packet {
  return { cmd: 'subscribe', messageId: 9, subscriptions: topics.map(topic => ({ topic, qos: 1 as const })) }
}

/** A PUBLISH with any topic, also one that no generator writes. */
function withTopic(topic: string): Buffer {
  const name = Buffer.from(topic)
  const body = Buffer.concat([
    Buffer.of(name.length >> 8, name.length & 0xff),
    name,
    Buffer.of(0, 1),
    Buffer.from('{}'),
  ])
  const length =
    body.length < 128 ? Buffer.of(body.length) : Buffer.of((body.length & 0x7f) | 0x80, body.length >> 7)
  return Buffer.concat([Buffer.of(0x32), length, body])
}

function mqttJs(door: Door): Promise<mqtt.MqttClient> {
  return mqtt.connectAsync({
    port: door.port,
    host: '127.0.0.1',
    username: 'mei',
    password: SECRET,
    clientId: 'js',
  })
}
