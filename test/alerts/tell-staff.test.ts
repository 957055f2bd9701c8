// Staff who are told by their browsers: all whom a step names.

import { expect, onTestFinished, test } from 'vitest'
import { keyOf } from '../../alerts/notify-message.ts'
import type { Db } from '../../records/db.ts'
import { subscriptionsOf } from '../../records/push-subscriptions.ts'
import { SECOND } from './desk.ts'
import { channel, openTelling } from './telling.ts'

test('every operator in scope is told, however many they are', async () => {
  const STAFF = 400 // of three alarms more than are written at once
  const desk = await openTelling()
  onTestFinished(desk.close)
  await addStaff(desk.records.db, STAFF)
  await desk.take({}, { deviceId: 'b-wang' }, { deviceId: 'b-spare' })
  for (const _ of ['supervisor', 'operators']) {
    desk.wait(30 * SECOND)
    await desk.sweep()
  }
  for (const { id } of await desk.alarms()) {
    const told = (await desk.deliveries(id)).filter(({ step }) => step === 2)
    const staff = told.filter(({ recipientType }) => recipientType === 'user')
    expect(new Set(staff.map(({ recipientId }) => recipientId)).size).toBe(STAFF)
    expect((await desk.kinds(id)).filter(kind => kind === 'escalated')).toHaveLength(2)
  }
  expect(await desk.alarms()).toHaveLength(3)
})

test('more messages than are written at once, of alarms of one moment, all leave, each once', async () => {
  const STAFF = 340 // of three alarms
  const desk = await openTelling()
  onTestFinished(desk.close)
  await addStaff(desk.records.db, STAFF)
  await desk.take({}, { deviceId: 'b-wang' }, { deviceId: 'b-spare' })
  await desk.goOn(60 * SECOND) // supervisor, then every operator
  const to = desk.sent.map(({ channelId, message }) => `${channelId} ${message.key}`)
  expect(new Set(to).size).toBe(to.length)
  for (const { id } of await desk.alarms()) {
    const rows = (await desk.deliveries(id)).filter(({ step }) => step === 2)
    const staff = rows.filter(({ recipientType }) => recipientType === 'user')
    expect(staff).toHaveLength(STAFF)
    expect(staff.filter(({ state, attempts }) => state !== 'sent' || attempts !== 1)).toEqual([])
    const keys = new Set(desk.sent.map(({ message }) => message.key))
    expect(staff.filter(row => !keys.has(keyOf(row)))).toEqual([])
    expect((await desk.kinds(id)).filter(kind => kind === 'escalated')).toHaveLength(2)
  }
})

test('whose browsers came by two channels of one key are told once: both browsers are of either', async () => {
  const desk = await openTelling()
  onTestFinished(desk.close)
  const { db } = desk.records
  await addStaff(db, 1)
  await db.insertInto('channels').values(channel('push-2', 'web_push')).execute()
  const browser = { userId: 'op-0', subscriptionJson: '{}', createdAt: 0 }
  await db
    .insertInto('pushSubscriptions')
    .values({ id: 'b-2', channelId: 'push-2', ...browser })
    .execute()
  await desk.take({})
  for (const _ of ['supervisor', 'operators']) {
    desk.wait(30 * SECOND)
    await desk.sweep()
  }
  const [alarm] = await desk.alarms()
  const told = (await desk.deliveries(alarm?.id ?? ''))
    .filter(({ recipientType }) => recipientType === 'user')
    .filter(({ step }) => step === 2)
  expect(told.map(({ recipientId, channelId }) => [recipientId, channelId])).toEqual([['op-0', 'push']])
  expect(await subscriptionsOf(db, { userId: 'op-0', channelId: 'push' })).toHaveLength(2)
})

test('whose browser came by a channel that is not enabled is told by another one of its key', async () => {
  const desk = await openTelling()
  onTestFinished(desk.close)
  const { db } = desk.records
  await addStaff(db, 1)
  await db.insertInto('channels').values(channel('push-2', 'web_push')).execute()
  await db.updateTable('channels').set({ enabled: 0 }).where('id', '=', 'push').execute()
  await desk.take({})
  await desk.goOn(60 * SECOND) // supervisor, then every operator
  const [alarm] = await desk.alarms()
  const told = (await desk.deliveries(alarm?.id ?? '')).filter(
    ({ recipientType }) => recipientType === 'user',
  )
  expect(told.map(({ recipientId, channelId, state }) => [recipientId, channelId, state])).toEqual([
    ['op-0', 'push-2', 'sent'],
  ])
})

/** Operators, each with a browser. */
async function addStaff(db: Db, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => `op-${n}`)
  const person = { role: 'operator' as const, areaId: 'wh', passwordHash: '', createdAt: 0, archivedAt: null }
  await db.insertInto('channels').values(channel('push', 'web_push')).execute()
  await db
    .insertInto('users')
    .values(ids.map(id => ({ id, username: id, name: id, ...person })))
    .execute()
  const browser = { channelId: 'push', subscriptionJson: '{}', createdAt: 0 }
  await db
    .insertInto('pushSubscriptions')
    .values(ids.map(id => ({ id, userId: id, ...browser })))
    .execute()
}
