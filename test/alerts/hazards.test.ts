// The hazards of other systems that the desk must keep out, each told as a story.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAlarms } from '../../records/incidents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { assign, DAY, type Desk, HOUR, MINUTE, NOON, openDesk, SECOND } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  await desk.clear()
})
afterAll(() => desk.close())

describe('hazard 2: an SOS while the elder is already in another alarm', () => {
  test('joins it and alerts its owner anew; it is never dropped as a duplicate', async () => {
    await desk.take({ kind: 'zone_exit', severity: 'high' })
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(5 * MINUTE)

    expect(await desk.take({ kind: 'sos', severity: 'critical' })).toEqual(['worsened'])

    const alarm = await desk.alarm()
    expect(alarm).toMatchObject({ id, kind: 'sos', severity: 'critical', findings: 2, state: 'accepted' })
    expect(alarm.owner?.id).toBe('chen')
    expect(alarm.alertedAt).toBe(NOON + 5 * MINUTE)
  })

  test('and again while the owner is with the first SOS', async () => {
    await desk.take({ kind: 'sos' })
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(MINUTE)
    expect(await desk.take({ kind: 'sos' })).toEqual(['realert'])

    await desk.forward(30 * SECOND)
    const escalated = (await desk.timeline(id)).findLast(({ kind }) => kind === 'escalated')
    expect(escalated?.detail).toMatchObject({ step: 1, audience: 'supervisor', because: 'unanswered' })
  })

  test('and when it comes garbled: what cannot be read may be an SOS, and alerts anew', async () => {
    await desk.take({ kind: 'zone_exit', severity: 'high' })
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(MINUTE)
    expect(await desk.take({ kind: 'unreadable_event', severity: 'high' })).toEqual(['realert'])
    const alarm = await desk.byId(id)
    expect(alarm).toMatchObject({ alertedAt: NOON + MINUTE, severity: 'high', kind: 'zone_exit' })
  })

  test('a technical alarm of the same elder neither hides it nor is hidden by it', async () => {
    await desk.take({ kind: 'low_battery', severity: 'notice' }, { kind: 'sos' })
    const alarms = await desk.alarms()
    expect(alarms.map(alarm => [alarm.class, alarm.state])).toEqual(
      expect.arrayContaining([
        ['technical', 'raised'],
        ['emergency', 'raised'],
      ]),
    )
  })

  test('pressing again while nobody answers keeps the place in the queue and the ladder', async () => {
    await desk.take({ kind: 'sos' })
    const { id } = await desk.alarm()
    for (let press = 0; press < 8; press++) {
      await desk.forward(25 * SECOND)
      await desk.take({ kind: 'sos' })
    }
    expect(await desk.byId(id)).toMatchObject({ alertedAt: NOON, escalation: 3, findings: 9 })
  })
})

describe('hazard 3: an SOS with an old device time', () => {
  test('is raised at once, marked with its delay, and escalates from its receipt', async () => {
    await desk.take({ kind: 'sos', lateMs: 3 * HOUR })
    const alarm = await desk.alarm()
    expect(alarm).toMatchObject({ state: 'raised', severity: 'critical', lateMs: 3 * HOUR, raisedAt: NOON })
    const [entry] = await desk.timeline(alarm.id)
    expect(entry).toMatchObject({
      kind: 'finding',
      at: NOON,
      detail: { at: NOON - 3 * HOUR, lateMs: 3 * HOUR },
    })
    await desk.forward(30 * SECOND)
    expect((await desk.byId(alarm.id)).escalation).toBe(1)
  })
})

describe('hazard 8: an alarm that two believe to own, or nobody does', () => {
  let id: string
  beforeEach(async () => {
    await desk.take({ kind: 'sos' })
    id = (await desk.alarm()).id
  })

  test('of all who accept at once exactly one has it, and the others are told who', async () => {
    const people = ['chen', 'liu', 'song', 'root'] as const
    const answers = await Promise.all(people.map(who => desk.act(who, 'accept', id)))
    const won = people.filter((_, n) => answers[n]?.ok)
    expect(won).toHaveLength(1)
    const lost = answers.filter(({ ok }) => !ok)
    expect(lost.map(one => 'owner' in one && one.owner.id)).toEqual([won[0], won[0], won[0]])
    expect((await desk.kinds(id)).filter(kind => kind === 'accepted')).toHaveLength(1)
  })

  test('its owner’s browser dies: within 20 s it is nobody’s, at the top of the queue, and told of again', async () => {
    await desk.does('chen', 'accept', id)
    await desk.take({ kind: 'sos', deviceId: 'b-wang' })
    const other = (await desk.alarms()).find(alarm => alarm.id !== id)?.id ?? ''
    await desk.does('liu', 'accept', other)
    for (let s = 0; s < 21; s++) {
      await desk.renewLeases('liu')
      await desk.forward(SECOND)
    }
    const alarm = await desk.byId(id)
    expect(alarm.state).toBe('raised')
    expect(alarm.owner).toBeUndefined()
    expect((await desk.kinds(id)).slice(-3)).toEqual(['lapsed', 'escalated', 'untold']) // she has no contacts
    const page = { scope: WHOLE_HUB, state: 'open', limit: 10 } as const
    const queue = await listAlarms(desk.records.db, page)
    expect(queue.items.map(one => [one.id, one.owner?.id])).toEqual([
      [id, undefined],
      [other, 'liu'],
    ])
  })

  test('while a shift is handed over, it is somebody’s or at the top of the queue at every moment', async () => {
    await desk.does('chen', 'accept', id)
    const shift = await desk.handsOver('chen')
    if (!shift.ok) throw new Error(shift.detail)
    const seen: (string | undefined)[] = []
    for (let s = 0; s < 24; s++) {
      const { state, owner } = await desk.byId(id)
      seen.push(owner?.id ?? state)
      await desk.forward(SECOND)
    }
    expect(new Set(seen)).toEqual(new Set(['chen', 'raised']))
    await Promise.all([desk.takesShift('liu', shift.shift.id), desk.act('song', 'accept', id)])
    const owners = (await desk.timeline(id)).filter(({ kind }) => kind === 'handed_on' || kind === 'accepted')
    expect(owners).toHaveLength(2)
    expect((await desk.byId(id)).owner?.id).toBe(owners.at(-1)?.by)
  })
})

describe('a device that was handed over', () => {
  test('with a clock that is behind calls for the one who wears it, and names the other', async () => {
    await assign(desk.records.db, {
      deviceId: 'b-spare',
      residentId: 'wang',
      fromAt: NOON - DAY,
      toAt: NOON - 2 * HOUR,
    })
    await assign(desk.records.db, {
      deviceId: 'b-spare',
      residentId: 'li',
      fromAt: NOON - 2 * HOUR,
      toAt: null,
    })
    await desk.take({ kind: 'sos', deviceId: 'b-spare', lateMs: 3 * HOUR })
    const alarm = await desk.alarm()
    expect(alarm.subject).toMatchObject({ id: 'li', name: '李秀英' })
    const [entry] = await desk.timeline(alarm.id)
    expect(entry?.detail.alsoWornBy).toEqual({ id: 'wang', name: '王建国' })
    await desk.records.db.deleteFrom('assignments').where('deviceId', '=', 'b-spare').execute()
  })
})

describe('hazard 8: two operators, or none', () => {
  test('of two who accept, one wins and the other is told who', async () => {
    await desk.take({ kind: 'sos' })
    const { id } = await desk.alarm()
    const [first, second] = await Promise.all([desk.act('chen', 'accept', id), desk.act('liu', 'accept', id)])
    expect([first.ok, second.ok].sort()).toEqual([false, true])
    const loser = first.ok ? second : first
    const owner = (await desk.byId(id)).owner
    expect(loser).toEqual({ ok: false, code: 'ALARM_TAKEN', owner })
  })

  test('of twenty at once exactly one, with one entry on the timeline', async () => {
    await desk.take({ kind: 'sos' })
    const { id } = await desk.alarm()
    const whos = Array.from(
      { length: 20 },
      (_, i) => (['chen', 'liu', 'song', 'root'] as const)[i % 4] ?? 'chen',
    )
    const handled = await Promise.all(whos.map(who => desk.act(who, 'accept', id)))
    const owner = (await desk.byId(id)).owner?.id
    const winners = whos.filter((_, i) => handled[i]?.ok)
    // The owner's own further tries are answered 200; nobody else's are.
    expect(new Set(winners)).toEqual(new Set([owner]))
    expect(winners).toHaveLength(5)
    expect(handled.filter(one => !one.ok && one.code === 'ALARM_TAKEN')).toHaveLength(15)
    expect((await desk.kinds(id)).filter(kind => kind === 'accepted')).toHaveLength(1)
  })

  test('the browser of the owner dies: unowned at the top within 20 s, the supervisor is told at once', async () => {
    await desk.take({ kind: 'sos' })
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    await desk.forward(20 * SECOND)
    const alarm = await desk.byId(id)
    expect(alarm).toMatchObject({ state: 'raised', escalation: 1, alertedAt: NOON })
    expect(alarm.owner).toBeUndefined()
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'lapsed', 'escalated', 'untold'])
  })
})

describe('the same bytes of an SOS without id', () => {
  const press = { kind: 'sos', bytesHash: 'same' } as const

  test('sent on two days raise two incidents, when the first was resolved meanwhile', async () => {
    await desk.take(press)
    const first = await desk.alarm()
    await desk.does('chen', 'accept', first.id)
    await desk.does('chen', 'resolve', first.id, { disposition: 'false_alarm' })
    desk.wait(72 * HOUR)
    expect(await desk.take(press)).toEqual(['first'])
    const alarms = await desk.alarms()
    expect(alarms).toHaveLength(2)
    expect(alarms[1]).toMatchObject({ state: 'raised', previousId: first.id })
  })

  test('sent on two days are a new press that alerts anew, when the first is still open', async () => {
    await desk.take(press)
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(72 * HOUR)
    expect(await desk.take(press)).toEqual(['realert'])
    expect(await desk.alarm()).toMatchObject({ id, alertedAt: NOON + 72 * HOUR, findings: 2 })
  })

  test('sent again within seconds are one press, noted', async () => {
    await desk.take(press)
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    desk.wait(5 * SECOND)
    expect(await desk.take(press)).toEqual(['resent'])
    expect(await desk.alarm()).toMatchObject({ findings: 1, alertedAt: NOON, state: 'accepted' })
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'resent'])
  })

  test('sent again within seconds of an incident that is resolved are a new one: nobody looks at it', async () => {
    await desk.take(press)
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition: 'test' })
    desk.wait(5 * SECOND)
    expect(await desk.take(press)).toEqual(['first'])
  })

  test('two in one batch are one press as well, and no copy moves the two minutes on', async () => {
    expect(await desk.take(press, press)).toEqual(['first', 'resent'])
    desk.wait(119 * SECOND)
    expect(await desk.take(press)).toEqual(['resent'])
    desk.wait(SECOND)
    expect(await desk.take(press, press)).toEqual(['realert', 'resent'])
  })

  test('pressed every 100 s for an hour are heard every other time; the owner is told anew', async () => {
    await desk.take(press)
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    const reasons: string[] = []
    for (let pressed = 0; pressed < 36; pressed++) {
      desk.wait(100 * SECOND)
      reasons.push(...(await desk.take(press)))
      await desk.does('chen', 'accept', id)
    }
    expect(reasons.filter(reason => reason === 'realert')).toHaveLength(18)
    expect(await desk.byId(id)).toMatchObject({ alertedAt: NOON + HOUR })
  })
})
