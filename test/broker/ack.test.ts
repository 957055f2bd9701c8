// An acknowledgement of the hub means: stored.

import type { Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { openDoor, usingDoors } from './door.ts'
import { openDevice, pubacks, publishPacket, roundTrip, WITHIN } from './wire.ts'

const open = usingDoors()
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
    await eventually(() => expect(door.taken).toHaveLength(1), WITHIN)
    await roundTrip(door.port)
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
    await eventually(() => expect(door.taken).toHaveLength(2), WITHIN)
    door.taken[1]?.done()
    expect(await wire.next('puback')).toMatchObject({ messageId: 2 })
    door.taken[0]?.done()
    await eventually(() => expect(pubacks(wire)).toEqual([2, 1]), WITHIN)
  })

  test('a device that left before its message was stored harms nobody', async () => {
    const door = await open({ answer: LATER })
    const wire = await openDevice(door.port)
    wire.send(SOS)
    await eventually(() => expect(door.taken).toHaveLength(1), WITHIN)
    wire.end()
    await eventually(() => expect(door.connections()).toBe(0), WITHIN)
    door.taken[0]?.done()
    await roundTrip(door.port)
    expect(door.refused).toEqual({})
  })

  test('a stop gives the acknowledgements that are due', async () => {
    const door = await openDoor({ answer: LATER })
    const wire = await openDevice(door.port)
    wire.send(SOS)
    await eventually(() => expect(door.taken).toHaveLength(1), WITHIN)
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
    await eventually(() => expect(door.taken).toHaveLength(1), WITHIN)
    await door.stop()
    await wire.waitForClose()
    expect(pubacks(wire)).toEqual([])
  })
})
