// Retention as administrators meet it: what is kept for how long, what would go, and the runs.

import { describe, expect, test } from 'vitest'
import { retentionCheck } from '../../gateway/retention-check.ts'
import { RETENTION, RETENTION_CLASSES } from '../../model/retention.ts'
import { noteDeletedBefore } from '../../records/retention.ts'
import { beginRun, endRun, noteFailure, noteLetGo, noteSeen } from '../../records/retention-runs.ts'
import { startDesk, type TestDesk } from './desk.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

async function open() {
  const desk = await startDesk()
  return { desk, admin: await desk.person('admin') }
}

/** One row of what is old enough to go: a raw message of a device. */
async function reject({ records }: TestDesk, receivedAt: number): Promise<void> {
  const row = { deviceId: 'd', kind: 'event', reason: 'x', raw: '' }
  await records.db
    .insertInto('rejects')
    .values({ ...row, receiptId: `r${receivedAt}`, receivedAt })
    .execute()
}

describe('policies', () => {
  test('are shown with their bounds, and with who keeps them', async () => {
    const { admin } = await open()
    const { items } = (await admin.call('GET', '/retention')).body
    expect(items.map((item: { class: string }) => item.class)).toEqual(RETENTION_CLASSES)
    expect(items[0]).toMatchObject({ class: 'tracks', days: 31, minDays: 1, maxDays: 366, keptBy: 'nobody' })
    expect(items[2]).toMatchObject({ class: 'incidents', days: RETENTION.incidents.days, keptBy: 'hub' })
  })

  test.each([
    [undefined, 'hub'],
    [true as const, 'history_database'],
  ])('a history that keeps itself (%s) says so', async (keepsItself, keptBy) => {
    const past = { history: {} as never, partitions: 8, ...(keepsItself && { keepsItself }) }
    const admin = await (await startDesk({ past })).person('admin')
    const { items } = (await admin.call('GET', '/retention')).body
    expect(items.map((item: { keptBy: string }) => item.keptBy).slice(0, 3)).toEqual([keptBy, keptBy, 'hub'])
  })

  test('are set, written down, and set back', async () => {
    const { desk, admin } = await open()
    const set = await admin.call('PUT', '/retention', { incidents: 366, tracks: 7 })
    expect(set.status).toBe(200)
    expect(set.body.items[0]).toMatchObject({ days: 7, usualDays: 31, changedBy: admin.id })
    expect(set.body).toEqual((await admin.call('GET', '/retention')).body)
    expect((await admin.call('PUT', '/retention', { tracks: null })).body.items[0].days).toBe(31)
    const rows = await desk.records.db.selectFrom('audit').select(['action', 'actorId']).execute()
    expect(rows).toMatchObject(Array(2).fill({ action: 'PUT /retention', actorId: admin.id }))
  })

  test.each([
    [{ incidents: 3 }, 'body.incidents', /90 to 10980 days, and not for 3/],
    [{ tracks: 300 }, 'body.tracks', /tracks \(300 days\) cannot be kept for longer than vitals/],
    [{ tracks: 7.5 }, 'body.tracks', /int/],
    [{ alarms: 7 }, 'body.alarms', /./],
    [{}, 'body', /names no field/],
  ])('%j is refused with what is wrong', async (body, path, message) => {
    const { admin } = await open()
    const answer = await admin.call('PUT', '/retention', body)
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('BAD_REQUEST')
    expect(answer.body.errors[0].path).toBe(path)
    expect(answer.body.errors[0].message).toMatch(message)
  })

  test('are of the whole hub: an administrator of a part neither sees nor sets them', async () => {
    const { desk, admin } = await open()
    await admin.call('POST', '/areas', { id: 'near', parentId: 'root', name: '近', level: 'district' })
    const local = await desk.person('admin', 'near')
    for (const [method, path, body] of [
      ['GET', '/retention'],
      ['PUT', '/retention', { tracks: 7 }],
      ['GET', '/retention/runs'],
      ['POST', '/retention/runs', {}],
      ['POST', '/retention/runs', { dryRun: true }],
    ] as const) {
      const { status, body: answer } = await local.call(method, path, body)
      expect({ status, code: answer.code }, path).toEqual({ status: 404, code: 'NOT_FOUND' })
    }
    expect((await admin.call('GET', '/retention')).body.items[0].days).toBe(31)
  })
})

describe('a run', () => {
  test('is looked at before it is asked for: a dry run counts, and changes nothing', async () => {
    const { desk, admin } = await open()
    const now = desk.clock.now()
    await reject(desk, now - 31 * DAY)
    await reject(desk, now - 29 * DAY)
    const { body } = await admin.call('POST', '/retention/runs', { dryRun: true })
    const rejects = body.items.find((item: { class: string }) => item.class === 'rejects')
    expect(rejects).toEqual({ class: 'rejects', before: now - 30 * DAY, items: 1, isMore: false })
    expect(body.items[0]).toMatchObject({ class: 'tracks', items: null })
    expect(await desk.records.db.selectFrom('rejects').selectAll().execute()).toHaveLength(2)
    expect((await admin.call('GET', '/retention/runs')).body.items).toEqual([])
  })

  test('is asked for once, and shown with what it let go of', async () => {
    const { desk, admin } = await open()
    const asked = await admin.call('POST', '/retention/runs', {})
    expect(asked.status).toBe(202)
    expect(asked.body).toMatchObject({ because: 'asked', state: 'asked', askedBy: admin.id, counts: [] })
    expect((await admin.call('POST', '/retention/runs', {})).body.code).toBe('CONFLICT')
    const { records, clock } = desk
    const row = await records.db.selectFrom('retentionRuns').selectAll().executeTakeFirstOrThrow()
    const run = await beginRun(records, { asked: row, at: clock.now() })
    const letGo = { class: 'incidents', before: 5, items: 2, rows: 31 } as const
    await records.db.transaction().execute(tx => noteLetGo(tx, run.id, letGo))
    await records.db.transaction().execute(tx => noteLetGo(tx, run.id, letGo))
    await endRun(records, run, clock.now())
    expect((await admin.call('GET', '/retention/runs')).body.items).toMatchObject([
      { id: asked.body.id, state: 'done', counts: [{ class: 'incidents', items: 4, rows: 62 }] },
    ])
    const { items } = (await admin.call('GET', '/audit?action=retention')).body
    expect(items).toMatchObject([{ actorId: admin.id, targetId: run.id, reason: 'incidents:4' }])
    expect((await admin.call('POST', '/retention/runs', {})).status).toBe(202)
  })
})

test('figures that reach back behind what was let go of say so, as JSON, as CSV and on the page', async () => {
  const { desk, admin } = await open()
  const now = desk.clock.now()
  const before = now - 100 * DAY
  const note = (name: 'incidents' | 'calls') =>
    desk.records.db.transaction().execute(tx => noteDeletedBefore(tx, name, before))
  const far = `from=${now - 200 * DAY}&to=${now}`
  const near = `from=${now - 20 * DAY}&to=${now}`
  const gaps = async (query: string) =>
    Promise.all(
      ['answer-times', 'on-site', 'floods', 'alarms', 'calls', 'chattering'].map(
        async figure => (await admin.call('GET', `/stats/${figure}?${query}`)).body.incompleteBefore,
      ),
    )
  expect(await gaps(far)).toEqual(Array(6).fill(null))
  await note('calls')
  expect(await gaps(far)).toEqual([null, null, null, null, before, null])
  await note('incidents')
  expect(await gaps(far)).toEqual(Array(6).fill(before))
  expect(await gaps(near)).toEqual(Array(6).fill(null))
  const csv = await admin.call('GET', `/stats/alarms?${far}&format=csv`)
  expect(csv.headers.get('x-incomplete-before')).toBe(new Date(before).toISOString())
  expect(
    (await admin.call('GET', `/stats/alarms?${near}&format=csv`)).headers.has('x-incomplete-before'),
  ).toBe(false)
  const day = new Date(now - 150 * DAY).toISOString().slice(0, 10)
  expect((await admin.call('GET', `/stats/daily?date=${day}&lang=zh`)).body).toContain('已按保存期限删除')
  expect((await admin.call('GET', '/stats/daily?lang=zh')).body).not.toContain('已按保存期限删除')
})

test('whoever watches the hub is told when nothing is let go of, and is never woken for it', async () => {
  const { desk } = await open()
  const { records, clock } = desk
  const { check } = retentionCheck(desk)
  expect(await check()).toEqual({ ok: true, detail: 'no run was due yet' })
  await noteSeen(records, clock.now())
  const run = await beginRun(records, { asked: undefined, at: clock.now() })
  await noteFailure(records, run.id, 'UNAVAILABLE')
  expect((await check()).detail).toBe('warning: a run does not get on: UNAVAILABLE')
  await endRun(records, run, clock.now())
  clock.advance(26 * HOUR)
  expect((await check()).detail).toBe('the last run was done 26 hours ago')
  clock.advance(30 * HOUR)
  expect(await check()).toEqual({ ok: true, detail: 'warning: no run was done for 56 hours' })
})
