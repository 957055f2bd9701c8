// Who is sent, what they report, and what the alarm looks like meanwhile.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { moveOf, type Reporter } from '../../alerts/dispatch-moves.ts'
import type { DispatchAction, DispatchState } from '../../model/dispatch.ts'
import { listDispatches } from '../../records/dispatches.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { type Desk, MINUTE, NOON, openDesk, SECOND } from './desk.ts'

describe('the table', () => {
  test.each<[DispatchState, DispatchAction, Reporter[], unknown, string]>([
    ['asked', 'accept', ['responder'], 'accepted', 'I take it'],
    ['accepted', 'accept', ['responder'], 'same', 'a report that came twice'],
    ['asked', 'on_the_way', ['responder'], 'on_the_way', 'without a word before'],
    ['on_the_way', 'decline', ['responder'], 'declined', 'the bicycle broke'],
    ['asked', 'arrive', ['owner'], 'arrived', 'the desk hears it by telephone'],
    ['on_the_way', 'call_off', ['supervisor'], 'called_off', 'not needed'],
    ['arrived', 'call_off', ['owner'], { refused: 'state' }, 'they are there'],
    ['called_off', 'arrive', ['responder'], { refused: 'state' }, 'they were called off'],
    ['declined', 'accept', ['responder'], { refused: 'state' }, 'the desk asks anew'],
    ['asked', 'call_off', ['responder'], { refused: 'role' }, 'they decline'],
    ['asked', 'accept', ['supervisor'], { refused: 'role' }, 'not their word'],
    ['asked', 'accept', [], { refused: 'role' }, 'a stranger'],
  ])('%s, %s by %j: %j, %s', (state, action, who, expected, _reason) => {
    const move = moveOf(state, action, who)
    expect(typeof move === 'object' && 'to' in move ? move.to : move).toEqual(expected)
  })
})

let desk: Desk
let id: string
beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  await desk.clear()
  await desk.take({ kind: 'sos' })
  id = (await desk.alarm()).id
  await desk.does('chen', 'accept', id)
})
afterAll(() => desk.close())

test('a responder is asked, takes it, sets out and is there; every time is kept', async () => {
  const sent = await desk.sends('chen', 'he', id)
  expect(await desk.byId(id)).toMatchObject({ state: 'dispatched' })
  desk.wait(20 * SECOND)
  await desk.says('he', 'accept', sent)
  desk.wait(20 * SECOND)
  await desk.says('he', 'on_the_way', sent)
  desk.wait(5 * MINUTE)
  const there = await desk.says('he', 'arrive', sent, ' the door is open ')
  expect(there).toMatchObject({
    state: 'arrived',
    responder: { id: 'he', name: '何网格员' },
    askedBy: { id: 'chen' },
    askedAt: NOON,
    acceptedAt: NOON + 20 * SECOND,
    onTheWayAt: NOON + 40 * SECOND,
    arrivedAt: NOON + 40 * SECOND + 5 * MINUTE,
    reply: 'the door is open',
  })
  expect(await desk.byId(id)).toMatchObject({ state: 'arrived', owner: { id: 'chen' } })
  expect((await desk.timeline(id)).map(({ kind, by }) => [kind, by])).toEqual([
    ['finding', undefined],
    ['accepted', 'chen'],
    ['dispatched', 'chen'],
    ['dispatch_accepted', 'he'],
    ['on_the_way', 'he'],
    ['arrived', 'he'],
  ])
})

test('that the only one cannot come is no help on the way: the alarm is accepted again', async () => {
  const sent = await desk.sends('chen', 'he', id)
  await desk.says('he', 'decline', sent, 'at the hospital')
  expect(await desk.byId(id)).toMatchObject({ state: 'accepted', owner: { id: 'chen' } })
  const last = (await desk.timeline(id)).at(-1)
  expect(last).toMatchObject({ kind: 'dispatch_declined', by: 'he', detail: { back: 'accepted' } })
})

test('and with an owner who is gone as well, it is raised, and the next step is due at once', async () => {
  const sent = await desk.sends('chen', 'he', id)
  await desk.forward(25 * SECOND) // nobody keeps chen's lease
  expect(await desk.byId(id)).toMatchObject({ state: 'dispatched' })
  await desk.says('he', 'decline', sent)
  const alarm = await desk.byId(id)
  expect(alarm.state).toBe('raised')
  expect(alarm.owner).toBeUndefined()
  await desk.sweep()
  expect((await desk.timeline(id)).at(-1)?.kind).toBe('escalated')
})

test('of two who were sent, one may decline: the other is still to come', async () => {
  const first = await desk.sends('chen', 'he', id)
  const second = await desk.sends('chen', 'xu', id)
  await desk.says('he', 'decline', first)
  expect(await desk.byId(id)).toMatchObject({ state: 'dispatched' })
  await desk.says('chen', 'call_off', second)
  expect(await desk.byId(id)).toMatchObject({ state: 'accepted' })
})

test('a responder who does not answer is no progress: the supervisor is told', async () => {
  await desk.sends('chen', 'he', id)
  for (let s = 0; s < 185; s += 5) {
    await desk.renewLeases('chen')
    await desk.forward(5 * SECOND)
  }
  const last = (await desk.timeline(id)).at(-1)
  expect(last).toMatchObject({
    kind: 'escalated',
    detail: { audience: 'supervisor', because: 'no_progress' },
  })
})

test('whoever is still to come is called off when it is over', async () => {
  const sent = await desk.sends('chen', 'he', id)
  await desk.does('chen', 'resolve', id, { disposition: 'false_alarm' })
  expect(await desk.dispatches(id)).toMatchObject([{ state: 'called_off', calledOffAt: NOON }])
  expect((await desk.timeline(id)).at(-1)?.detail).toMatchObject({ calledOff: [sent] })
  expect(await desk.report('he', 'arrive', sent)).toMatchObject({ ok: false, code: 'CONFLICT' })
})

test('somebody without an account is on the way as soon as it is said, and the desk says the rest', async () => {
  await desk.does('chen', 'dispatch', id, { note: '邻居老孙' })
  const [sent] = await desk.dispatches(id)
  expect(sent).toMatchObject({ state: 'on_the_way', responder: null, note: '邻居老孙' })
  await desk.does('chen', 'arrive', id)
  expect(await desk.dispatches(id)).toMatchObject([{ state: 'arrived' }])
})

test('nobody is sent twice to the same alarm while they are still to come', async () => {
  await desk.sends('chen', 'he', id)
  expect(await desk.act('chen', 'dispatch', id, { responderId: 'he' })).toMatchObject({ code: 'BAD_REQUEST' })
})

describe('refused', () => {
  test('to another responder, as if it were not there', async () => {
    const sent = await desk.sends('chen', 'he', id)
    expect(await desk.report('xu', 'accept', sent)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await desk.report('he', 'accept', 'dispatch_none')).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('to an operator who does not have the alarm', async () => {
    const sent = await desk.sends('chen', 'he', id)
    const owner = { id: 'chen', name: '陈静' }
    expect(await desk.report('liu', 'arrive', sent)).toMatchObject({ code: 'ALARM_TAKEN', owner })
    expect(await desk.report('song', 'call_off', sent)).toMatchObject({ ok: true })
  })

  test('to whoever was sent, to call themselves off', async () => {
    const sent = await desk.sends('chen', 'he', id)
    expect(await desk.report('he', 'call_off', sent)).toMatchObject({ code: 'FORBIDDEN' })
  })
})

test('address and way in are shown for as long as they are needed', async () => {
  const { db } = desk.records
  await db
    .updateTable('residents')
    .set({ address: '竹岛 3 号', accessNotes: '密码 4711' })
    .where('id', '=', 'li')
    .execute()
  const sent = await desk.sends('chen', 'he', id)
  const mine = async () => {
    const { items } = await listDispatches(db, { scope: WHOLE_HUB, responderId: 'he', limit: 10 })
    return items.map(({ address, accessNotes }) => [address, accessNotes])
  }
  expect(await mine()).toEqual([['竹岛 3 号', '密码 4711']])
  await desk.says('he', 'decline', sent)
  expect(await mine()).toEqual([[null, null]])
})
