// The procedure of an alarm: which one holds, that it stays while the work lasts, and its ticks.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aboutOf } from '../../alerts/procedure.ts'
import type { FindingKind } from '../../model/finding.ts'
import { procedureOf } from '../../records/begun.ts'
import { createProcedure, procedureFor, updateProcedure } from '../../records/procedures.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { type Desk, NOON, openDesk, SECOND } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(() => desk.clear())
afterAll(() => desk.close())

type Of = { residentId?: string; areaId?: string; kind?: FindingKind }

const add = (id: string, { residentId, areaId, kind }: Of, steps = [{ id: 's1', text: '回拨' }]) =>
  createProcedure(desk.records, {
    scope: WHOLE_HUB,
    at: NOON,
    procedure: {
      id,
      name: id,
      residentId: residentId ?? null,
      areaId: areaId ?? null,
      kind: kind ?? null,
      steps,
    },
  })

const edit = (id: string, steps: { id?: string; text: string }[]) =>
  updateProcedure(desk.records, { scope: WHOLE_HUB, id, change: { steps }, at: NOON })

describe('the one that holds', () => {
  beforeEach(async () => {
    await add('hub', { areaId: 'root' })
    await add('city-sos', { areaId: 'wh', kind: 'sos' })
    await add('city', { areaId: 'wh' })
    await add('block-fall', { areaId: 'wh-1', kind: 'fall' })
    await add('li', { residentId: 'li' })
    await add('li-fall', { residentId: 'li', kind: 'fall' })
  })

  test.each([
    ['li', 'wh-1', 'fall', 'li-fall', 'the elder’s own for just this'],
    ['li', 'wh-1', 'sos', 'li', 'the elder’s own, before any of the area'],
    ['wang', 'wh-1', 'fall', 'block-fall', 'the nearest area'],
    ['wang', 'wh-1', 'sos', 'city-sos', 'of one area the one for just this'],
    ['wang', 'wh-1', 'vitals', 'city', 'of one area the one for all'],
    ['zhao', 'qd', 'sos', 'hub', 'the nearest ancestor that has one'],
    [null, 'wh', 'sos', 'city-sos', 'a device that nobody wears'],
  ] as const)('for %s in %s, %s: %s, %s', async (residentId, areaId, kind, expected, _reason) => {
    expect((await procedureFor(desk.records.db, { residentId, areaId, kind }))?.id).toBe(expected)
  })

  test('is one: two for the same are refused', async () => {
    await expect(add('again', { areaId: 'wh', kind: 'sos' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(add('nobody', {})).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('in an alarm', () => {
  let id: string
  beforeEach(async () => {
    await add('li', { residentId: 'li' }, [
      { id: 'call', text: '回拨老人' },
      { id: 'key', text: '邻居有钥匙' },
    ])
    await desk.take({ kind: 'sos' })
    id = (await desk.alarm()).id
  })

  async function shown() {
    const row = await desk.records.db.selectFrom('incidents').selectAll().executeTakeFirstOrThrow()
    return procedureOf(desk.records.db, { incidentId: id, about: aboutOf(row) })
  }
  const texts = async () => (await shown())?.steps.map(({ text }) => text)

  test('is shown before anybody has it, and follows what is edited until then', async () => {
    expect(await shown()).toMatchObject({ id: 'li', version: 1, begunAt: null })
    await edit('li', [{ id: 'call', text: '先打女儿' }])
    expect(await texts()).toEqual(['先打女儿'])
  })

  test('does not change under anybody’s hands once the work has begun', async () => {
    await desk.does('chen', 'accept', id)
    await edit('li', [{ text: '别的' }])
    expect(await shown()).toMatchObject({ version: 1, begunAt: NOON })
    expect(await texts()).toEqual(['回拨老人', '邻居有钥匙'])
    expect((await desk.timeline(id)).at(-1)?.detail).toEqual({ procedure: { id: 'li', version: 1 } })

    await desk.does('chen', 'release', id)
    await desk.does('liu', 'accept', id)
    expect(await texts()).toEqual(['回拨老人', '邻居有钥匙'])
  })

  test('steps are ticked with their words, and a tick is taken back', async () => {
    await desk.does('chen', 'accept', id)
    desk.wait(5 * SECOND)
    await desk.does('chen', 'tick', id, { stepId: 'call', text: '没人接' })
    expect((await desk.timeline(id)).at(-1)).toMatchObject({
      kind: 'ticked',
      by: 'chen',
      detail: { stepId: 'call', step: '回拨老人', text: '没人接' },
    })
    expect((await shown())?.steps).toEqual([
      { id: 'call', text: '回拨老人', tickedAt: NOON + 5 * SECOND, tickedBy: { id: 'chen', name: '陈静' } },
      { id: 'key', text: '邻居有钥匙', tickedAt: null, tickedBy: null },
    ])
    await desk.does('chen', 'untick', id, { stepId: 'call' })
    expect((await shown())?.steps[0]).toMatchObject({ tickedAt: null })
    expect((await desk.kinds(id)).slice(-2)).toEqual(['ticked', 'unticked'])
  })

  test('a tick that comes twice is one', async () => {
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'tick', id, { stepId: 'key' })
    await desk.does('chen', 'tick', id, { stepId: 'key' })
    await desk.does('chen', 'untick', id, { stepId: 'call' })
    expect(await desk.kinds(id)).toEqual(['finding', 'accepted', 'ticked'])
  })

  test('is ticked by its owner alone', async () => {
    await desk.does('chen', 'accept', id)
    expect(await desk.act('liu', 'tick', id, { stepId: 'key' })).toMatchObject({ code: 'ALARM_TAKEN' })
  })

  test('that was written after the work began can be ticked, and stands from then on', async () => {
    await desk.take({ kind: 'sos', deviceId: 'b-wang' })
    const other = (await desk.alarms()).find(({ deviceId }) => deviceId === 'b-wang')?.id ?? ''
    await desk.does('chen', 'accept', other)
    await add('wang', { residentId: 'wang' })
    await desk.does('chen', 'tick', other, { stepId: 's1' })
    expect((await desk.timeline(other)).at(-1)?.detail).toMatchObject({ step: '回拨' })
  })
})
