// What people do with an alarm, on real records: who may, what it becomes, and what is refused with which name.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lastSeq } from '../../records/db.ts'
import { DAY, type Desk, MINUTE, NOON, openDesk, QINGDAO, SECOND, WEIHAI } from './desk.ts'

let desk: Desk
let id: string
beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  await desk.clear()
  await desk.take({ kind: 'sos' })
  id = (await desk.alarm()).id
})
afterAll(() => desk.close())

test('an alarm goes its whole way, and its timeline tells it', async () => {
  await desk.does('chen', 'accept', id)
  await desk.does('chen', 'note', id, { text: ' fell in the kitchen ' })
  await desk.does('chen', 'dispatch', id, { text: '何网格员' })
  await desk.does('he', 'arrive', id)
  const resolved = await desk.does('chen', 'resolve', id, { disposition: 'helped_at_home' })
  expect(resolved).toMatchObject({ state: 'resolved', disposition: 'helped_at_home' })
  const closed = await desk.does('liu', 'close', id, { mark: 5 })
  expect(closed).toMatchObject({ state: 'closed', disposition: 'helped_at_home' })

  const timeline = await desk.timeline(id)
  expect(timeline.map(({ kind, by }) => [kind, by])).toEqual([
    ['finding', undefined],
    ['accepted', 'chen'],
    ['noted', 'chen'],
    ['dispatched', 'chen'],
    ['arrived', 'he'],
    ['resolved', 'chen'],
    ['closed', 'liu'],
  ])
  expect(timeline[2]?.detail).toEqual({ text: 'fell in the kitchen' })
  expect(timeline[5]?.detail).toEqual({ disposition: 'helped_at_home' })
  expect(timeline[6]?.detail).toEqual({ mark: 5 })
  expect(closed.seq).toBe(timeline[6]?.seq)
})

describe('accept', () => {
  test('starts the answer, the lease and the no-progress clock', async () => {
    desk.wait(12 * SECOND)
    const alarm = await desk.does('chen', 'accept', id)
    expect(alarm).toMatchObject({ state: 'accepted', owner: { id: 'chen', name: '陈静' }, escalation: 0 })
    expect(alarm.acceptedAt).toBe(NOON + 12 * SECOND)
    const row = await desk.records.db.selectFrom('incidents').selectAll().executeTakeFirstOrThrow()
    expect(row.leaseUntil).toBe(desk.now() + 20 * SECOND)
    expect(row.escalateAt).toBe(desk.now() + 180 * SECOND)
  })

  test('by its owner is fine, and is written down only when there was something to acknowledge', async () => {
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'accept', id)
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted'])

    await desk.take({ kind: 'sos' })
    await desk.does('chen', 'accept', id)
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'finding', 'accepted'])
    expect((await desk.timeline(id)).at(-1)?.detail).toEqual({ again: true })
  })

  test('of a re-alert by another is refused: it has an owner', async () => {
    await desk.does('chen', 'accept', id)
    await desk.take({ kind: 'sos' })
    expect(await desk.act('liu', 'accept', id)).toMatchObject({ code: 'ALARM_TAKEN', owner: { id: 'chen' } })
  })

  test('is told apart from a takeover, which a supervisor may do', async () => {
    await desk.does('chen', 'accept', id)
    expect(await desk.act('liu', 'takeover', id)).toMatchObject({ code: 'FORBIDDEN' })
    const alarm = await desk.does('song', 'takeover', id)
    expect(alarm.owner?.id).toBe('song')
    expect((await desk.timeline(id)).at(-1)).toMatchObject({ kind: 'taken_over', detail: { from: 'chen' } })
  })
})

describe('release', () => {
  test('puts the alarm back where it has waited, and the ladder starts anew', async () => {
    await desk.does('chen', 'accept', id)
    desk.wait(10 * SECOND)
    const alarm = await desk.does('chen', 'release', id)
    expect(alarm).toMatchObject({ state: 'raised', acceptedAt: null, alertedAt: NOON, escalation: 0 })
    expect(alarm.owner).toBeUndefined()
    await desk.forward(30 * SECOND)
    expect((await desk.byId(id)).escalation).toBe(1)
  })
})

describe('a technical alarm whose conditions ended while somebody had it', () => {
  const low = { kind: 'low_battery', severity: 'notice' } as const
  let technical: string
  beforeEach(async () => {
    await desk.take(low)
    technical = (await desk.alarm('technical')).id
    await desk.does('chen', 'accept', technical)
  })

  test('is closed by the hub when it is released', async () => {
    await desk.take({ ...low, ended: true })
    expect(await desk.does('chen', 'release', technical)).toMatchObject({ state: 'closed', conditions: [] })
    const last = (await desk.timeline(technical)).slice(-2)
    expect(last.map(({ kind, by }) => [kind, by])).toEqual([
      ['released', 'chen'],
      ['closed', undefined],
    ])
  })

  test('is closed by the hub when its owner is gone', async () => {
    await desk.take({ ...low, ended: true })
    await desk.forward(20 * SECOND)
    expect(await desk.byId(technical)).toMatchObject({ state: 'closed' })
    expect((await desk.kinds(technical)).slice(-2)).toEqual(['lapsed', 'closed'])
  })

  test('stays open while a condition holds', async () => {
    expect(await desk.does('chen', 'release', technical)).toMatchObject({ state: 'raised' })
  })

  test('stays open while somebody is on the way', async () => {
    await desk.does('chen', 'dispatch', technical)
    await desk.take({ ...low, ended: true })
    expect(await desk.does('chen', 'release', technical)).toMatchObject({ state: 'dispatched' })
  })
})

describe('resolve', () => {
  beforeEach(() => desk.does('chen', 'accept', id))
  const disposition = 'hospital'

  test('needs a disposition', async () => {
    expect(await desk.act('chen', 'resolve', id)).toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('of a technical alarm needs none', async () => {
    await desk.take({ kind: 'low_battery', severity: 'notice' })
    const technical = await desk.alarm('technical')
    await desk.does('chen', 'accept', technical.id)
    expect(await desk.does('chen', 'resolve', technical.id)).toMatchObject({
      state: 'resolved',
      disposition: null,
    })
  })

  test('over a finding that was not on the screen is refused, with its place', async () => {
    const { seq: onScreen } = await desk.byId(id)
    await desk.take({ kind: 'vitals', severity: 'high' })
    const { seq } = await desk.byId(id)
    const refused = await desk.act('chen', 'resolve', id, { disposition, seenSeq: onScreen })
    expect(refused).toEqual({ ok: false, code: 'ALARM_CHANGED', seq })
    expect(await desk.byId(id)).toMatchObject({ state: 'accepted' })
    expect(await desk.does('chen', 'resolve', id, { disposition, seenSeq: seq })).toMatchObject({
      state: 'resolved',
    })
  })

  test('without seenSeq, a note that was typed while a finding joined has not seen it', async () => {
    await desk.take({ kind: 'fall' })
    const { seq } = await desk.byId(id)
    await desk.does('chen', 'note', id, { text: 'calling the daughter' })
    await desk.does('chen', 'dispatch', id)
    const refused = await desk.act('chen', 'resolve', id, { disposition })
    expect(refused).toEqual({ ok: false, code: 'ALARM_CHANGED', seq })
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition })
  })

  test('with a seenSeq that the feed has not reached is refused: it proves nothing', async () => {
    const newest = await lastSeq(desk.records.db, 'feed')
    const ahead = await desk.act('chen', 'resolve', id, { disposition, seenSeq: newest + 1 })
    expect(ahead).toMatchObject({ code: 'BAD_REQUEST' })
    await desk.does('chen', 'resolve', id, { disposition, seenSeq: newest }) // as a list or `hello` gave it
  })

  test('without seenSeq, what joined after the last own accept counts as not seen', async () => {
    await desk.take({ kind: 'sos' })
    expect(await desk.act('chen', 'resolve', id, { disposition })).toMatchObject({ code: 'ALARM_CHANGED' })
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition })
  })

  test('is not stopped by what is no finding: a note of the wearer, a re-send, a step', async () => {
    const { seq: seenSeq } = await desk.byId(id)
    await desk.take({ kind: 'cancel', severity: 'notice' })
    await desk.does('chen', 'resolve', id, { disposition: 'wearer_cancelled', seenSeq })
  })

  test('ends lease and ladder; the next finding opens a new alarm, linked to this one', async () => {
    await desk.does('chen', 'resolve', id, { disposition })
    await desk.forward(5 * MINUTE)
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'resolved'])
    expect(await desk.take({ kind: 'zone_exit', severity: 'high' })).toEqual(['first'])
    const next = (await desk.alarms()).find(alarm => alarm.id !== id)
    expect(next).toMatchObject({ state: 'raised', severity: 'high', previousId: id })
  })
})

describe('on the way', () => {
  beforeEach(() => desk.does('chen', 'accept', id))

  test('services that take over, and calls, are written down; they are progress', async () => {
    desk.wait(100 * SECOND)
    await desk.does('chen', 'hand_over', id, { service: '120', reference: ' A-17 ', text: 'breathing' })
    await desk.does('chen', 'call', id, { whom: 'contact', contactId: 'c1', outcome: 'no_answer' })
    const [, , handed, called] = await desk.timeline(id)
    expect(handed).toMatchObject({
      kind: 'handed_over',
      by: 'chen',
      detail: { service: '120', reference: 'A-17', text: 'breathing' },
    })
    expect(called).toMatchObject({
      kind: 'called',
      detail: { whom: 'contact', contactId: 'c1', outcome: 'no_answer' },
    })
    const row = await desk.records.db.selectFrom('incidents').select('escalateAt').executeTakeFirstOrThrow()
    expect(row.escalateAt).toBe(desk.now() + 180 * SECOND)
  })

  test.each([
    ['hand_over', {}, 'no service'],
    ['call', { whom: 'elder' }, 'no outcome'],
    ['tick', {}, 'no step'],
    ['tick', { stepId: 'none' }, 'no such step'],
    ['dispatch', { responderId: 'liu' }, 'an operator is no responder'],
    ['dispatch', { responderId: 'nobody' }, 'no such account'],
  ] as const)('%s with %j is refused: %s', async (action, given, _reason) => {
    expect(await desk.act('chen', action, id, given)).toMatchObject({ code: 'BAD_REQUEST' })
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted'])
  })

  test('is the owner’s: others are told whose it is', async () => {
    const given = { service: '110' } as const
    expect(await desk.act('liu', 'hand_over', id, given)).toMatchObject({ code: 'ALARM_TAKEN' })
    expect(await desk.act('he', 'hand_over', id, given)).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('a follow-up call that reached nobody is written down, and wakes no clock', async () => {
    await desk.does('chen', 'resolve', id, { disposition: 'hospital' })
    await desk.does('liu', 'call', id, { whom: 'elder', outcome: 'no_answer' })
    await desk.forward(10 * MINUTE)
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'resolved', 'called'])
    expect(await desk.does('liu', 'close', id, { mark: 4 })).toMatchObject({ state: 'closed' })
  })
})

describe('reopen', () => {
  beforeEach(async () => {
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition: 'false_alarm' })
  })

  test('within a day makes it the reopener’s', async () => {
    desk.wait(DAY)
    const alarm = await desk.does('liu', 'reopen', id)
    expect(alarm).toMatchObject({ state: 'accepted', disposition: null, owner: { id: 'liu' } })
    await desk.forward(21 * SECOND)
    expect(await desk.byId(id)).toMatchObject({ state: 'raised' })
  })

  test('after a day is refused', async () => {
    desk.wait(DAY + 1)
    expect(await desk.act('liu', 'reopen', id)).toEqual({
      ok: false,
      code: 'ALARM_STATE',
      state: 'resolved',
      detail: 'the day in which it could be reopened is over',
    })
  })

  test('is refused while a newer alarm of the elder is open, and leaves no trace', async () => {
    await desk.take({ kind: 'sos' })
    expect(await desk.act('liu', 'reopen', id)).toEqual({
      ok: false,
      code: 'ALARM_STATE',
      state: 'resolved',
      detail: 'a newer alarm of the same elder is open',
    })
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'resolved'])
  })
})

describe('refused', () => {
  test('outside the scope as if it were not there', async () => {
    expect(await desk.act('far', 'accept', id, { scope: QINGDAO })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await desk.act('far', 'accept', 'inc_none')).toMatchObject({ code: 'NOT_FOUND' })
    expect(await desk.act('chen', 'accept', id, { scope: WEIHAI })).toMatchObject({ ok: true })
  })

  test('to whom it is not given', async () => {
    expect(await desk.act('ear', 'accept', id)).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('an empty note', async () => {
    await desk.does('chen', 'accept', id)
    expect(await desk.act('chen', 'note', id, { text: '  ' })).toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('with the state it is in', async () => {
    expect(await desk.act('chen', 'dispatch', id)).toEqual({
      ok: false,
      code: 'ALARM_STATE',
      state: 'raised',
    })
  })
})

test('word goes to the feed after a change, and only then', async () => {
  let nudges = 0
  desk.records.nudge.subscribe('feed', () => nudges++)
  await desk.act('ear', 'accept', id)
  await desk.act('chen', 'dispatch', id)
  expect(nudges).toBe(0)
  await desk.does('chen', 'accept', id)
  expect(nudges).toBe(1)
})
