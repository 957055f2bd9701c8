// Who is let in, and what the others are told.

import type { Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { SECRET, usingDoors } from './door.ts'
import { connectPacket, openDevice, openWire, publishPacket, toBytes, WITHIN, withBytes } from './wire.ts'

const open = usingDoors()

const connack = (code: number): Buffer => Buffer.from([0x20, 2, 0, code])
const SILENCE = Buffer.alloc(0)
const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')

type Row = [reason: string, why: string, bytes: Buffer, answer: Buffer]
const rows: Row[] = [
  ['not_mqtt', 'a browser knocks', Buffer.from('GET / HTTP/1.1\r\n\r\n'), SILENCE],
  ['not_mqtt', 'the first packet is no CONNECT', toBytes(SOS), SILENCE],
  ['not_mqtt', 'another protocol name', withBytes(connectPacket(), 'MQTT', [77, 81, 84, 90]), SILENCE],
  ['bad_connect', 'a length of five bytes', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]), SILENCE],
  ['bad_connect', 'reserved flag set', flagged(0x01), SILENCE],
  [
    'bad_connect',
    'shorter than its strings',
    Buffer.from([0x10, 12, 0, 4, 77, 81, 84, 84, 4, 2, 0, 9, 0, 9]),
    SILENCE,
  ],
  ['connect_too_large', '256 MiB are announced', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), SILENCE],
  [
    'connect_too_large',
    'a password of 5 KiB',
    toBytes(connectPacket({ password: Buffer.alloc(5_120, 97) })),
    SILENCE,
  ],
  [
    'unsupported_version',
    'MQTT 5 is told in its own words',
    toBytes(connectPacket({ protocolVersion: 5 })),
    Buffer.from([0x20, 3, 0, 0x84, 0]),
  ],
  ['unsupported_version', 'level 6', leveled(6), connack(1)],
  ['unsupported_version', 'a bridge’s private bit, which it then drops', leveled(0x84), connack(1)],
  ['bad_client_id', 'a control character', toBytes(connectPacket({ clientId: 'wa\ntch' })), connack(2)],
  ['bad_client_id', 'NUL', toBytes(connectPacket({ clientId: 'wa\0tch' })), connack(2)],
  [
    'bad_client_id',
    'a surrogate',
    withBytes(connectPacket({ clientId: 'abc' }), 'abc', [0xed, 0xa0, 0x80]),
    connack(2),
  ],
  [
    'bad_client_id',
    'bytes that are no UTF-8',
    withBytes(connectPacket({ clientId: 'abc' }), 'abc', [97, 0xff, 98]),
    connack(2),
  ],
  [
    'empty_client_id_not_clean',
    'no name and a session to keep',
    unclean(connectPacket({ clientId: '' })),
    connack(2),
  ],
  ['bad_username', 'none', toBytes(nameless()), connack(4)],
  ['bad_username', 'a topic’s wildcard', toBytes(connectPacket({ username: 'mei/#' })), connack(4)],
  ['bad_username', 'NUL', toBytes(connectPacket({ username: 'm\0i' })), connack(4)],
  ['unknown_device', 'not registered', toBytes(connectPacket({ username: 'nobody' })), connack(5)],
  [
    'wrong_secret',
    'another one’s secret',
    toBytes(connectPacket({ password: Buffer.from('guess') })),
    connack(5),
  ],
  ['wrong_secret', 'none', toBytes(secretless()), connack(5)],
]

describe('a CONNECT is refused by name', () => {
  test.each(rows)('%s: %s', async (reason, _why, bytes, answer) => {
    const door = await open()
    const wire = await openWire(door.port)
    wire.send(bytes)
    await wire.waitForClose()
    expect(wire.bytes()).toEqual(answer)
    expect(door.refused).toEqual({ [reason]: 1 })
    expect(door.logged).toEqual([reason])
    expect(door.connections()).toBe(0)
  })

  test('the answer is not lost when packets came behind the CONNECT', async () => {
    const door = await open()
    const wire = await openWire(door.port)
    wire.send(connectPacket({ username: 'nobody' }), SOS, Buffer.alloc(50_000))
    await wire.waitForClose()
    expect(wire.bytes()).toEqual(connack(5))
    expect(door.taken).toEqual([])
  })

  test('a reason that comes in floods is logged once, and counted each time', async () => {
    const door = await open()
    for (let i = 0; i < 20; i++) {
      const wire = await openWire(door.port)
      wire.send(Buffer.from('GET /'))
      await wire.waitForClose()
    }
    expect(door.refused).toEqual({ not_mqtt: 20 })
    expect(door.logged).toEqual(['not_mqtt'])
  })
})

describe('a CONNECT takes its time', () => {
  test('byte by byte it is still taken', async () => {
    const door = await open()
    const wire = await openWire(door.port)
    for (const byte of toBytes(connectPacket())) {
      wire.send(Buffer.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
    wire.send(SOS)
    await wire.next('puback')
    expect(door.texts()).toEqual(['{"kind":"sos"}'])
  })

  test('what never becomes a CONNECT is closed', async () => {
    const door = await open({ limits: { connectWithinMs: 50 } })
    const silent = await openWire(door.port)
    const half = await openWire(door.port)
    half.send(toBytes(connectPacket()).subarray(0, 20))
    await silent.waitForClose()
    await half.waitForClose()
    expect(door.refused).toEqual({ connect_timeout: 2 })
  })

  test('in one segment with its packets, their order is kept', async () => {
    const door = await open()
    const wire = await openWire(door.port)
    const events = Array.from({ length: 100 }, (_, n) =>
      publishPacket('hub/v1/mei/telemetry', `{"seq":${n}}`, { messageId: n + 1 }),
    )
    wire.send(connectPacket(), ...events)
    await eventually(() => expect(acked(wire.got)).toHaveLength(100), WITHIN)
    expect(door.texts()).toEqual(events.map((_, n) => `{"seq":${n}}`))
  })

  test.each([
    ['known', 'mei'],
    ['registered a moment ago', 'new'],
  ])('a device (%s) that says all in one breath and hangs up is heard', async (_why, id) => {
    const door = await open()
    door.credentials.unheard.set('new', SECRET)
    const wire = await openWire(door.port)
    const sos = publishPacket(`hub/v1/${id}/event`, '{"kind":"sos"}', { qos: 0 })
    wire.socket.end(
      Buffer.concat([connectPacket({ username: id }), sos, { cmd: 'disconnect' } as Packet].map(toBytes)),
    )
    await eventually(() => expect(door.texts('event')).toEqual(['{"kind":"sos"}']), WITHIN)
    await wire.waitForClose()
    expect(door.refused).toEqual({})
  })
})

describe('a device is let in', () => {
  test.each<[why: string, over: Parameters<typeof connectPacket>[0]]>([
    ['MQTT 3.1.1', {}],
    ['MQTT 3.1', { protocolId: 'MQIsdp', protocolVersion: 3 }],
    [
      'MQTT 3.1 with a long client id',
      { protocolId: 'MQIsdp', protocolVersion: 3, clientId: 'w'.repeat(60) },
    ],
    ['without a client id', { clientId: '' }],
    ['with a Chinese client id', { clientId: '王奶奶的手表' }],
    ['asking for a session that is kept', { clean: false }],
    ['without keep-alive', { keepalive: 0 }],
    ['with a will', { will: { topic: 'hub/v1/mei/event', payload: 'bye', qos: 1, retain: true } }],
  ])('%s', async (_why, over) => {
    const door = await open()
    const wire = await openDevice(door.port, over)
    expect(wire.bytes()).toEqual(connack(0)) // and no session was there before
    wire.send(SOS)
    await wire.next('puback')
    expect(door.connections()).toBe(1)
    expect(door.refused).toEqual({})
  })

  test('though the broker had not heard of it yet: it looks again before it refuses', async () => {
    const door = await open()
    door.credentials.unheard.set('new', SECRET)
    await openDevice(door.port, { username: 'new' })
    expect(door.credentials.refreshes).toBe(1)
    expect(door.refused).toEqual({})
  })
})

function acked(packets: readonly Packet[]): number[] {
  return packets.flatMap(packet => (packet.cmd === 'puback' ? [packet.messageId ?? 0] : []))
}

/** A CONNECT whose flags have these bits set as well. */
function flagged(bits: number): Buffer {
  const bytes = toBytes(connectPacket())
  bytes[9] = (bytes[9] as number) | bits
  return bytes
}

/** No generator writes this one. */
function unclean(packet: Packet): Buffer {
  const bytes = toBytes(packet)
  bytes[9] = (bytes[9] as number) & ~0x02
  return bytes
}

function leveled(level: number): Buffer {
  const bytes = toBytes(connectPacket())
  bytes[8] = level
  return bytes
}

function nameless() {
  const { username: _username, password: _password, ...packet } = connectPacket()
  return packet
}

function secretless() {
  const { password: _password, ...packet } = connectPacket()
  return packet
}
