// An open alarm goes where its subject goes: to the new area's desk, and out of the hands of whoever cannot see it.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { renewLeases } from '../../alerts/lease.ts'
import { updateArea } from '../../records/areas.ts'
import { lastSeq } from '../../records/db.ts'
import { updateDevice } from '../../records/devices.ts'
import { getAlarm } from '../../records/incidents.ts'
import { updateResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { feedAfter } from '../../records/timeline.ts'
import { type Desk, openDesk, QINGDAO, SECOND, WEIHAI } from '../alerts/desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const by = () => ({ scope: WHOLE_HUB, at: desk.now(), by: 'root' })
const moveLi = (areaId: string) => updateResident(desk.records, { ...by(), id: 'li', change: { areaId } })
const seenFrom = async (scope: { path: string }, id: string) =>
  (await getAlarm(desk.records.db, { scope, id })) !== undefined

describe('an elder who moves', () => {
  test('takes the open alarms of every class along, each with its entry', async () => {
    await desk.take({}, { kind: 'service', severity: 'high' }, { kind: 'low_battery', severity: 'notice' })
    await moveLi('qd')
    const alarms = await desk.alarms()
    expect(alarms.map(({ class: cls, areaId }) => [cls, areaId]).toSorted()).toEqual([
      ['emergency', 'qd'],
      ['service', 'qd'],
      ['technical', 'qd'],
    ])
    for (const { id } of alarms) {
      expect((await desk.timeline(id)).at(-1)).toMatchObject({
        kind: 'moved',
        at: desk.now(),
        by: 'root',
        detail: { fromAreaId: 'wh-1', toAreaId: 'qd' },
      })
      expect([await seenFrom(WEIHAI, id), await seenFrom(QINGDAO, id)]).toEqual([false, true])
    }
  })

  test('has the next press on the same alarm, at the new desk', async () => {
    await desk.take({})
    await moveLi('qd')
    expect(await desk.take({})).toEqual(['realert'])
    expect(await desk.alarm()).toMatchObject({ areaId: 'qd', findings: 2 })
    expect((await desk.kinds((await desk.alarm()).id)).filter(kind => kind === 'moved')).toHaveLength(1)
  })

  test('is told to those who follow, at once', async () => {
    await desk.take({})
    const nudges: string[] = []
    for (const topic of ['feed', 'registry'] as const)
      desk.records.nudge.subscribe(topic, () => void nudges.push(topic))
    const seq = await lastSeq(desk.records.db, 'feed')
    await moveLi('qd')
    await Promise.resolve()
    expect(nudges.toSorted()).toEqual(['feed', 'registry'])
    expect(await feedAfter(desk.records.read, { seq, limit: 10 })).toMatchObject([
      { entry: { kind: 'moved' }, areaPath: '/root/qd/', formerPath: '/root/wh/wh-1/' },
    ])
  })

  test('leaves alarms that are over, and those of others, where they were', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'resolve', id, { disposition: 'test' })
    await desk.take({ deviceId: 'b-wang' })
    await moveLi('qd')
    expect((await desk.alarms()).map(({ areaId }) => areaId)).toEqual(['wh-1', 'wh-1'])
  })

  test('is taken from an owner who cannot see the alarm any more: nobody would be on it', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    await moveLi('qd')
    await renewLeases(desk.records, ['chen']) // still connected
    await desk.sweep()
    expect(await desk.byId(id)).toMatchObject({ state: 'raised', acceptedAt: null })
    expect((await desk.kinds(id)).slice(-4)).toEqual(['moved', 'lapsed', 'escalated', 'untold'])
    expect(await desk.does('far', 'accept', id)).toMatchObject({ owner: { id: 'far' } })
  })

  test('stays with an owner who sees both areas', async () => {
    await desk.take({})
    const { id } = await desk.alarm()
    await desk.records.db.updateTable('users').set({ areaId: 'root' }).where('id', '=', 'song').execute()
    await desk.does('song', 'accept', id)
    await moveLi('qd')
    for (let at = 0; at < 30; at += 5) {
      await renewLeases(desk.records, ['song'])
      await desk.forward(5 * SECOND)
    }
    expect(await desk.byId(id)).toMatchObject({ state: 'accepted', owner: { id: 'song' } })
  })
})

test('being there keeps no alarm that the account has been moved away from', async () => {
  await desk.take({})
  const { id } = await desk.alarm()
  await desk.does('chen', 'accept', id)
  await desk.records.db.updateTable('users').set({ areaId: 'qd' }).where('id', '=', 'chen').execute()
  for (let at = 0; at < 20; at += 5) {
    await renewLeases(desk.records, ['chen'])
    await desk.forward(5 * SECOND)
  }
  expect((await desk.byId(id)).owner).toBeUndefined()
})

test.each([
  ['is placed elsewhere', { areaId: 'qd' }],
  ['is given to an elder who lives elsewhere', { residentId: 'zhao' }],
])('a device that nobody wore takes its alarm along when it %s', async (_how, change) => {
  await desk.take({ deviceId: 'b-spare' })
  await updateDevice(desk.records, { ...by(), id: 'b-spare', change })
  expect(await desk.alarm()).toMatchObject({ areaId: 'qd', subject: { type: 'device' } })
  expect(await desk.kinds((await desk.alarm()).id)).toEqual(['finding', 'moved'])
})

test('an area that moves takes the alarms below it to its new desk', async () => {
  await desk.take({})
  const { id } = await desk.alarm()
  await desk.does('chen', 'accept', id)
  const seq = await lastSeq(desk.records.db, 'feed')
  await updateArea(desk.records, { ...by(), id: 'wh-1', change: { parentId: 'qd' } })
  await desk.sweep()
  expect([await seenFrom(WEIHAI, id), await seenFrom(QINGDAO, id)]).toEqual([false, true])
  expect(await feedAfter(desk.records.read, { seq, limit: 10 })).toMatchObject([
    {
      entry: { kind: 'moved', detail: { fromAreaId: 'wh', toAreaId: 'qd' } },
      areaPath: '/root/qd/wh-1/',
      formerPath: '/root/wh/',
    },
    { entry: { kind: 'lapsed' } },
    { entry: { kind: 'escalated', detail: { audience: 'supervisor' } } },
    { entry: { kind: 'untold', detail: { reason: 'no_contacts' } } },
  ])
})
