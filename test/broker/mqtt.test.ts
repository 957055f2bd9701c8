// How a connection ends that was let in: by a packet, by the registry, by silence.

import type { Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { usingDoors } from './door.ts'
import { connectPacket, openDevice, publishPacket, toBytes, WITHIN } from './wire.ts'

const open = usingDoors()
const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')

describe('a packet is refused when it is announced', () => {
  const PUBLISH_256_MIB = Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])

  test.each<[reason: string, why: string, bytes: Buffer]>([
    ['packet_too_large', '256 MiB', PUBLISH_256_MIB],
    ['packet_too_large', 'a SUBSCRIBE of 5 KiB', Buffer.from([0x82, 0x80, 0x28])],
    ['malformed_packet', 'a length of five bytes', Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80, 0x01])],
    ['malformed_packet', 'QoS 3', Buffer.from([0x36, 0x05, 0, 1, 97, 0, 1])],
    ['malformed_packet', 'a topic longer than its packet', Buffer.from([0x32, 0x04, 0, 9, 97, 97])],
    ['malformed_packet', 'a PUBREL without a packet id', Buffer.from([0x62, 0])],
    ['malformed_packet', 'a PUBACK with half of it', Buffer.from([0x40, 1, 1])],
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
    await eventually(() => expect(door.connections()).toBe(0), WITHIN)
    expect(door.refused).toEqual({})
  })
})
