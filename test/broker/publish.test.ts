// What reaches ingest of what a device sends, on real sockets.

import type { Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { PAYLOAD_BYTES_MAX } from '../../broker/ingest.ts'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { eventually } from '../eventually.ts'
import { usingDoors } from './door.ts'
import { mqttJs, openDevice, pubacks, publishPacket, WITHIN } from './wire.ts'

const open = usingDoors()
const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')

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
    await eventually(() => expect(door.taken).toHaveLength(1), WITHIN)
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
    await eventually(() => expect(pubacks(wire)).toEqual([1, 2]), WITHIN)
    const { length = 0 } = door.taken[0]?.message.payload ?? {}
    expect(length).toBeGreaterThan(PAYLOAD_BYTES_MAX)
    expect(length).toBeLessThanOrEqual(Math.min(size, DEFAULT_LIMITS.keptBytes))
  })

  test('QoS 2 in full, and its packet id is free again afterwards', async () => {
    const door = await open()
    const client = await mqttJs(door.port)
    for (let i = 0; i < 3; i++) await client.publishAsync('hub/v1/mei/event', `{"n":${i}}`, { qos: 2 })
    expect(door.texts('event')).toEqual(['{"n":0}', '{"n":1}', '{"n":2}'])
    await client.endAsync()
  })

  test('2,000 messages of an ordinary client at once', async () => {
    const door = await open()
    const client = await mqttJs(door.port)
    const texts = Array.from({ length: 2_000 }, (_, n) => `{"seq":${n}}`)
    await Promise.all(texts.map(text => client.publishAsync('hub/v1/mei/telemetry', text, { qos: 1 })))
    expect(door.texts()).toEqual(texts)
    await client.endAsync()
  })

  test('an answer to a command is acknowledged, and goes to whoever sent that', async () => {
    const door = await open()
    const wire = await openDevice(door.port)
    wire.send(publishPacket('hub/v1/mei/command/ack', '{"id":"c1","ok":true}'))
    await wire.next('puback')
    expect(door.taken).toEqual([])
    expect(door.answered).toEqual(['mei {"id":"c1","ok":true}'])
  })
})
