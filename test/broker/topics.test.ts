// Devices do not meet: neither by topic, nor by client id, nor by what a broker usually keeps for others.

import type { Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { usingDoors } from './door.ts'
import { openDevice, pubacks, publishPacket, roundTrip, subscribePacket, WITHIN, withBytes } from './wire.ts'

const open = usingDoors()
const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')
const LATER = (): void => undefined

describe('nothing of one device reaches another', () => {
  test('neither a retained message nor a will is kept or sent', async () => {
    const door = await open()
    const will = { topic: 'hub/v1/mei/event', payload: '{"kind":"sos"}', qos: 1 as const, retain: true }
    const wire = await openDevice(door.port, { will })
    wire.send(publishPacket('hub/v1/mei/telemetry', '{}', { retain: true }))
    await wire.next('puback')
    wire.end()
    await eventually(() => expect(door.connections()).toBe(0), WITHIN)
    const again = await openDevice(door.port, { clientId: 'other' })
    again.send(subscribePacket('hub/v1/mei/command'))
    await again.next('suback')
    await roundTrip(door.port)
    expect(door.texts()).toEqual(['{}'])
    expect(again.got.map(packet => packet.cmd)).toEqual(['connack', 'suback'])
  })

  test('the newer of two sockets with one client id stays', async () => {
    const door = await open({ answer: LATER })
    const older = await openDevice(door.port)
    older.send(subscribePacket('hub/v1/mei/command'), SOS)
    await eventually(() => expect(door.taken).toHaveLength(1), WITHIN)
    const newer = await openDevice(door.port)
    await older.waitForClose()
    newer.send({ ...SOS, dup: true } as Packet)
    await eventually(() => expect(door.taken).toHaveLength(2), WITHIN)
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
    expect(door.listening).toEqual(['mei 1'])
  })

  test('it may cease to listen', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(subscribePacket('hub/v1/mei/command'))
    wire.send({ cmd: 'unsubscribe', messageId: 10, unsubscriptions: ['hub/v1/lan/command'] })
    wire.send({ cmd: 'unsubscribe', messageId: 11, unsubscriptions: ['hub/v1/mei/command'] })
    await eventually(() => expect(wire.got.filter(({ cmd }) => cmd === 'unsuback')).toHaveLength(2), WITHIN)
    expect(door.listening).toEqual(['mei 1', 'mei no more'])
  })

  test('listening to NUL closes the socket', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(subscribePacket('hub/v1/\0'))
    await wire.waitForClose()
    expect(door.refused).toEqual({ bad_topic: 1 })
  })
})

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
