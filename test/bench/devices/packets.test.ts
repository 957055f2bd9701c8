// What the generator sends is what a device may send: a broker's parser takes it apart, and rules understand it.

import { type IConnectPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import { expect, test } from 'vitest'
import {
  connectPacket,
  FIRST_SEQ,
  secretOf,
  sosPacket,
  telemetryRing,
} from '../../../bench/devices/packets.ts'
import { parseEvent, parseTelemetry } from '../../../model/parse.ts'

function read(bytes: Buffer): Packet[] {
  const packets: Packet[] = []
  const reader = parser()
  reader.on('packet', packet => packets.push(packet))
  reader.on('error', error => {
    throw error
  })
  reader.parse(bytes)
  return packets
}

const NOW = Date.UTC(2026, 9, 12, 8)

test('a ring is one packet behind the other, each with its own time and number', () => {
  const ring = telemetryRing({ index: 123, slots: 64, now: NOW })
  for (let slot = 0; slot < ring.slots; slot++) ring.stamp(slot, NOW + slot * 7, FIRST_SEQ + 987_600 + slot)
  const packets = read(ring.bytes) as IPublishPacket[]
  expect(packets).toHaveLength(64)
  expect(new Set(packets.map(packet => packet.messageId)).size).toBe(64)
  for (const [slot, { topic, qos, payload }] of packets.entries()) {
    expect([topic, qos]).toEqual(['hub/v1/d123/telemetry', 1])
    const parsed = parseTelemetry(String(payload))
    expect(parsed).toMatchObject({
      ignored: [],
      value: [{ ts: NOW + slot * 7, seq: FIRST_SEQ + 987_600 + slot, worn: true }],
    })
  }
})

test('a sample has the size of a real one', () => {
  const [packet] = read(telemetryRing({ index: 0, slots: 1, now: NOW }).bytes) as IPublishPacket[]
  expect(packet?.payload.length).toBeGreaterThan(180)
  expect(packet?.payload.length).toBeLessThan(260)
})

test('an SOS is understood and carries its id', () => {
  const [packet] = read(sosPacket('sos7', 'press-7')) as IPublishPacket[]
  expect(packet?.topic).toBe('hub/v1/sos7/event')
  expect(parseEvent(String(packet?.payload))).toMatchObject({
    value: { kind: 'sos', id: 'press-7' },
    ignored: [],
  })
})

test('a device says who it is', () => {
  const [packet] = read(connectPacket('d5')) as IConnectPacket[]
  expect(packet).toMatchObject({ username: 'd5', clientId: 'd5', clean: true })
  expect(String(packet?.password)).toBe(secretOf('d5'))
})
