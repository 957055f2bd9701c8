// The erasure of one elder: nothing is left, wherever it is killed, whatever comes late, and of others nothing is lost.

import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { passErasures } from '../../alerts/erasure.ts'
import type { Finding } from '../../model/finding.ts'
import { ERASED } from '../../model/personal.ts'
import { epochMs } from '../../model/units.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import type { Records } from '../../records/db.ts'
import { appendTimeline } from '../../records/entries.ts'
import { erasureOf } from '../../records/erasures.ts'
import { cutLog } from '../../records/personal.erase.ts'
import { DAY_MS, dumpOf, ELDER, filesWith, HOUR_MS, linesWith, NOW, open } from './erasing.ts'
import { ENGINE } from './started.ts'

/** All that is done while something may still come, and what is done then. */
async function eraseWhole(world: Awaited<ReturnType<typeof open>>): Promise<void> {
  await world.request()
  await world.pass()
  expect(await world.state()).toBe('settling')
  world.advance(9 * DAY_MS)
  await world.pass()
  expect(await world.state()).toBe('done')
}

test('an erasure leaves nothing of the elder in any table, and all of the neighbour', async () => {
  const world = await open()
  const { records, elder, neighbour, erased } = world
  const before = await dumpOf(records)
  expect(linesWith(before, elder.mark).length).toBeGreaterThan(20)
  await eraseWhole(world)

  const after = await dumpOf(records)
  for (const text of [elder.mark, ELDER.number]) expect.soft(linesWith(after, text), text).toEqual([])
  expect(linesWith(after, neighbour.id)).toEqual(linesWith(before, neighbour.id))
  expect(linesWith(after, neighbour.mark)).toEqual(linesWith(before, neighbour.mark))
  // Positions of an alarm are gone from its timeline; those of the neighbour's are there.
  expect(linesWith(after, '37.512345')).toHaveLength(linesWith(before, '37.512345').length / 2)

  expect(erased[0]).toMatchObject([{ deviceId: elder.deviceId, from: NOW - 7 * DAY_MS }])
  expect(await verifyAudit(records.db)).toMatchObject({ ok: true })
  expect(after.audit?.some(row => row.includes('erasure_done'))).toBe(true)
})

test.runIf(ENGINE === 'sqlite')(
  'nor in the files of the embedded database, byte for byte, once they are vacuumed',
  async () => {
    const world = await open()
    const { records, elder, neighbour } = world
    // Enough for pages to be split and rows to be moved within them.
    for (let n = 0; n < 300; n++) {
      const { incidentId, mark } = n % 3 === 0 ? neighbour : elder
      const detail = { text: `${mark} ${'很长的话'.repeat(n % 40)}` }
      await records.db
        .transaction()
        .execute(tx => appendTimeline(tx, [{ incidentId, kind: 'noted', at: NOW, detail }]))
      const text = `${mark} ${'交班'.repeat(n % 50)}`
      await records.db
        .updateTable('shifts')
        .set({ text })
        .where('id', '=', `${incidentId.split('_')[0]}_shift`)
        .execute()
    }
    await eraseWhole(world)
    await sql`vacuum`.execute(records.db)
    await cutLog(records)
    expect(await filesWith(records, neighbour.mark)).not.toEqual([])
    expect(await filesWith(records, elder.mark)).toEqual([])
  },
)

test('what figures count is left of an alarm, and its timeline still explains it', async () => {
  const world = await open()
  const { records, elder } = world
  await eraseWhole(world)
  const incident = await records.db
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', elder.incidentId)
    .executeTakeFirstOrThrow()
  expect(incident).toMatchObject({
    subjectName: ERASED,
    state: 'closed',
    disposition: 'helped_at_home',
    raisedAt: NOW - 3.5 * DAY_MS,
    deviceId: elder.deviceId,
  })
  const entries = await records.db
    .selectFrom('timeline')
    .select(['kind', 'findingId', 'detailJson'])
    .where('incidentId', '=', elder.incidentId)
    .orderBy('seq')
    .execute()
  expect(entries.map(({ kind, detailJson }) => [kind, JSON.parse(detailJson)])).toEqual([
    ['finding', { reason: 'first', kind: 'sos', deviceId: elder.deviceId, at: NOW - 3.5 * DAY_MS, count: 1 }],
    ['noted', {}],
    [
      'told',
      {
        deliveryId: 'elder_delivery',
        recipient: { id: 'elder_daughter', type: 'contact' },
        channel: 'smtp',
        round: 1,
        step: 0,
      },
    ],
    ['untold', {}],
    ['ticked', { stepId: 'step_1' }],
    ['handed_over', { service: '120' }],
    ['closed', { mark: 5 }],
  ])
  expect(entries[0]?.findingId).toBe('elder_finding') // read again, it is known
})

test('killed anywhere, it goes on, and comes to the same', async () => {
  const world = await open()
  const { records, elder, deps } = world
  await world.request()
  let kills = 0
  for (let allowed = 3; ; allowed++) {
    // Whatever is asked of the database after so many times never gets an answer.
    let asked = 0
    const dying = new Proxy(records, {
      get(target, name: keyof Records) {
        if (name === 'db' && ++asked > allowed) throw new Error('killed')
        return target[name]
      },
    })
    try {
      await passErasures({ ...deps, records: dying })
      break
    } catch (error) {
      expect(error).toMatchObject({ message: 'killed' })
      expect(await world.state()).toBe('erasing')
      kills++
    }
  }
  expect(kills).toBeGreaterThan(3)
  expect(await world.state()).toBe('settling')
  world.advance(9 * DAY_MS)
  await world.pass()
  expect(await world.state()).toBe('done')
  expect(linesWith(await dumpOf(records), elder.mark)).toEqual([])
})

test('asked again it goes on, and once it is done it stays done', async () => {
  const world = await open()
  const first = await world.request()
  await world.pass()
  expect(await world.request(undefined, 'any name')).toMatchObject({ id: first.id, state: 'settling' })
  world.advance(9 * DAY_MS)
  await world.pass()
  const done = await erasureOf(world.records.db, 'elder')
  expect(done).toMatchObject({ state: 'done', spansJson: '[]', nextAt: null })
  expect(await world.request(undefined, 'any name')).toMatchObject({ state: 'done' })
  await world.pass()
  expect(await erasureOf(world.records.db, 'elder')).toEqual(done)
})

test('it waits for a history that is away, and for an archive that is behind', async () => {
  const world = await open()
  const { archive, erased } = world
  archive.isAway = true
  archive.isBehind = true
  await world.request()
  await world.pass()
  expect(await erasureOf(world.records.db, 'elder')).toMatchObject({
    state: 'erasing',
    problem: 'history_away',
    erasedAt: null,
  })
  archive.isAway = false
  world.advance(2 * 60_000)
  await world.pass()
  expect(await world.state()).toBe('settling')
  expect(erased).toHaveLength(1)
  world.advance(11_000)
  await world.pass() // what was on its way may have been written since
  expect(erased).toHaveLength(2)
  world.advance(9 * DAY_MS)
  await world.pass()
  expect(await world.state()).toBe('settling') // the archive still has messages of that time to write
  archive.isBehind = false
  world.advance(2 * 60_000)
  await world.pass()
  expect(await world.state()).toBe('done')
  expect(erased.at(-1)).toMatchObject([{ to: NOW - HOUR_MS + 7 * DAY_MS }])
})

test('what the switch reports late of a call is erased again', async () => {
  const world = await open()
  const { records, elder } = world
  await world.request()
  await world.pass()
  const fromText = `${elder.mark} 138`
  await records.db.updateTable('calls').set({ fromText }).where('id', '=', 'elder_lost').execute()
  world.advance(7 * HOUR_MS)
  await world.pass()
  expect(linesWith(await dumpOf(records), fromText)).toEqual([])
})

test('rows that nobody can read are erased like all others', async () => {
  const world = await open()
  const { records, elder } = world
  const { incidentId, mark } = elder
  const ofAlarm = { detailJson: `{"${mark}` }
  await records.db
    .updateTable('timeline')
    .set(ofAlarm)
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'noted')
    .execute()
  await records.db
    .updateTable('begunProcedures')
    .set({ stepsJson: mark })
    .where('incidentId', '=', incidentId)
    .execute()
  await eraseWhole(world)
  expect(linesWith(await dumpOf(records), mark)).toEqual([])
})

test('whoever wears the device next keeps what it says of them', async () => {
  const world = await open()
  const { records, elder, neighbour, erased } = world
  await world.request()
  await records.db
    .insertInto('assignments')
    .values({
      id: 'next',
      deviceId: elder.deviceId,
      residentId: neighbour.id,
      fromAt: NOW + DAY_MS,
      toAt: null,
    })
    .execute()
  await world.pass()
  expect(erased.at(-1)).toMatchObject([{ deviceId: elder.deviceId, to: NOW + DAY_MS }])
})

test.each([
  ['another name', {}, 'BAD_REQUEST', '王秀英'],
  ['an alarm that is open', { state: 'accepted' as const }, 'CONFLICT', undefined],
])('refuses %s', async (_what, { state }: { state?: 'accepted' }, code, confirm) => {
  const world = await open()
  const { records, elder } = world
  if (state)
    await records.db.updateTable('incidents').set({ state }).where('id', '=', elder.incidentId).execute()
  await expect(world.request(elder.id, confirm)).rejects.toMatchObject({ code })
  expect(await world.state()).toBeUndefined()
  expect(linesWith(await dumpOf(records), elder.mark).length).toBeGreaterThan(20)
})

test('refuses while a device is worn, or somebody is on the telephone', async () => {
  const world = await open()
  const { records, elder } = world
  await records.db.updateTable('assignments').set({ toAt: null }).where('id', '=', 'elder_worn').execute()
  await expect(world.request()).rejects.toThrow(elder.deviceId)
  await records.db.updateTable('assignments').set({ toAt: NOW }).where('id', '=', 'elder_worn').execute()
  const talking = { endedAt: null, changedAt: NOW - 60_000 }
  await records.db.updateTable('calls').set(talking).where('id', '=', 'elder_call').execute()
  await expect(world.request()).rejects.toThrow('telephone')
  await expect(world.request('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test("an SOS that their device sends late rings, is nobody's of whom anything is known, and is erased when it is over", async () => {
  const world = await open()
  const { records, elder } = world
  await world.request()
  await world.pass()
  const at = epochMs(NOW - DAY_MS)
  const text = `${elder.mark} 救命`
  const late: Finding = {
    id: 'late',
    kind: 'sos',
    severity: 'critical',
    deviceId: elder.deviceId,
    residentId: elder.id,
    at,
    receivedAt: epochMs(NOW),
    lateMs: DAY_MS,
    evidence: { text, position: { lat: 37.6, lon: 122.2 } },
  }
  const [outcome] = await records.db.transaction().execute(tx => applyFindings(tx, [late], NOW))
  expect(outcome).toMatchObject({ reason: 'first' })
  const incident = () =>
    records.db
      .selectFrom('incidents')
      .selectAll()
      .where('subjectId', '=', elder.deviceId)
      .executeTakeFirstOrThrow()
  expect(await incident()).toMatchObject({ state: 'raised', severity: 'critical', subjectType: 'device' })
  world.advance(7 * HOUR_MS)
  await world.pass()
  expect(linesWith(await dumpOf(records), text)).toHaveLength(1) // whoever is on it needs it
  expect(await erasureOf(records.db, elder.id)).toMatchObject({ problem: 'alarm_open' })
  await records.db
    .updateTable('incidents')
    .set({ state: 'closed' })
    .where('id', '=', (await incident()).id)
    .execute()
  world.advance(7 * HOUR_MS)
  await world.pass()
  expect(linesWith(await dumpOf(records), text)).toEqual([])
  expect(linesWith(await dumpOf(records), '37.6')).toEqual([])
})

test('others keep their alarms, without the name; one that is open keeps it until it is over', async () => {
  const world = await open()
  const { records, elder, neighbour } = world
  const alsoWornBy = { id: elder.id, name: `${elder.mark} 王秀英` }
  const evidence = { position: { lat: 1, lon: 2 } }
  await records.db.transaction().execute(tx =>
    appendTimeline(tx, [
      {
        incidentId: neighbour.incidentId,
        kind: 'finding',
        at: NOW,
        eventId: 'theirs',
        detail: { kind: 'sos', evidence, alsoWornBy },
      },
    ]),
  )
  const last = () =>
    records.db
      .selectFrom('timeline')
      .select(['detailJson', 'eventId'])
      .where('incidentId', '=', neighbour.incidentId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
  const { incidentId } = neighbour
  await records.db.updateTable('incidents').set({ state: 'raised' }).where('id', '=', incidentId).execute()
  await world.request()
  await world.pass()
  expect(JSON.parse((await last()).detailJson)).toMatchObject({ alsoWornBy })
  expect(await erasureOf(records.db, elder.id)).toMatchObject({ problem: 'alarm_open' })
  world.advance(9 * DAY_MS)
  await world.pass()
  expect(await world.state()).toBe('settling') // not before it is over
  await records.db.updateTable('incidents').set({ state: 'closed' }).where('id', '=', incidentId).execute()
  world.advance(2 * 60_000)
  await world.pass()
  expect(await world.state()).toBe('done')
  expect(await last()).toMatchObject({ eventId: 'theirs' })
  expect(JSON.parse((await last()).detailJson)).toEqual({
    kind: 'sos',
    evidence,
    alsoWornBy: { id: elder.id, name: ERASED },
  })
})
