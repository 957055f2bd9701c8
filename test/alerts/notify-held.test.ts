// Messages on channels that take only so many: who waits, for how long, and that an emergency does not.

import { expect, onTestFinished, test } from 'vitest'
import { startAllowing } from '../../alerts/notify-allow.ts'
import { rateOf } from '../../alerts/rate.ts'
import { sendAgain } from '../../alerts/receipts.ts'
import { toDelivery } from '../../records/deliveries.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { newPlace } from '../records/started.ts'
import { MINUTE, NOON, SECOND } from './desk.ts'
import { channel, openTelling, type TellingDesk } from './telling.ts'

/** A desk with a robot that takes so many a minute, and whose group is told of all alarms. */
async function openWithRobot(perMinute: number): Promise<TellingDesk> {
  const desk = await openTelling()
  onTestFinished(desk.close)
  await desk.records.db.deleteFrom('channels').execute()
  await desk.records.db.insertInto('channels').values(channel('robot', 'dingtalk')).execute()
  desk.rates.set('robot', perMinute)
  return desk
}

const high = { kind: 'no_movement', severity: 'high' } as const

/** Alarms of so many devices that nobody wears. */
async function raise(desk: TellingDesk, count: number, what: object): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => `held-${n}`)
  const device = { kind: 'bracelet', protocol: 'mqtt', areaId: 'wh', secretHash: '', createdAt: 0 } as const
  await desk.records.db
    .insertInto('devices')
    .values(ids.map(id => ({ id, ...device, archivedAt: null })))
    .execute()
  for (const deviceId of ids) await desk.take({ deviceId, ...what })
}

const rowsOf = async ({ records }: TellingDesk) =>
  (await records.db.selectFrom('deliveries').selectAll().orderBy('queuedAt').orderBy('id').execute()).map(
    row => ({ ...row, heldUntil: row.heldUntil === null ? null : Number(row.heldUntil) }),
  )

test('what can wait has half of the room and then waits, with a time; an SOS leaves at once', async () => {
  const desk = await openWithRobot(6)
  await raise(desk, 5, high)
  await desk.turn()
  expect(desk.told()).toHaveLength(3)
  const held = (await rowsOf(desk)).filter(({ state }) => state === 'queued')
  expect(held).toHaveLength(2)
  for (const row of held) {
    expect(row).toMatchObject({ attempts: 0, reason: null, triedAt: null })
    expect(row.heldUntil).toBeGreaterThanOrEqual(desk.now() + MINUTE)
  }
  await desk.take({})
  await desk.turn()
  const [sos, ...more] = desk.sent.splice(0)
  expect(more).toEqual([])
  expect(sos?.message.urgent).toBe(true)
})

test('what is held is sent later, each once, and never more in a minute than may be', async () => {
  const desk = await openWithRobot(4)
  await raise(desk, 5, high)
  const at: number[] = []
  for (let left = 150 * SECOND; left > 0; left -= 5 * SECOND) {
    await desk.turn()
    for (const _ of desk.told()) at.push(desk.now())
    desk.wait(5 * SECOND)
    // The ladder goes on meanwhile; here it is about the first messages.
    await desk.records.db.updateTable('incidents').set({ escalateAt: null }).execute()
  }
  const rows = await rowsOf(desk)
  expect(rows.map(({ state }) => state)).toEqual(Array(5).fill('sent'))
  expect(rows.map(({ attempts }) => attempts)).toEqual(Array(5).fill(1))
  expect(rows.map(({ heldUntil }) => heldUntil)).toEqual(Array(5).fill(null))
  expect(at).toHaveLength(5)
  for (const [n, time] of at.entries()) if (n >= 2) expect(time - (at[n - 2] ?? 0)).toBeGreaterThan(MINUTE)
  const told = await desk.records.db.selectFrom('timeline').select('seq').where('kind', '=', 'told').execute()
  expect(told).toHaveLength(5)
})

test('of an alarm that is over by then nothing is sent, and nobody waits behind it', async () => {
  const desk = await openWithRobot(2)
  await raise(desk, 3, high)
  await desk.turn()
  expect(desk.told()).toHaveLength(1)
  await desk.records.db.updateTable('incidents').set({ state: 'closed', escalateAt: null }).execute()
  desk.wait(3 * MINUTE)
  await desk.turn()
  expect(desk.told()).toEqual([])
  expect((await rowsOf(desk)).filter(({ reason }) => reason === 'over')).toHaveLength(2)
})

test('one that failed and is sent again waits like a new one, and shows no old time', async () => {
  const desk = await openWithRobot(2)
  await raise(desk, 2, high)
  await desk.turn()
  const held = (await rowsOf(desk)).find(({ heldUntil }) => heldUntil !== null)
  const id = held?.id ?? expect.fail('nothing is held')
  await desk.records.db.updateTable('deliveries').set({ state: 'failed' }).where('id', '=', id).execute()
  const again = await sendAgain(desk, { id, scope: WHOLE_HUB, by: 'chen' })
  if (!again.ok) expect.fail('it is not sent again')
  expect(toDelivery(again.delivery)).toMatchObject({ state: 'queued', heldUntil: null })
})

test('several processes that ask at once are given no more together than one', async () => {
  let now = NOON
  const clock = { now: () => now as ReturnType<TellingDesk['clock']['now']> }
  const place = await newPlace(clock)
  onTestFinished(() => place.remove())
  const processes = await Promise.all([place.open(), place.open(), place.open()])
  const allows = processes.map(records => startAllowing({ records }))
  const rate = rateOf(20)
  const ask = async (lane: 'urgent' | 'routine', count: number): Promise<number> => {
    const asked = Array.from({ length: count }, (_, n) =>
      (allows[n % allows.length] ?? expect.fail('no process'))({ channelId: 'robot', rate, lane }),
    )
    return (await Promise.all(asked)).filter(ms => ms === 0).length
  }
  expect(await ask('routine', 60)).toBe(10)
  expect(await ask('urgent', 60)).toBe(10)
  now += MINUTE - SECOND
  expect(await ask('urgent', 6)).toBe(0)
  now += 7 * SECOND
  expect(await ask('urgent', 60)).toBe(20)
})
