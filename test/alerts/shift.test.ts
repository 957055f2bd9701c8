// Between shifts: no alarm is without an owner and away from the top of the queue at the same time.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listAlarms } from '../../records/incidents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { listShifts } from '../../records/shifts.ts'
import { answerTimes } from '../../records/stats-times.ts'
import { type Desk, NOON, openDesk, SECOND, type Who } from './desk.ts'

let desk: Desk
let li: string
let wang: string
beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  await desk.clear()
  await desk.take({ kind: 'sos' }, { kind: 'fall', deviceId: 'b-wang' })
  const alarms = await desk.alarms()
  li = alarms.find(({ deviceId }) => deviceId === 'b-li')?.id ?? ''
  wang = alarms.find(({ deviceId }) => deviceId === 'b-wang')?.id ?? ''
  await desk.does('chen', 'accept', li)
  await desk.does('chen', 'accept', wang)
})
afterAll(() => desk.close())

async function handsOver(who: Who, to?: Who) {
  const done = await desk.handsOver(who, to)
  if (!done.ok) throw new Error(done.detail)
  return done.shift
}
const owners = async () => [(await desk.byId(li)).owner?.id, (await desk.byId(wang)).owner?.id]

test('lists what is open, leaves it where it is, and moves it when it is accepted', async () => {
  const shift = await handsOver('chen', 'liu')
  expect(shift).toMatchObject({ state: 'open', from: { id: 'chen' }, to: { id: 'liu' } })
  expect(shift.alarms.map(({ id }) => id).sort()).toEqual([li, wang].sort())
  expect(await owners()).toEqual(['chen', 'chen'])

  expect(await desk.takesShift('liu', shift.id)).toMatchObject({ ok: true, shift: { state: 'accepted' } })
  expect(await owners()).toEqual(['liu', 'liu'])
  expect((await desk.timeline(li)).at(-1)).toMatchObject({
    kind: 'handed_on',
    by: 'liu',
    detail: { from: 'chen', shiftId: shift.id },
  })
})

test('whoever has left loses their alarms to the top of the queue, and the next shift still takes them', async () => {
  const shift = await handsOver('chen')
  await desk.forward(25 * SECOND)
  const { items } = await listAlarms(desk.records.db, { scope: WHOLE_HUB, state: 'open', limit: 10 })
  expect(items.map(({ state, owner }) => [state, owner])).toEqual([
    ['raised', undefined],
    ['raised', undefined],
  ])
  await desk.takesShift('liu', shift.id)
  expect(await owners()).toEqual(['liu', 'liu'])
  expect(await desk.byId(li)).toMatchObject({ state: 'accepted' })
})

test('what somebody else has by now, and what is over, stays as it is', async () => {
  const shift = await handsOver('chen')
  await desk.does('song', 'takeover', li)
  await desk.does('chen', 'resolve', wang, { disposition: 'test' })
  await desk.takesShift('liu', shift.id)
  expect(await owners()).toEqual(['song', 'chen'])
  expect(await desk.byId(wang)).toMatchObject({ state: 'resolved' })
})

test('a re-alert that was not answered goes on ringing', async () => {
  await desk.take({ kind: 'sos' })
  const shift = await handsOver('chen')
  const before = await desk.byId(li)
  await desk.takesShift('liu', shift.id)
  const after = await desk.byId(li)
  expect(after).toMatchObject({ owner: { id: 'liu' }, acceptedAt: before.acceptedAt })
  expect(after.alertedAt).toBeGreaterThan(after.acceptedAt ?? 0)

  // … and counts as answered when it is.
  desk.wait(40 * SECOND)
  await desk.does('liu', 'accept', li)
  const span = { from: NOON - SECOND, to: desk.now() + SECOND, now: desk.now() + SECOND, timeZone: 'UTC' }
  const asked = { ...span, scope: WHOLE_HUB, areaId: 'root' }
  const { total } = await answerTimes(desk.records.db, asked, 'emergency')
  expect(total.within.find(({ limitMs }) => limitMs === 20_000)).toMatchObject({ count: 2, of: 3 })
})

test('accepted once: twice by the same is fine, by another it is refused', async () => {
  const shift = await handsOver('chen')
  await desk.takesShift('liu', shift.id)
  expect(await desk.takesShift('liu', shift.id)).toMatchObject({ ok: true })
  expect(await desk.takesShift('song', shift.id)).toMatchObject({ code: 'CONFLICT' })
  expect(await desk.kinds(li)).toEqual(['finding', 'accepted', 'handed_on'])
})

test('a newer note of the same person replaces the one that waits', async () => {
  const first = await handsOver('chen')
  desk.wait(SECOND)
  const second = await handsOver('chen')
  expect(await desk.takesShift('liu', first.id)).toMatchObject({ code: 'CONFLICT' })
  const page = { scope: WHOLE_HUB, userId: 'liu', limit: 10 }
  const { items } = await listShifts(desk.records.db, page)
  expect(items.map(({ id, state }) => [id, state])).toEqual([
    [second.id, 'open'],
    [first.id, 'replaced'],
  ])
  const open = await listShifts(desk.records.db, { ...page, state: 'open' })
  expect(open.items.map(({ id }) => id)).toEqual([second.id])
})

test('is for whom it is meant, and for supervisors', async () => {
  const shift = await handsOver('chen', 'song')
  expect(await desk.takesShift('liu', shift.id)).toMatchObject({ code: 'CONFLICT' })
  expect(await desk.takesShift('chen', shift.id)).toMatchObject({ code: 'CONFLICT' })
  expect(await desk.takesShift('root', shift.id)).toMatchObject({ ok: true })
  expect(await desk.takesShift('liu', 'shift_none')).toMatchObject({ code: 'NOT_FOUND' })
})

test.each(['he', 'chen', 'ear'] as const)('cannot be left to %s', async to => {
  expect(await desk.handsOver('chen', to)).toMatchObject({ code: 'BAD_REQUEST' })
})
