// Calls at the desk, on real records: whose they are, on which timeline they stand, and what is refused by name.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { joinCalls } from '../../alerts/call-joins.ts'
import { type CallDesk, openCallDesk } from '../../alerts/calls.ts'
import type { CallReport } from '../../model/call.ts'
import { createContact } from '../../records/contacts.ts'
import { updateDevice } from '../../records/devices.ts'
import { updateResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { DAY, type Desk, MINUTE, openDesk, QINGDAO, SECOND, WEIHAI } from './desk.ts'

const LI = '13800001111'
const DAUGHTER = '+44 20 7946 0000'
const GREEN_KEY = '13900002222'
/** A couple's landline. */
const SHARED = '0631-5201234'
const SWITCH = { accountId: 'pbx', areaId: 'wh', scope: WEIHAI }

let desk: Desk
let calls: CallDesk
let seen = 0

beforeAll(async () => {
  desk = await openDesk()
  const { records, clock } = desk
  calls = openCallDesk({ records, clock, recordingsHost: 'pbx.example' })
  const at = desk.now()
  const phone = (id: string, number: string) =>
    updateResident(records, { scope: WHOLE_HUB, id, change: { phone: number }, at })
  await phone('li', LI)
  await phone('wang', SHARED)
  await phone('zhao', SHARED)
  const daughter = {
    id: 'con-li',
    residentId: 'li',
    name: '李梅',
    relation: '女儿',
    phone: DAUGHTER,
    position: 1,
  }
  await createContact(records, { scope: WHOLE_HUB, contact: daughter })
  await updateDevice(records, { scope: WHOLE_HUB, id: 'p-li', change: { phone: GREEN_KEY }, at })
  await records.db.updateTable('residents').set({ areaId: 'wh-1' }).where('id', '=', 'zhao').execute()
})
beforeEach(async () => {
  await desk.clear()
  await desk.records.db.deleteFrom('calls').execute()
})
afterAll(() => desk.close())

const report = (given: Partial<CallReport>) =>
  calls.report({ callId: 'c-1', state: 'ringing', from: LI, ...given }, SWITCH)
const rings = (given: Partial<CallReport> = {}) => report({ callId: `c-${++seen}`, ...given })
const as = (userId: string, scope = WEIHAI) => ({ userId, scope })
/** What the timeline of the only alarm says of calls. */
async function called(cls?: 'emergency' | 'service') {
  const { id } = await desk.alarm(cls)
  return (await desk.timeline(id))
    .filter(({ kind }) => kind === 'called')
    .map(({ detail, by }): Record<string, unknown> => ({ ...detail, by }))
}

describe('a call belongs to the alarm', () => {
  test.each<[from: string, who: object, why: string]>([
    [LI, { whom: 'elder' }, 'she calls herself'],
    [GREEN_KEY, { whom: 'elder', deviceId: 'p-li' }, 'from her one-key phone'],
    [
      DAUGHTER,
      { whom: 'contact', contactId: 'con-li', name: '李梅', relation: '女儿' },
      'her daughter calls',
    ],
  ])('of an SOS a minute ago: %s', async (from, who) => {
    await desk.take({ kind: 'sos' })
    desk.wait(MINUTE)
    const { alarmId } = await rings({ from })
    expect(alarmId).toBe((await desk.alarm()).id)
    expect(await called()).toMatchObject([{ direction: 'in', state: 'ringing', ...who }])
  })

  test('also when it comes first, and once', async () => {
    await rings()
    desk.wait(119 * SECOND)
    await desk.take({ kind: 'sos' })
    await Promise.all([joinCalls(desk), joinCalls(desk)])
    await joinCalls(desk)
    expect(await called()).toMatchObject([{ state: 'ringing', whom: 'elder' }])
  })

  test('and not when more than two minutes lie between', async () => {
    await desk.take({ kind: 'sos' })
    desk.wait(2 * MINUTE + 1)
    await rings()
    desk.wait(3 * MINUTE)
    await desk.take({ kind: 'sos', eventId: 'again' })
    await joinCalls(desk)
    expect(await called()).toEqual([])
  })

  test('of a fall it does not: nobody pressed anything', async () => {
    await desk.take({ kind: 'fall' })
    expect((await rings()).alarmId).toBeNull()
  })

  test('and tells by further entries what became of it: answered, over, recorded', async () => {
    await desk.take({ kind: 'sos' })
    const callId = 'whole'
    await report({ callId })
    desk.wait(5 * SECOND)
    await report({ callId, state: 'answered', operator: 'chen' })
    desk.wait(32 * SECOND)
    await report({ callId, state: 'ended' })
    await report({ callId, state: 'ended', recordingUrl: 'https://pbx.example/r/1.wav' })
    const entries = await called()
    expect(entries.map(({ state, by }) => [state, by])).toEqual([
      ['ringing', undefined],
      ['answered', 'chen'],
      ['ended', 'chen'],
      ['ended', 'chen'],
    ])
    expect(entries[2]).toMatchObject({ durationMs: 32 * SECOND })
    expect(entries[2]).not.toHaveProperty('recording')
    expect(entries[3]?.recording).toMatch(/^\/api\/v1\/calls\/call_\w+\/recording$/)
    expect(JSON.stringify(entries)).not.toContain('pbx.example')
  })

  test('of neither elder when both have the number, until a person says who it is', async () => {
    await desk.take({ kind: 'sos', deviceId: 'b-wang' })
    const { id, alarmId } = await rings({ from: SHARED })
    expect(alarmId).toBeNull()
    await joinCalls(desk)
    expect(await called()).toEqual([])
    const taken = await calls.take({ ...as('chen'), id, residentId: 'wang' })
    expect(taken).toMatchObject({ ok: true, seen: { call: { residentId: 'wang', owner: { id: 'chen' } } } })
    expect(await called()).toMatchObject([{ whom: 'elder' }])
  })
})

describe('the green key', () => {
  test('opens a ticket, and a call from the same telephone belongs to it', async () => {
    await desk.take({ kind: 'service', severity: 'notice', deviceId: 'p-li' })
    const { alarmId } = await rings({ from: GREEN_KEY })
    expect(alarmId).toBe((await desk.alarm('service')).id)
    expect(await desk.alarms('emergency')).toEqual([])
  })

  test('a call of her daughter is no answer to it', async () => {
    await desk.take({ kind: 'service', severity: 'notice', deviceId: 'p-li' })
    expect((await rings({ from: DAUGHTER })).alarmId).toBeNull()
  })

  test('with an SOS beside it, the call is about the SOS', async () => {
    await desk.take({ kind: 'service', severity: 'notice', deviceId: 'p-li' }, { kind: 'sos' })
    expect((await rings({ from: GREEN_KEY })).alarmId).toBe((await desk.alarm('emergency')).id)
  })
})

describe('reports', () => {
  test.each([
    ['in order', ['ringing', 'answered', 'ended']],
    ['the end first', ['ended', 'answered', 'ringing']],
    ['the answer first', ['answered', 'ringing', 'ended']],
  ] as const)('come to the same: %s', async (_name, order) => {
    const times = { ringing: 0, answered: 5 * SECOND, ended: 37 * SECOND }
    const start = desk.now() - MINUTE
    for (const state of order) await report({ state, at: start + times[state], operator: 'liu' })
    const { id } = await report({ state: 'ringing' })
    const taken = await calls.take({ ...as('liu'), id })
    expect(taken).toMatchObject({
      seen: {
        call: {
          state: 'ended',
          startedAt: start,
          durationMs: 32 * SECOND,
          owner: { id: 'liu', name: '刘洋' },
        },
      },
    })
  })

  test('say it twice, and nothing happens', async () => {
    await desk.take({ kind: 'sos' })
    const first = await report({})
    desk.wait(SECOND)
    expect(await report({ from: '+86 138 0000 1111' })).toEqual({ ...first, isRepeated: true })
    expect(await called()).toHaveLength(1)
    expect(await desk.records.db.selectFrom('calls').selectAll().execute()).toHaveLength(1)
  })

  test('of a missed call say so; it was not answered, whatever comes later', async () => {
    await report({})
    expect(await report({ state: 'missed' })).toMatchObject({ state: 'missed' })
    expect(await report({ state: 'ended' })).toMatchObject({ state: 'missed' })
    expect(await report({ state: 'answered', operator: 'chen' })).toMatchObject({ state: 'ended' })
  })

  test('two switches may use the same ids', async () => {
    const one = await report({})
    const other = await calls.report(
      { callId: 'c-1', state: 'ringing', from: '12349' },
      { ...SWITCH, accountId: 'pbx2' },
    )
    expect(other).toMatchObject({ ok: true, isRepeated: false })
    expect(other.id).not.toBe(one.id)
  })

  test.each<[reason: string, given: Partial<CallReport>, message: RegExp]>([
    ['unknown operator', { state: 'answered', operator: 'nobody' }, /there is no operator nobody/],
    ['not an operator', { state: 'answered', operator: 'ear' }, /there is no operator ear/],
    ['an operator of another city', { state: 'answered', operator: 'far' }, /there is no operator far/],
    ['letters', { from: '1-800-HELP' }, /digits/],
    ['RTL', { from: '\u202E11110000831' }, /invisible or direction/],
    ['far future', { at: Date.UTC(2036, 1, 1) }, /more than a day ahead/],
    ['far past', { at: 0 }, /more than a week ago/],
    ['a recording elsewhere', { recordingUrl: 'https://evil.example/x' }, /recordings are at pbx\.example/],
    ['a recording without TLS', { recordingUrl: 'http://pbx.example/x' }, /https URL/],
    ['a recording with a login', { recordingUrl: 'https://a:b@pbx.example/x' }, /without a login/],
    ['no URL', { recordingUrl: 'javascript:alert(1)' }, /https URL/],
  ])('are refused by name: %s', async (_reason, given, message) => {
    await expect(report(given)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(message),
    })
    expect(await desk.records.db.selectFrom('calls').selectAll().execute()).toEqual([])
  })

  test('that contradict each other are refused, and change nothing', async () => {
    await report({ state: 'answered', operator: 'chen' })
    await expect(report({ state: 'missed' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(report({ state: 'ended', from: '13911112222' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(report({ state: 'ended', direction: 'out' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await report({ state: 'answered' })).toMatchObject({ state: 'answered', isRepeated: true })
  })

  test('a clock that is an hour ahead costs no call', async () => {
    const { id } = await report({ at: desk.now() + 60 * MINUTE })
    expect(await calls.take({ ...as('chen'), id })).toMatchObject({
      seen: { call: { startedAt: desk.now() } },
    })
  })
})

describe('who has a call', () => {
  test('of twenty who take it exactly one has it, and the others are told who', async () => {
    const { id } = await rings()
    const people = ['chen', 'liu', 'song', 'root']
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, n) => calls.take({ ...as(people[n % 4] as string), id })),
    )
    const winners = new Set(done.flatMap(one => (one.ok ? one.seen.call.owner?.id : [])))
    expect(winners.size).toBe(1)
    const refused = done.flatMap(one => (one.ok ? [] : one))
    expect(refused).toHaveLength(15)
    for (const one of refused)
      expect(one).toMatchObject({ code: 'CALL_TAKEN', owner: { id: [...winners][0] } })
  })

  test('who answers has it: taking it at the desk afterwards names them', async () => {
    const { id } = await report({})
    await report({ state: 'answered', operator: 'LIU' })
    expect(await calls.take({ ...as('chen'), id })).toEqual({
      ok: false,
      code: 'CALL_TAKEN',
      owner: { id: 'liu', name: '刘洋' },
    })
  })

  test('what is over is nobody’s to take; what was missed is, to call back', async () => {
    const { id } = await report({ callId: 'over', state: 'ended' })
    expect(await calls.take({ ...as('chen'), id })).toMatchObject({ ok: false, code: 'CONFLICT' })
    const missed = await report({ callId: 'missed', state: 'missed' })
    expect(await calls.take({ ...as('chen'), id: missed.id })).toMatchObject({ ok: true })
  })

  test('a call of another city is not there', async () => {
    const { id } = await rings()
    expect(await calls.take({ ...as('far', QINGDAO), id })).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a number that nobody is known by is everybody’s of the switch', async () => {
    for (const from of ['13700009999', 'anonymous', null]) {
      const { id } = await rings({ from })
      const taken = await calls.take({ ...as('chen', { path: '/root/wh/wh-1/' }), id })
      expect(taken).toMatchObject({ ok: true, seen: { candidates: [] } })
    }
  })
})

describe('an emergency that somebody calls in', () => {
  test('is raised as any other: with a step that is due, an entry of the call, and its elder', async () => {
    const { id } = await rings({ from: DAUGHTER })
    const raised = await calls.raise({ ...as('chen'), id, kind: 'sos', text: ' 摔倒了 ' })
    const alarm = await desk.alarm()
    expect(raised).toMatchObject({ ok: true, alarm: { id: alarm.id, kind: 'sos', severity: 'critical' } })
    expect(alarm.subject).toEqual({ type: 'resident', id: 'li', name: '李秀英' })
    const row = await desk.records.db.selectFrom('incidents').select('escalateAt').executeTakeFirstOrThrow()
    expect(row.escalateAt).not.toBeNull()
    const [found, call] = await desk.timeline(alarm.id)
    expect(found?.detail.evidence).toEqual({ source: 'operator', callId: id, by: 'chen', text: '摔倒了' })
    expect(call).toMatchObject({ kind: 'called', detail: { whom: 'contact', name: '李梅' } })
  })

  test('once for a call, and a press of the red key joins it', async () => {
    const { id } = await rings()
    await calls.raise({ ...as('chen'), id, kind: 'sos' })
    await calls.raise({ ...as('chen'), id, kind: 'sos' })
    await desk.take({ kind: 'sos' })
    expect(await desk.kinds((await desk.alarm()).id)).toEqual(['finding', 'called', 'finding'])
  })

  test('of a caller whom nobody knows is about the call: two of them are two alarms', async () => {
    for (const from of ['13700009999', '13700008888']) {
      const { id } = await rings({ from })
      await calls.raise({ ...as('chen'), id, kind: 'sos' })
    }
    const names = (await desk.alarms()).map(({ subject }) => subject.name)
    expect(names.sort()).toEqual(['137****8888', '137****9999'])
  })

  test('of a caller whom nobody knows is seen by whoever raised it, also where the switch is above their areas', async () => {
    const { id } = await rings({ from: '13700009999' })
    const street = as('chen', { path: '/root/wh/wh-1/' })
    expect(await calls.raise({ ...street, id, kind: 'sos' })).toMatchObject({
      ok: true,
      alarm: { areaId: 'wh-1', subject: { name: '137****9999' } },
    })
  })

  test('is guessed of nobody: the same number may be of somebody whom this desk does not see', async () => {
    const { id } = await rings({ from: SHARED })
    const street = as('chen', { path: '/root/wh/wh-1/' })
    await expect(calls.raise({ ...street, id, kind: 'sos' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await desk.alarms()).toEqual([])
    const raised = await calls.raise({ ...street, id, kind: 'sos', residentId: null })
    expect(raised).toMatchObject({ ok: true, alarm: { subject: { type: 'device', id } } })
  })

  test('of another elder than before, or after it was over, is another alarm', async () => {
    const { id } = await rings({ from: SHARED })
    const raise = async (residentId: string) => {
      const done = await calls.raise({ ...as('chen'), id, kind: 'sos', residentId })
      return done.alarm
    }
    const [wang, zhao] = [await raise('wang'), await raise('zhao')]
    expect(zhao?.subject.id).toBe('zhao')
    await desk.does('chen', 'accept', wang?.id ?? '')
    await desk.does('chen', 'resolve', wang?.id ?? '', { disposition: 'test' })
    expect(await raise('wang')).toMatchObject({ state: 'raised', previousId: wang?.id })
    expect((await raise('zhao'))?.id).toBe(zhao?.id)
  })

  test('of a number with two elders needs a name; an elder without a device has an alarm all the same', async () => {
    const { id } = await rings({ from: SHARED })
    await expect(calls.raise({ ...as('chen'), id, kind: 'sos' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await desk.records.db
      .updateTable('assignments')
      .set({ toAt: 0 })
      .where('residentId', '=', 'zhao')
      .execute()
    await calls.raise({ ...as('chen'), id, kind: 'sos', residentId: 'zhao' })
    expect((await desk.alarm()).subject).toMatchObject({ type: 'resident', id: 'zhao' })
  })
})

describe('the desk calls out', () => {
  const out = (given: Partial<CallReport>) =>
    rings({ direction: 'out', from: '12349', operator: 'chen', ...given })

  test('to a contact of the elder whose alarm they have: it stands there', async () => {
    await desk.take({ kind: 'fall' })
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(10 * MINUTE)
    expect((await out({ to: DAUGHTER })).alarmId).toBe(id)
    expect(await called()).toMatchObject([{ direction: 'out', whom: 'contact', by: 'chen' }])
  })

  test('to an elder whose alarm somebody else has: it does not', async () => {
    await desk.take({ kind: 'sos' })
    await desk.does('liu', 'accept', (await desk.alarm()).id)
    expect((await out({ to: LI })).alarmId).toBeNull()
    expect((await out({ to: LI, operator: undefined as never })).alarmId).toBeNull()
  })
})

test('numbers are read anew when they change', async () => {
  const { records } = desk
  const at = desk.now() + DAY
  await updateResident(records, { scope: WHOLE_HUB, id: 'li', change: { phone: '儿子那里' }, at })
  const row = await records.db
    .selectFrom('residents')
    .select('number')
    .where('id', '=', 'li')
    .executeTakeFirst()
  expect(row?.number).toBeNull()
  await updateResident(records, { scope: WHOLE_HUB, id: 'li', change: { phone: LI }, at })
})
