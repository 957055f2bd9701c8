// From the red key to a receiver outside of the hub and back: what was sent, and what became of it, stands with the
// alarm.

import { expect, it } from 'vitest'
import { signatureOf } from '../../alerts/channels/webhook.ts'
import type { Delivery } from '../../model/delivery.ts'
import { startReceiver } from '../alerts/channels/receiver.ts'
import { signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { startTestHub } from './hub.ts'

const SECRET = 'sixteen letters or more'

it('an SOS over MQTT is told to a webhook, and its receipt stands with the alarm', async () => {
  const receiver = await startReceiver()
  const hub = await startTestHub({
    WEBHOOK_ALLOW: '127.0.0.1',
    WEBHOOK_URL: `${receiver.url}/alarms`,
    WEBHOOK_SECRET: SECRET,
  })
  const device = await hub.connect('b-1', await hub.desk.register('b-1'))
  await device.publishAsync('hub/v1/b-1/event', JSON.stringify({ id: 'e1', kind: 'sos' }), { qos: 1 })

  const [request] = await eventually(() => {
    expect(receiver.received).toHaveLength(1)
    return receiver.received
  })
  const { headers, body } = request ?? expect.fail('nothing came')
  const [id, sending] = String(headers['idempotency-key']).split('.')
  const timestamp = String(headers['anxin-timestamp'])
  expect(headers['anxin-signature']).toBe(signatureOf({ secret: SECRET, timestamp, body: body.toString() }))
  expect(JSON.parse(body.toString())).toMatchObject({ key: `${id}.${sending}`, urgent: true })

  const told = await hub.feed.waitFor(({ entry }) => entry.kind === 'told')
  expect(told.entry.detail).toMatchObject({ deliveryId: id, channel: 'webhook', step: 0 })

  const account = { username: 'switch', name: 'switch', role: 'integration', areaId: 'root' }
  await hub.desk.must('POST', '/users', { ...account, password: PASSWORD })
  const system = await signIn(hub.httpUrl, { username: 'switch', password: PASSWORD })
  await system.must('POST', `/deliveries/${id}/receipt`, { state: 'delivered' })
  const path = `/alarms/${told.alarm.id}/deliveries`
  const { items } = await hub.desk.must<{ items: Delivery[] }>('GET', path)
  expect(items).toMatchObject([{ id, state: 'delivered', attempts: 1 }])
  expect(items[0]?.deliveredAt).toBeGreaterThanOrEqual(items[0]?.sentAt ?? Number.POSITIVE_INFINITY)
})
