// A third-party client that nobody has adapted to the hub: mosquitto_pub.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { needs } from '../needs.ts'
import { startTestHub, type TestHub } from './hub.ts'

const run = promisify(execFile)

type Published = { deviceId: string; secret: string; payload: string; flags: string[] }

describe.runIf(needs('mosquitto_pub'))('an unmodified mosquitto_pub', () => {
  async function publish(hub: TestHub, { deviceId, secret, payload, flags }: Published) {
    const address = ['-h', '127.0.0.1', '-p', String(hub.mqttPort), '-u', deviceId, '-P', secret]
    const message = ['-t', `hub/v1/${deviceId}/event`, '-m', payload, ...flags]
    await run('mosquitto_pub', [...address, ...message])
  }

  const cases: [why: string, payload: string, flags: string[], kind: string][] = [
    ['an SOS at QoS 1', `{"id":"a","ts":${Date.now()},"kind":"sos"}`, ['-q', '1'], 'sos'],
    ['at QoS 0', '{"id":"b","kind":"sos"}', ['-q', '0'], 'sos'],
    ['at QoS 2', '{"id":"c","kind":"sos"}', ['-q', '2'], 'sos'],
    ['retained', '{"id":"d","kind":"sos"}', ['-q', '1', '-r'], 'sos'],
    ['without ts and id', '{"kind":"sos"}', ['-q', '1'], 'sos'],
    ['cut in half', '{"id":"e","kind":"s', ['-q', '1'], 'unreadable_event'],
    ['empty', '', ['-q', '1'], 'unreadable_event'],
  ]

  it.each(cases)('%s is on the console within a second', async (_why, payload, flags, kind) => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('stranger')
    const published = performance.now()
    await publish(hub, { deviceId: 'stranger', secret, payload, flags })
    const { alarm } = await hub.feed.waitFor(message => message.entry.kind === 'finding')
    expect(performance.now() - published).toBeLessThan(1_000)
    expect(alarm).toMatchObject({ kind, deviceId: 'stranger', state: 'raised', class: 'emergency' })
  })

  it('leaves nothing behind of a retained message', async () => {
    const hub = await startTestHub()
    const secret = await hub.desk.register('stranger')
    await publish(hub, { deviceId: 'stranger', secret, payload: '{"kind":"sos"}', flags: ['-q', '1', '-r'] })
    const device = await hub.connect('stranger', secret)
    const seen: string[] = []
    device.on('message', topic => seen.push(topic))
    await device.subscribeAsync('hub/v1/stranger/command')
    await device.publishAsync('hub/v1/stranger/event', '{"id":"next","kind":"sos"}', { qos: 1 })
    await hub.feed.waitFor(message => message.entry.eventId === 'next')
    expect(seen).toEqual([])
  })
})
