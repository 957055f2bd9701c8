// A device's secret that was lost or seen: another one is given, and the old one counts no more.

import { expect, onTestFinished, test } from 'vitest'
import { startCredentials } from '../../broker/credentials.ts'
import { listAudit } from '../../records/audit.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { eventually } from '../eventually.ts'
import { startDesk, testLog } from './desk.ts'

const WITHIN = { interval: 5 }

test('a new secret is told once; the broker knows it, not the old one, and cuts off whoever is there with that', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const band = { id: 'band', kind: 'bracelet', protocol: 'mqtt' }
  const { secret: old } = (await admin.call('POST', '/devices', band)).body
  const credentials = await startCredentials({ records: desk.records, log: testLog(), clock: desk.clock })
  onTestFinished(credentials.stop)
  const revoked: string[] = []
  credentials.onRevoked(deviceId => revoked.push(deviceId))

  const answer = await admin.call('POST', '/devices/band/secret')
  expect(answer).toMatchObject({
    status: 200,
    body: { device: { id: 'band' }, secret: expect.stringMatching(/^[\w-]{32}$/) },
  })
  const { secret } = answer.body
  expect(secret).not.toBe(old)
  await eventually(() => expect(revoked).toEqual(['band']), WITHIN)
  expect(credentials.verify('band', Buffer.from(old))).toBe('wrong_secret')
  expect(credentials.verify('band', Buffer.from(secret))).toBe('known')

  expect(JSON.stringify((await admin.call('GET', '/devices/band')).body)).not.toContain(secret)
  const { items } = await listAudit(desk.records.db, { scope: WHOLE_HUB, limit: 1 })
  expect(items).toMatchObject([
    { action: 'POST /devices/:id/secret', targetType: 'device', targetId: 'band', actorId: admin.id },
  ])
})

test('a device that was retired, or is of another area, gets none', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  for (const id of ['near', 'far'])
    await admin.call('POST', '/areas', { id, parentId: 'root', name: id, level: 'district' })
  const watch = { kind: 'watch', protocol: 'mqtt', areaId: 'far' }
  for (const id of ['gone', 'theirs']) await admin.call('POST', '/devices', { ...watch, id })
  await admin.call('DELETE', '/devices/gone')
  const local = await desk.person('integration', 'near')
  expect((await admin.call('POST', '/devices/gone/secret')).status).toBe(404)
  expect((await local.call('POST', '/devices/theirs/secret')).status).toBe(404)
  expect((await (await desk.person('operator')).call('POST', '/devices/theirs/secret')).status).toBe(403)
})
