// How many may stand before the door and behind it, and a door that cannot be opened.

import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { startMqtt } from '../../broker/mqtt.ts'
import { countingMetrics, listeningDownlink, listeningLog, openDoor, usingDoors } from './door.ts'
import { connectPacket, openDevice, openWire, publishPacket } from './wire.ts'

const open = usingDoors()
const SOS = publishPacket('hub/v1/mei/event', '{"kind":"sos"}')

describe('places are bounded', () => {
  test('with all places taken a device is told so, but its own reconnect is let in', async () => {
    const door = await open({ limits: { connections: 1 } })
    const first = await openDevice(door.port)
    const other = await openWire(door.port)
    other.send(connectPacket({ username: 'lan' }))
    await other.waitForClose()
    expect(other.bytes()).toEqual(Buffer.from([0x20, 2, 0, 3]))
    await openDevice(door.port)
    await first.waitForClose()
    expect(door.refused).toEqual({ too_many_connections: 1, taken_over: 1 })
  })

  test('one device cannot take them all: its oldest connection goes', async () => {
    const door = await open({ limits: { connectionsPerDevice: 2 } })
    const oldest = await openDevice(door.port, { clientId: 'a' })
    const second = await openDevice(door.port, { clientId: 'b' })
    await openDevice(door.port, { clientId: 'c' })
    await oldest.waitForClose()
    expect(second.closed()).toBe(false)
    expect(door.refused).toEqual({ too_many_of_device: 1 })
  })

  test('3,000 half-open sockets push out each other, and neither a device nor its SOS', async () => {
    const door = await open()
    const device = await openDevice(door.port)
    const flood = await Promise.all(Array.from({ length: 3_000 }, () => openWire(door.port)))
    for (const wire of flood) wire.send(Buffer.of(0x10))
    const late = await openDevice(door.port, { username: 'lan' })
    device.send(SOS)
    late.send(publishPacket('hub/v1/lan/event', '{"kind":"fall"}'))
    await Promise.all([device.next('puback'), late.next('puback')])
    expect(door.texts('event').sort()).toEqual(['{"kind":"fall"}', '{"kind":"sos"}'])
    expect(Object.keys(door.refused)).toEqual(['too_many_pending'])
    expect(door.refused.too_many_pending).toBeGreaterThanOrEqual(1_000)
    for (const wire of flood) wire.end()
  })
})

test('a port that is taken is one error that names the variable', async () => {
  const door = await open()
  const { metrics } = countingMetrics()
  const again = startMqtt({
    host: '127.0.0.1',
    port: door.port,
    credentials: { verify: () => 'known', refresh: async () => undefined, onRevoked: () => () => undefined },
    ingest: { take: () => undefined },
    downlink: listeningDownlink().made,
    clock: { now: () => 0 as never },
    log: listeningLog().log,
    metrics,
  })
  await expect(again).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining('MQTT_PORT'),
  })
})

test('a stop closes those who wait at the gate', async () => {
  const door = await openDoor()
  const wire = await openWire(door.port)
  const closed = once(wire.socket, 'close')
  await door.stop()
  await closed
})
