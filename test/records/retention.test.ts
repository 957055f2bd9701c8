// What is kept for how long: every table there is has its line, and what has an age goes by it.

import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RETENTION, RETENTION_CLASSES, type RetentionClass } from '../../model/retention.ts'
import type { Records } from '../../records/db.ts'
import {
  changePolicies,
  incompleteBefore,
  noteDeletedBefore,
  readDays,
  readPolicies,
} from '../../records/retention.ts'
import { countAged, deleteAged, ROWS_AT_ONCE } from '../../records/retention-aged.ts'
import { AGED_TABLES, INCIDENT_TABLES, TABLES, type TableName } from '../../records/retention-tables.ts'
import type { NewRow } from '../../records/schema.ts'
import { DAY, NOON } from '../alerts/desk.ts'
import { newRecords, testRecords } from './started.ts'

const clock = { now: () => NOON as never }
const noNote = async (): Promise<void> => undefined

/** The tables of the database as its migrations made them, named as the hub names them. */
async function tablesThere({ db }: Records): Promise<string[]> {
  const found = await db.introspection.getTables()
  const names = found.filter(({ isView }) => !isView).map(({ name }) => name)
  return names
    .map(name => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
    .filter(name => !/^(kysely|sqlite)/.test(name))
}

describe('every table', () => {
  let records: Records
  beforeAll(async () => {
    records = await newRecords(clock)
    return records.close
  })

  test('is in the table of retention, and no other is', async () => {
    expect((await tablesThere(records)).sort()).toEqual(Object.keys(TABLES).sort())
  })

  test('is kept for a reason, or has a class that exists, or goes with an alarm', async () => {
    const classes = new Set<string>(RETENTION_CLASSES)
    for (const [name, retention] of Object.entries(TABLES)) {
      const isKept = 'kept' in retention && retention.kept.length > 5
      const isAged = 'class' in retention && classes.has(retention.class)
      expect(isKept || isAged || 'with' in retention || 'by' in retention, name).toBe(true)
    }
  })

  test('that names an alarm goes with one, or says why not', async () => {
    const tables = await records.db.introspection.getTables()
    const naming = tables
      .filter(({ columns }) => columns.some(({ name }) => name === 'incident_id'))
      .map(({ name }) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
    const going = INCIDENT_TABLES.map(([name]) => name as string)
    // A silence that belongs to an outage keeps its alarm.
    expect(naming.filter(name => !going.includes(name))).toEqual(['silences'])
  })

  test.each(AGED_TABLES.map(([name, aged]) => [name, aged] as const))(
    '%s is deleted by its key',
    async (name, { key }) => {
      const table = (await records.db.introspection.getTables()).find(
        found => found.name.replaceAll('_', '') === name.toLowerCase(),
      )
      const columns = table?.columns.map(column => column.name.replaceAll('_', ''))
      for (const column of key) expect(columns).toContain(column.toLowerCase())
    },
  )
})

const AT = NOON - 100 * DAY
const OLD = NOON - 200 * DAY
const YOUNG = NOON - 99 * DAY

type Make = (id: string, at: number, given?: object) => object

const MAKE: Partial<Record<TableName, Make>> = {
  rejects: (receiptId, receivedAt) => ({
    receiptId,
    deviceId: 'd',
    receivedAt,
    kind: 'event',
    reason: 'x',
    raw: '',
  }),
  sessions: (tokenHash, expiresAt) => ({ tokenHash, userId: 'u', createdAt: 0, expiresAt }),
  signInFailures: (key, lastAt) => ({ key, account: null, failures: 1, lastAt, blockedUntil: 0 }),
  signInPlaces: (place, at) => ({ userId: 'u', place, at }),
  historyHoles: (id, toAt) => ({ id, partition: 0, lane: 'routine', fromAt: 0, toAt, records: 1 }),
  jobs: (id, setAt, given) => ({
    queue: 'q',
    id,
    dataJson: '{}',
    state: 'dead',
    dueAt: setAt,
    setAt,
    run: null,
    attempts: 1,
    failures: 1,
    reason: null,
    ...given,
  }),
  shifts: (id, createdAt, given) => ({
    id,
    areaId: 'root',
    fromUserId: 'u',
    toUserId: null,
    text: '平安',
    incidentsJson: '[]',
    createdAt,
    acceptedAt: null,
    acceptedBy: null,
    replacedAt: null,
    ...given,
  }),
  calls: (id, changedAt, given) => ({
    id,
    accountId: 's',
    callId: id,
    direction: 'in',
    areaId: 'root',
    startedAt: changedAt,
    changedAt,
    ...given,
  }),
  commands: (id, expiresAt, given) => ({
    id,
    seq: ++commands,
    deviceId: 'd',
    name: 'locate',
    argsJson: '{}',
    state: 'expired',
    createdAt: expiresAt,
    expiresAt,
    attempts: 1,
    ...given,
  }),
}
let commands = 0

async function put(records: Records, table: TableName, rows: readonly object[]): Promise<void> {
  await records.db
    .insertInto(table)
    .values(rows as NewRow<typeof table>[])
    .execute()
}

async function left(records: Records, table: TableName): Promise<string[]> {
  const [, aged] = AGED_TABLES.find(([name]) => name === table) ?? []
  const key = sql.ref(aged?.key.at(-1) ?? '')
  const { rows } = await sql<{ id: string }>`select ${key} as id from ${sql.table(table)} order by 1`.execute(
    records.db,
  )
  return rows.map(({ id }) => id)
}

/** Deletes of a table what is older than `AT`; returns how many rows each slice found. */
async function letGo(records: Records, table: TableName): Promise<number[]> {
  const [, aged] = AGED_TABLES.find(([name]) => name === table) ?? []
  if (!aged) throw new Error(`${table} does not go by age`)
  const found: number[] = []
  do found.push(await deleteAged(records, { table, aged, before: AT, note: noNote }))
  while (found.at(-1) === ROWS_AT_ONCE)
  return found
}

describe('what has an age', () => {
  test.each(AGED_TABLES.map(([table]) => table))('%s goes by it, in slices', async table => {
    const records = await testRecords(clock)
    const make = MAKE[table]
    if (!make) throw new Error(`${table}: say in MAKE of this test how a row of it is made`)
    const many = Array.from({ length: ROWS_AT_ONCE + 7 }, (_, i) => make(`old-${i}`, OLD + i))
    await put(records, table, [...many, make('edge', AT), make('young', YOUNG)])
    const [, aged] = AGED_TABLES.find(([name]) => name === table) ?? []
    if (aged)
      expect(await countAged(records.read, { table, aged, before: AT, most: 1_000 })).toBe(many.length)
    expect(await letGo(records, table)).toEqual([ROWS_AT_ONCE, 7])
    expect(await left(records, table)).toEqual(['edge', 'young'])
    expect(await letGo(records, table)).toEqual([0])
  })

  test('what is under way, or of an alarm, or named by one that is open, stays', async () => {
    const records = await testRecords(clock)
    const make = (table: TableName, id: string, given: object) =>
      put(records, table, [MAKE[table]?.(id, OLD, given) ?? {}])
    await make('jobs', 'waits', { state: 'waiting' })
    await make('jobs', 'dead', {})
    await make('calls', 'joined', { incidentId: 'inc-1' })
    await make('calls', 'alone', {})
    await make('commands', 'queued', { state: 'queued' })
    await make('commands', 'asked', { incidentId: 'inc-1' })
    await make('commands', 'over', { incidentId: 'inc-1', deviceId: 'e', overAt: OLD })
    await make('commands', 'undone', { incidentId: 'inc-1', undoOf: 'over' })
    await make('shifts', 'named', { incidentsJson: '["inc-0","inc-1"]' })
    await make('shifts', 'past', { incidentsJson: '["inc-0"]' })
    await put(records, 'incidents', [incident('inc-1', 'raised'), incident('inc-0', 'closed')])
    for (const table of ['jobs', 'calls', 'commands', 'shifts'] as const) await letGo(records, table)
    expect(await left(records, 'jobs')).toEqual(['waits'])
    expect(await left(records, 'calls')).toEqual(['joined'])
    expect(await left(records, 'commands')).toEqual(['asked', 'queued'])
    expect(await left(records, 'shifts')).toEqual(['named'])
  })

  test('what has moved on since it was found stays', async () => {
    const records = await testRecords(clock)
    await put(records, 'sessions', [MAKE.sessions?.('used', OLD) ?? {}, MAKE.sessions?.('old', OLD) ?? {}])
    const [, aged] = AGED_TABLES.find(([name]) => name === 'sessions') ?? []
    if (!aged) throw new Error('sessions have an age')
    const begin = records.db.transaction.bind(records.db)
    const late = {
      transaction: () => ({
        async execute(work: Parameters<ReturnType<typeof begin>['execute']>[0]) {
          await records.db
            .updateTable('sessions')
            .set({ expiresAt: YOUNG })
            .where('tokenHash', '=', 'used')
            .execute()
          return begin().execute(work)
        },
      }),
    } as unknown as Records['db']
    const given = { table: 'sessions', aged, before: AT, note: noNote } as const
    expect(await deleteAged({ db: late, read: records.read }, given)).toBe(2)
    expect(await left(records, 'sessions')).toEqual(['used'])
  })
})

const incident = (id: string, state: string) => ({
  id,
  class: 'emergency',
  state,
  severity: 'critical',
  kind: 'sos',
  subjectType: 'device',
  subjectId: id,
  subjectName: id,
  areaId: 'root',
  deviceId: id,
  raisedAt: OLD,
  alertedAt: OLD,
  lateMs: 0,
  escalation: 0,
  conditionsJson: '[]',
  findings: 1,
  seq: 1,
})

describe('policies', () => {
  let records: Records
  beforeEach(async () => {
    records = await testRecords(clock)
  })
  const set = (change: Parameters<typeof changePolicies>[1]['change']) =>
    changePolicies(records, { change, at: NOON, by: 'root' })

  test('are as usual until somebody sets them, and can be as usual again', async () => {
    const usual = Object.fromEntries(RETENTION_CLASSES.map(name => [name, RETENTION[name].days]))
    expect(await readDays(records.read)).toEqual(usual)
    await set({ tracks: 7, incidents: 366 })
    expect(await readDays(records.read)).toEqual({ ...usual, tracks: 7, incidents: 366 })
    const [tracks] = await set({ tracks: null })
    expect(tracks).toMatchObject({
      class: 'tracks',
      days: RETENTION.tracks.days,
      changedBy: 'root',
      changedAt: NOON,
    })
    expect(await readDays(records.read)).toEqual({ ...usual, incidents: 366 })
  })

  test.each<[why: string, change: Partial<Record<RetentionClass, number>>, message: RegExp]>([
    ['an alarm that is read anew has to find its own', { incidents: 89 }, /90 to \d+ days, and not for 89/],
    ['nothing is kept for no time', { tracks: 0 }, /1 to 366 days, and not for 0/],
    ['sign-ins forget by themselves', { sign_ins: 31 }, /1 to 30 days/],
    ['positions stand in the rows of readings', { tracks: 93 }, /tracks \(93 days\) .* vitals \(92 days\)/],
    ['the same from the other side', { vitals: 30 }, /tracks \(31 days\) .* vitals \(30 days\)/],
  ])('%s: refused, and nothing of it is kept', async (_why, change, message) => {
    await expect(set({ calls: 60, ...change })).rejects.toThrow(message)
    expect((await readDays(records.read)).calls).toBe(RETENTION.calls.days)
  })

  test('both of what belongs together may change at once', async () => {
    await set({ tracks: 120, vitals: 200 })
    expect(await readDays(records.read)).toMatchObject({ tracks: 120, vitals: 200 })
  })

  test('what was let go of is missing, however long things are kept afterwards', async () => {
    const ask = (from: number) =>
      incompleteBefore(records.read, { classes: ['incidents', 'technical'], from })
    expect(await ask(0)).toBe(null)
    const note = (name: RetentionClass, before: number) =>
      records.db.transaction().execute(tx => noteDeletedBefore(tx, name, before))
    await note('technical', AT)
    await note('incidents', OLD)
    await note('technical', OLD) // an older run that was cut off says nothing new
    await set({ technical: 3_660 })
    expect(await ask(OLD)).toBe(AT)
    expect(await ask(AT - 1)).toBe(AT)
    expect(await ask(AT)).toBe(null)
    expect((await readPolicies(records.read)).find(({ class: name }) => name === 'technical')).toMatchObject({
      days: 3_660,
      deletedBefore: AT,
    })
  })
})
