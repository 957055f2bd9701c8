// What is kept of one elder, table by table: nothing of it is forgotten by an export, and nothing is left by an erasure.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type ErasureDeps, passErasures } from '../../alerts/erasure.ts'
import { personalArchive } from '../../gateway/personal-archive.ts'
import { HubError } from '../../model/error.ts'
import { ERASED } from '../../model/personal.ts'
import { epochMs } from '../../model/units.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import type { Db, Records } from '../../records/db.ts'
import { appendTimeline } from '../../records/entries.ts'
import { erasureOf, requestErasure } from '../../records/erasures.ts'
import { cutLog } from '../../records/personal.erase.ts'
import { NOT_PERSONAL } from '../../records/personal.none.ts'
import { PERSONAL_NAMES, tableOf } from '../../records/personal.rows.ts'
import type { PersonalName } from '../../records/personal.table.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { testLog } from '../gateway/desk.ts'
import { type Seeded, seedElder } from './elder.ts'
import { ENGINE, testRecords } from './started.ts'

const NOW = Date.UTC(2026, 9, 12, 8)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ELDER = { id: 'elder', mark: 'Mxq7ELDER', number: '+8613800001111', until: NOW }
const NEIGHBOUR = { id: 'neighbour', mark: 'Mxq7NEIGHBOUR', number: '+8613800002222', until: NOW }

async function open() {
  let now = NOW
  const clock = { now: () => epochMs(now) }
  const records = await testRecords(clock)
  const elder = await seedElder(records, ELDER)
  const neighbour = await seedElder(records, NEIGHBOUR)
  const erased: { deviceId: string; from: number; to: number }[][] = []
  const archive = { isBehind: false, isAway: false }
  const deps: ErasureDeps = {
    records,
    clock,
    log: testLog(),
    engine: {
      partitions: 1,
      readerAt: async () => (archive.isBehind ? undefined : '1'),
      stream: { read: async () => [] },
    },
    history: {
      async erase(spans) {
        if (archive.isAway) throw new HubError('UNAVAILABLE', 'the history is away')
        erased.push([...spans])
      },
    },
  }
  return {
    records,
    elder,
    neighbour,
    erased,
    archive,
    deps,
    advance: (ms: number) => {
      now += ms
    },
    request: (residentId = elder.id, confirm = `${ELDER.mark} 王秀英`) =>
      requestErasure(records, {
        scope: WHOLE_HUB,
        residentId,
        reason: 'elder_asked',
        confirm,
        by: 'admin_1',
        at: now,
      }),
    pass: () => passErasures(deps),
    state: async () => (await erasureOf(records.db, elder.id))?.state,
  }
}

/** Every table with its columns, as the database has them. */
async function columnsOf(db: Db): Promise<Map<string, { name: string; isText: boolean }[]>> {
  const tables = await db.introspection.getTables()
  const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return new Map(
    tables
      .filter(({ name }) => !name.startsWith('kysely'))
      .map(({ name, columns }) => [
        camel(name),
        columns.map(column => ({ name: camel(column.name), isText: /text/i.test(column.dataType) })),
      ]),
  )
}

/** Everything that stands in any table. */
async function dumpOf({ db }: Records): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {}
  for (const table of (await columnsOf(db)).keys()) {
    const { rows } = await sql<object>`select * from ${sql.table(table)}`.execute(db)
    dump[table] = rows.map(row => JSON.stringify(row)).sort()
  }
  return dump
}

const linesWith = (dump: Record<string, string[]>, text: string): string[] =>
  Object.entries(dump).flatMap(([table, rows]) =>
    rows.filter(row => row.includes(text)).map(row => `${table} ${row}`),
  )

/** The embedded database's own files, byte for byte. */
async function filesWith({ db }: Records, text: string): Promise<string[]> {
  const { rows } = await sql<{ file: string }>`select file from pragma_database_list`.execute(db)
  const path = rows[0]?.file ?? ''
  const files = readdirSync(dirname(path)).filter(name => name.startsWith(basename(path)))
  return files.filter(name => readFileSync(join(dirname(path), name)).includes(text))
}

test('every table and every column of the database is classed', async () => {
  const { records } = await open()
  const columns = await columnsOf(records.db)
  expect([...columns.keys()].sort()).toEqual([...PERSONAL_NAMES, ...Object.keys(NOT_PERSONAL)].sort())
  for (const name of PERSONAL_NAMES) {
    const there = columns.get(name)?.map(column => column.name)
    expect(Object.keys(tableOf(name).columns).sort(), name).toEqual(there?.sort())
  }
})

/** What is no text of somebody's own: words of a list, times of day, ids that stay with something else. */
const NO_MARK: readonly string[] = [
  'assignments.deviceId',
  'checkIns.day',
  'contacts.language',
  'contacts.number',
  'devices.number',
  'devices.secretHash',
  'residents.gender',
  'residents.wakingFrom',
  'residents.wakingTo',
  'residents.checkInBy',
  'residents.number',
  'audit.detailHash',
  'audit.prevHash',
  'audit.hash',
]

async function personalTexts({ db }: Records): Promise<[name: PersonalName, column: string][]> {
  const columns = await columnsOf(db)
  return PERSONAL_NAMES.flatMap(name =>
    (columns.get(name) ?? [])
      .filter(({ isText }) => isText)
      .filter(({ name: column }) => ['personal', 'secret'].includes(tableOf(name).columns[column] ?? ''))
      .filter(({ name: column }) => !NO_MARK.includes(`${name}.${column}`))
      .map(({ name: column }): [PersonalName, string] => [name, column]),
  )
}

test('the elder of these tests has a mark in every personal text there is', async () => {
  const { records, elder } = await open()
  for (const [name, column] of await personalTexts(records)) {
    const { rows } = await sql<{ value: string | null }>`select ${sql.ref(column)} as value
      from ${sql.table(name)}`.execute(records.db)
    expect
      .soft(
        rows.some(({ value }) => value?.includes(elder.mark)),
        `${name}.${column}`,
      )
      .toBe(true)
  }
})

async function archiveOf({ db }: Records, { id }: Seeded, now: number) {
  const lines: string[] = []
  for await (const some of personalArchive({ db, history: undefined }, { residentId: id, now }))
    lines.push(...some.split('\n').filter(line => line !== ''))
  return lines.map(line => JSON.parse(line))
}

test('an archive holds every personal text of the elder, no secret, and nothing of the neighbour', async () => {
  const { records, elder, neighbour } = await open()
  const lines = await archiveOf(records, elder, NOW)
  expect(lines[0]).toMatchObject({ kind: 'archive', version: 1, residentId: elder.id })
  expect(lines.at(-2)).toEqual({ kind: 'left_out', what: 'history', reason: 'NO_HISTORY' })
  expect(lines.at(-1)).toEqual({ kind: 'end', lines: lines.length })
  expect(JSON.stringify(lines)).not.toContain(neighbour.mark)
  const told = new Set<string>()
  for (const { table, row } of lines.filter(({ kind }) => kind === 'row'))
    for (const [column, value] of Object.entries(row))
      if (JSON.stringify(value).includes(elder.mark)) told.add(`${table}.${column}`)
  const wanted = (await personalTexts(records))
    .filter(([name, column]) => tableOf(name).columns[column] === 'personal')
    .map(([name, column]) => `${name}.${column.replace(/Json$/, '')}`)
  expect([...told].sort()).toEqual(wanted.sort())
})

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
  for (const text of [elder.mark, ELDER.number, '37.512345,"lon":122.123456,"elder']) // position below
    expect.soft(linesWith(after, text), text).toEqual([])
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
