// Stories of what is old: it goes when its time has come, and what is open never does.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { performRun, type RunParts } from '../../alerts/retention-run.ts'
import { startOf } from '../../gateway/feed/greeting.ts'
import { RETENTION } from '../../model/retention.ts'
import { listAudit } from '../../records/audit.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import { lastSeq } from '../../records/db.ts'
import { incompleteBefore } from '../../records/retention.ts'
import { askRun, beginRun, endRun, listRuns, openRun } from '../../records/retention-runs.ts'
import { INCIDENT_TABLES } from '../../records/retention-tables.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { feedAfter, oldestSeq } from '../../records/timeline.ts'
import { DAY, type Desk, HOUR, MINUTE, openDesk } from './desk.ts'
import { closedAlarm, countsOf, idsOf, resolvedAlarm, SOS } from './ended.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const YEARS_5 = RETENTION.incidents.days * DAY
const resolved = (deviceId?: string): Promise<string> => resolvedAlarm(desk, deviceId)
const closed = (deviceId?: string): Promise<string> => closedAlarm(desk, deviceId)
const ids = (): Promise<string[]> => idsOf(desk)

/** A run of now, whole. */
async function run(parts: Partial<RunParts> = {}): Promise<Record<string, number>> {
  const { records } = desk
  const begun = await beginRun(records, { asked: await openRun(records.db), at: desk.now() })
  await performRun({ records, history: undefined, pause: async () => true, ...parts }, begun)
  await endRun(records, begun, desk.now())
  return countsOf(desk, begun.id)
}

/** What is left of alarms that are gone, by table. */
async function leftOf(incidentId: string): Promise<string[]> {
  const left: string[] = []
  for (const [table] of INCIDENT_TABLES) {
    const rows = await desk.records.db
      .selectFrom(table as 'timeline')
      .selectAll()
      .where('incidentId', '=', incidentId)
      .execute()
    if (rows.length > 0) left.push(table)
  }
  return left
}

describe('an alarm', () => {
  test('goes so long after it was closed, and not after it was raised', async () => {
    const id = await resolved()
    desk.wait(200 * DAY)
    await desk.does('chen', 'close', id)
    desk.wait(YEARS_5)
    expect(await run()).toEqual({})
    desk.wait(1)
    expect(await run()).toEqual({ incidents: 1 })
    expect(await ids()).toEqual([])
    expect(await leftOf(id)).toEqual([])
  })

  test('that is open stays however old it is, with all that hangs on it', async () => {
    await desk.take(SOS)
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    const dispatch = await desk.sends('chen', 'he', id)
    const before = await desk.timeline(id)
    await desk.take({ ...SOS, deviceId: 'b-wang' })
    desk.wait(3 * YEARS_5)
    expect(await run()).toEqual({})
    expect(await desk.timeline(id)).toEqual(before)
    expect((await desk.dispatches(id)).map(one => one.id)).toEqual([dispatch])
    expect(await ids()).toHaveLength(2)
  })

  test('that was resolved and never closed goes by when it was resolved', async () => {
    const id = await resolved()
    desk.wait(YEARS_5 + 1)
    expect(await run()).toEqual({ incidents: 1 })
    expect(await leftOf(id)).toEqual([])
  })

  test('that was reopened is open again', async () => {
    const id = await resolved()
    desk.wait(HOUR)
    await desk.does('chen', 'reopen', id)
    desk.wait(2 * YEARS_5)
    expect(await run()).toEqual({})
    expect(await ids()).toEqual([id])
  })

  test('that comes after it names it no more, and nothing else of it changes', async () => {
    const first = await closed()
    desk.wait(MINUTE)
    await desk.take(SOS)
    const [, second] = await desk.alarms()
    expect(second?.previousId).toBe(first)
    desk.wait(YEARS_5 + DAY)
    expect(await run()).toEqual({ incidents: 1 })
    expect(await desk.alarm()).toEqual({ ...second, previousId: null })
  })

  test('is found behind a hundred others that stay', async () => {
    const { db } = desk.records
    const at = desk.now()
    const many = Array.from({ length: 230 }, (_, i) => ({
      id: `many-${String(i).padStart(3, '0')}`,
      seq: 1_000 + i,
    }))
    await desk.take(SOS)
    const { conditions: _, owner: __, subject, ...row } = await desk.alarm()
    const given = { ...row, subjectType: subject.type, subjectName: subject.name, conditionsJson: '[]' }
    await db
      .insertInto('incidents')
      .values(
        many.map(({ id, seq }, i) => ({
          ...given,
          id,
          seq,
          subjectId: id,
          class: i % 115 === 114 ? ('technical' as const) : ('emergency' as const),
          state: i % 2 === 0 ? ('closed' as const) : ('resolved' as const),
          resolvedAt: at,
        })),
      )
      .execute()
    const closing = many.filter((_one, i) => i % 2 === 0)
    await db
      .insertInto('timeline')
      .values(
        closing.map(({ id, seq }) => ({
          seq,
          incidentId: id,
          kind: 'closed' as const,
          at,
          detailJson: '{}',
        })),
      )
      .execute()
    desk.wait(RETENTION.technical.days * DAY + 1)
    expect(await run()).toEqual({ technical: 2 })
    desk.wait(YEARS_5)
    expect(await run()).toEqual({ incidents: 228 })
    expect(await ids()).toEqual([row.id])
  })

  test('of a technical kind goes by its own class', async () => {
    const battery = { kind: 'low_battery', severity: 'notice' } as const
    await desk.take(battery)
    await desk.take({ ...battery, ended: true })
    expect((await desk.alarm()).state).toBe('closed')
    await closed('b-wang')
    desk.wait(RETENTION.technical.days * DAY + 1)
    expect(await run()).toEqual({ technical: 1 })
    expect((await desk.alarm()).kind).toBe('sos')
  })

  test('takes everything along that hangs on it', async () => {
    await desk.take(SOS)
    const { id } = await desk.alarm()
    await desk.does('chen', 'accept', id)
    await desk.sends('chen', 'he', id)
    const { db } = desk.records
    const at = desk.now()
    await db
      .insertInto('tellings')
      .values({ incidentId: id, alertedAt: at, round: 1, step: 0, clockAt: null, stoppedAt: null })
      .execute()
    await db
      .insertInto('ticks')
      .values([1, 2].map(step => ({ incidentId: id, stepId: `s${step}`, at, byUserId: 'chen' })))
      .execute()
    await db
      .insertInto('begunProcedures')
      .values({ incidentId: id, procedureId: 'p', version: 1, name: '预案', stepsJson: '[]', begunAt: at })
      .execute()
    await db
      .insertInto('calls')
      .values({ ...CALL, id: 'call-1', incidentId: id, startedAt: at, changedAt: at })
      .execute()
    await desk.does('chen', 'resolve', id, { disposition: 'hospital' })
    await desk.does('chen', 'close', id)
    expect(await leftOf(id)).toEqual([
      'dispatches',
      'tellings',
      'begunProcedures',
      'ticks',
      'timeline',
      'calls',
    ])
    desk.wait(YEARS_5 + DAY)
    expect(await run()).toEqual({ incidents: 1 })
    expect(await leftOf(id)).toEqual([])
  })
})

const CALL = {
  accountId: 'switch',
  callId: '1',
  direction: 'in' as const,
  areaId: 'root',
  fromText: null,
  toText: null,
  number: null,
  ringingAt: null,
  answeredAt: null,
  endedAt: null,
  missedAt: null,
  ownerId: null,
  residentId: null,
  recordingUrl: null,
}

describe('a run that is cut off', () => {
  test('between any two slices goes on as what it was, and counts nothing twice', async () => {
    const devices = ['b-li', 'b-wang', 'b-zhao']
    for (const device of devices) await closed(device)
    await closed()
    const { records } = desk
    // One with more entries than a slice takes: it is cut apart, and found again.
    const [long = ''] = await ids()
    const at = desk.now()
    const seq = await lastSeq(records.db, 'feed')
    await records.db
      .insertInto('timeline')
      .values(
        Array.from({ length: 450 }, (_, i) => ({
          seq: seq + 1 + i,
          incidentId: long,
          kind: 'noted' as const,
          at,
          detailJson: '{}',
        })),
      )
      .execute()
    await records.db
      .updateTable('counters')
      .set({ value: seq + 450 })
      .where('name', '=', 'feed')
      .execute()
    await desk.take(SOS)
    const still = (await desk.alarms()).find(({ state }) => state === 'raised')
    desk.wait(YEARS_5 + DAY)

    const begun = await beginRun(records, { asked: undefined, at: desk.now() })
    let slices = 0
    for (let outcome = 'stopped'; outcome === 'stopped'; slices++) {
      // Every process dies after its first slice; the clock of the next one is further.
      outcome = await performRun({ records, history: undefined, pause: async () => false }, begun)
      desk.wait(MINUTE)
    }
    await endRun(records, begun, desk.now())
    expect(slices).toBeGreaterThan(3)
    expect(await countsOf(desk, begun.id)).toEqual({ incidents: 4 })
    expect(await ids()).toEqual([still?.id])
    expect(await records.db.selectFrom('timeline').select('incidentId').distinct().execute()).toEqual([
      { incidentId: still?.id },
    ])
    const [done] = await listRuns(records.db, 1)
    expect(done?.counts[0]?.rows).toBeGreaterThan(450)
  })

  test('does not take what became old only after it began', async () => {
    await closed()
    desk.wait(YEARS_5 - HOUR)
    const { records } = desk
    const begun = await beginRun(records, { asked: undefined, at: desk.now() })
    desk.wait(DAY)
    const parts = { records, history: undefined, pause: async () => true }
    expect(await performRun(parts, begun)).toBe('done')
    expect(await ids()).toHaveLength(1)
  })
})

describe('the feed', () => {
  test('tells a console that would go on from before a gap to read its lists anew', async () => {
    await desk.take({ ...SOS, deviceId: 'b-wang' }) // open for years: its entry stays
    const opened = await lastSeq(desk.records.db, 'feed')
    await closed()
    const gone = await lastSeq(desk.records.db, 'feed')
    desk.wait(YEARS_5 + DAY)
    await desk.take({ ...SOS, deviceId: 'b-zhao' })
    const newest = await lastSeq(desk.records.db, 'feed')
    await run()
    const bounds = { epoch: 'e', seq: newest, oldest: await oldestSeq(desk.records.db) }
    expect(bounds.oldest).toBe(gone + 1)
    expect(startOf({ since: opened, epoch: 'e' }, bounds)).toEqual({ reset: 'too_old' })
    expect(startOf({ since: gone - 1, epoch: 'e' }, bounds)).toEqual({ reset: 'too_old' })
    expect(startOf({ since: gone, epoch: 'e' }, bounds)).toEqual({ from: gone })
    const rows = await feedAfter(desk.records.db, { seq: gone, limit: 10 })
    expect(rows.map(({ entry }) => entry.seq)).toEqual([newest])
  })

  test('goes on counting when nothing is left', async () => {
    await closed()
    const last = await lastSeq(desk.records.db, 'feed')
    desk.wait(YEARS_5 + DAY)
    await run()
    expect(await oldestSeq(desk.records.db)).toBe(last + 1)
    await desk.take(SOS)
    expect(await lastSeq(desk.records.db, 'feed')).toBe(last + 1)
  })
})

test('the audit log has what went, in numbers, and nothing else', async () => {
  await closed()
  await closed('b-wang')
  desk.wait(YEARS_5 + DAY)
  const asked = await askRun(desk.records, { at: desk.now(), by: 'root' })
  await expect(askRun(desk.records, { at: desk.now(), by: 'song' })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
  await run()
  const { items } = await listAudit(desk.records.db, { scope: WHOLE_HUB, action: 'retention', limit: 10 })
  expect(items).toMatchObject([
    { actorId: 'root', targetType: 'retention', targetId: asked.id, reason: 'incidents:2', areaId: 'root' },
  ])
  expect(await verifyAudit(desk.records.db)).toMatchObject({ ok: true })
  expect(await incompleteBefore(desk.records.db, { classes: ['incidents'], from: 0 })).toBe(
    desk.now() - YEARS_5,
  )
})
