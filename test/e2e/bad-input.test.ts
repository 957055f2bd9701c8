// What devices and strangers get wrong. Each ends in a named reason — a metric and a line in the log — and the
// SOS of another elder arrives all the same.

import { connect as connectTcp, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../eventually.ts'
import { startTestHub, type TestHub } from './hub.ts'

describe('bad input', () => {
  let hub: TestHub
  let secret: string
  let presses = 0

  beforeEach(async () => {
    hub = await startTestHub()
    secret = await hub.desk.register('d1')
  })

  /** Somebody else presses the red key, and it is on the desk. */
  afterEach(async () => {
    const id = `neighbour-${presses++}`
    const neighbour = await hub.connect(id, await hub.desk.register(id))
    await neighbour.publishAsync(`hub/v1/${id}/event`, JSON.stringify({ kind: 'sos', id }), { qos: 1 })
    const { alarm } = await hub.feed.waitFor(message => message.entry.eventId === id)
    expect(alarm).toMatchObject({ state: 'raised', severity: 'critical' })
  })

  async function expectReason(metric: string, reason: string, line: object = { reason }): Promise<void> {
    await eventually(async () => expect(await hub.metric(metric, { reason })).toBeGreaterThan(0))
    expect(hub.logged()).toContainEqual(expect.objectContaining(line))
  }

  const publish = async (topic: string, payload: string | Buffer, qos: 0 | 1 = 1) => {
    const device = await hub.connect('d1', secret)
    return device.publishAsync(topic, payload, { qos })
  }

  it('a wrong secret', async () => {
    await expect(hub.connect('d1', 'guess')).rejects.toThrow(/not authorized/i)
    await expectReason('anxin_refused_total', 'wrong_secret')
  })

  it('a device that nobody registered', async () => {
    await expect(hub.connect('nobody', 'guess')).rejects.toThrow(/not authorized/i)
    await expectReason('anxin_refused_total', 'unknown_device')
  })

  it("another device's topic: the socket closes without an acknowledgement", async () => {
    const device = await hub.connect('d1', secret)
    const acknowledged = vi.fn()
    const closed = new Promise<void>(resolve => device.once('close', () => resolve()))
    device.publish('hub/v1/d2/event', '{"kind":"sos"}', { qos: 1 }, error => error || acknowledged())
    await closed
    expect(acknowledged).not.toHaveBeenCalled()
    await expectReason('anxin_refused_total', 'not_allowed_topic')
  })

  it('100 KiB of telemetry: acknowledged, so that it is not sent for ever, and counted', async () => {
    await publish('hub/v1/d1/telemetry', `{"pad":"${'x'.repeat(100 * 1024)}"}`)
    await eventually(async () =>
      expect(await hub.metric('anxin_messages_total', { outcome: 'too_large' })).toBe(1),
    )
    expect(hub.logged()).toContainEqual(expect.objectContaining({ reason: 'too_large', deviceId: 'd1' }))
  })

  it('100 KiB of an event: a person sees that something was sent', async () => {
    await publish('hub/v1/d1/event', `{"kind":"sos","text":"${'x'.repeat(100 * 1024)}"}`)
    const { alarm, entry } = await hub.feed.waitFor(message => message.alarm.deviceId === 'd1')
    expect(alarm).toMatchObject({ kind: 'unreadable_event', class: 'emergency' })
    expect(JSON.stringify(entry.detail)).toContain('too_large')
  })

  it('more than 1 MiB closes the socket before it arrives', async () => {
    const device = await hub.connect('d1', secret)
    const closed = new Promise<void>(resolve => device.once('close', () => resolve()))
    device.publish('hub/v1/d1/telemetry', Buffer.alloc(3 * 1024 * 1024), { qos: 1 })
    await closed
    await expectReason('anxin_refused_total', 'packet_too_large')
  })

  it('half a JSON as telemetry: acknowledged, counted, kept for inspection', async () => {
    await publish('hub/v1/d1/telemetry', '{"battery": 5')
    await expectReason('anxin_unreadable_total', 'not_json')
    const kept = await eventually(async () => {
      const { items } = await hub.desk.must<{ items: object[] }>('GET', '/devices/d1/rejects')
      expect(items).toHaveLength(1)
      return items[0]
    })
    expect(kept).toMatchObject({ reason: 'not_json', raw: '{"battery": 5', kind: 'telemetry' })
  })

  it('half a burst as motion', async () => {
    await publish('hub/v1/d1/motion', '{"v":1,"n":3')
    await expectReason('anxin_unreadable_total', 'not_json')
  })

  it('an unknown kind of event raises an alarm with its raw text', async () => {
    await publish('hub/v1/d1/event', '{"kind":"help me","id":"x"}')
    const { alarm, entry } = await hub.feed.waitFor(message => message.alarm.deviceId === 'd1')
    expect(alarm).toMatchObject({ kind: 'unreadable_event', severity: 'high' })
    expect(JSON.stringify(entry.detail)).toContain('help me')
    await expectReason('anxin_unreadable_total', 'unknown_kind')
  })

  it('a timestamp of 1970: raised at once, with the fault in its evidence', async () => {
    await publish('hub/v1/d1/event', '{"kind":"sos","id":"old","ts":0}')
    const { entry } = await hub.feed.waitFor(message => message.entry.eventId === 'old')
    expect(entry.detail.evidence).toMatchObject({ clockFault: 'past', deviceTs: 0 })
  })

  it('two sockets with one client id: the newer one has the session', async () => {
    const older = await hub.connect('d1', secret)
    const closed = new Promise<void>(resolve => older.once('close', () => resolve()))
    const newer = await hub.connect('d1', secret)
    await closed
    await newer.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"newer"}', { qos: 1 })
    await hub.feed.waitFor(message => message.entry.eventId === 'newer')
    await expectReason('anxin_refused_total', 'taken_over')
  })

  it('a flood of connects that never say CONNECT', async () => {
    const strangers: Socket[] = []
    for (let wave = 0; wave < 10; wave++) {
      const sockets = Array.from({ length: 250 }, () => connectTcp(hub.mqttPort, '127.0.0.1'))
      for (const socket of sockets) socket.on('error', () => undefined) // the hub turns some away
      strangers.push(...sockets)
      await Promise.all(sockets.map(socket => new Promise(resolve => socket.once('connect', resolve))))
    }
    await expectReason('anxin_refused_total', 'too_many_pending')
    await publish('hub/v1/d1/event', '{"kind":"sos","id":"through"}')
    await hub.feed.waitFor(message => message.entry.eventId === 'through')
    for (const socket of strangers) socket.destroy()
  })

  it('a device at 1,000 events a second: paced, every one on record, its SOS among them seen', async () => {
    const device = await hub.connect('d1', secret)
    const sent = Array.from({ length: 1_000 }, (_, i) => {
      const kind = i === 500 ? 'sos' : 'custom'
      return device.publishAsync('hub/v1/d1/event', JSON.stringify({ kind, id: `e${i}` }), { qos: 1 })
    })
    const sos = await hub.feed.waitFor(message => message.entry.eventId === 'e500')
    expect(sos.alarm).toMatchObject({ class: 'emergency', kind: 'sos' })
    await expectReason('anxin_refused_total', 'paced')
    await Promise.all(sent)
    await eventually(
      () => {
        const ids = hub.feed.findings().flatMap(({ entry }) => {
          const folded = (entry.detail.evidence as { eventIds?: string[] }).eventIds
          return folded ?? entry.eventId ?? []
        })
        expect(new Set(ids).size).toBe(1_000)
      },
      { interval: 200 },
    )
  }, 60_000)

  it('an MQTT client that subscribes to everything hears nothing', async () => {
    const device = await hub.connect('d1', secret)
    const granted = await device.subscribeAsync('#', { qos: 1 }).catch((error: Error) => error)
    expect(granted).toBeInstanceOf(Error)
    await expectReason('anxin_refused_total', 'subscribe_refused')
  })
})
