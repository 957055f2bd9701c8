// The log of who did what: one chain whoever writes, which the database itself keeps from being changed, and in which
// nothing can be changed behind its back without being named.

import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ROOT_AREA_ID } from '../../model/area.ts'
import type { AuditFault } from '../../model/audit.ts'
import { createArea } from '../../records/areas.ts'
import { appendAudit, hashOfRow, listAudit, type NewAudit } from '../../records/audit.ts'
import { auditHead, verifyAudit, verifyPart } from '../../records/audit-chain.ts'
import { type Records, takeSeq } from '../../records/db.ts'
import { doing } from '../../records/deeds.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { testClock } from '../gateway/desk.ts'
import { ENGINE, newPlace, testRecords } from './started.ts'

const deed = (n: number): NewAudit => ({
  at: 1_000 + n,
  actorId: 'user_1',
  action: 'POST /zones',
  targetType: 'zone',
})

const append = ({ db }: Records, entry: NewAudit) => db.transaction().execute(tx => appendAudit(tx, entry))

async function withRows(count: number): Promise<Records> {
  const records = await testRecords(testClock())
  for (let n = 1; n <= count; n++) await append(records, deed(n))
  return records
}

test('each row follows from the one before it', async () => {
  const records = await withRows(5)
  const head = await auditHead(records.read)
  expect(await verifyAudit(records.read)).toEqual({ ok: true, rows: 5, head })
  const { items } = await listAudit(records.read, { scope: WHOLE_HUB, limit: 10 })
  expect(items.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1])
  expect(items[0]?.hash).toBe(head?.hash)
})

test('rows that nobody has counted stop no deed, and the break stays to be seen', async () => {
  const records = await withRows(3)
  const [third] = (await listAudit(records.read, { scope: WHOLE_HUB, limit: 1 })).items
  const forged = { ...deed(4), seq: 4, targetId: null, areaId: ROOT_AREA_ID, reason: null, detailHash: null }
  const row = { ...forged, targetType: 'zone', prevHash: third?.hash ?? '' }
  for (const seq of [4, 5])
    await records.db
      .insertInto('audit')
      .values({ ...row, seq, hash: hashOfRow({ ...row, seq }) })
      .execute()
  await append(records, deed(6))
  await append(records, deed(7))
  const { items } = await listAudit(records.read, { scope: WHOLE_HUB, limit: 10 })
  expect(items.map(({ seq }) => seq)).toEqual([8, 7, 5, 4, 3, 2, 1])
  expect(await verifyAudit(records.read)).toMatchObject({ ok: false })
})

test('it is looked at in parts, each from where the one before has come to, until the end', async () => {
  const { read, db } = await testRecords(testClock())
  await db.transaction().execute(async tx => {
    for (let n = 1; n <= 1_200; n++) await appendAudit(tx, deed(n))
  })
  const first = await verifyPart(read, { rowsMax: 1_000 })
  expect(first).toMatchObject({ ok: true, rows: 1_000, from: 1_001, to: 2_000, isEnd: false })
  if (!first.ok || first.head === null) throw new Error('there is a place to go on from')
  const after = first.head
  const head = await auditHead(read)
  const rest = { ok: true, rows: 200, from: 2_001, to: 2_200, head, isEnd: true }
  expect(await verifyPart(read, { after, rowsMax: 1_000 })).toEqual(rest)
  const nothingNew = { ok: true, rows: 0, from: null, to: null, head, isEnd: true }
  expect(await verifyPart(read, { after: head ?? after })).toEqual(nothingNew)
  const other = { ...after, hash: 'f'.repeat(64) }
  expect(await verifyPart(read, { after: other })).toEqual({ ok: false, seq: 1_001, fault: 'unlinked' })
  await db.updateTable('counters').set({ value: 1_300 }).where('name', '=', 'audit').execute()
  expect(await verifyPart(read, { after })).toEqual({ ok: false, seq: 1_201, fault: 'truncated' })
})

test('an empty log is whole', async () => {
  expect(await verifyAudit((await withRows(0)).read)).toEqual({ ok: true, rows: 0, head: null })
})

test('of many writers in several processes none forks the chain, and one that gives up leaves no gap', async () => {
  const place = await newPlace(testClock())
  onTestFinished(place.remove)
  const processes = [await place.open(), await place.open(), await place.open()]
  const writes = Array.from({ length: 60 }, (_, n) => {
    const { db } = processes[n % 3] as Records
    return db.transaction().execute(async tx => {
      if (n % 4 === 0) await takeSeq(tx, 'feed', 1) // as a deed at the desk
      await appendAudit(tx, deed(n))
      if (n % 10 === 9) throw new Error('changed my mind')
    })
  })
  const outcomes = await Promise.allSettled(writes)
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(6)
  expect(await verifyAudit((processes[0] as Records).read)).toMatchObject({ ok: true, rows: 54 })
})

describe('what the database refuses', () => {
  test.each<[what: string, statement: ReturnType<typeof sql>]>([
    ['a change', sql`update audit set actor_id = 'somebody'`],
    ['a deletion', sql`delete from audit where seq = 2`],
    ['a second row in the place of one', sql`insert into audit select * from audit where seq = 1`],
    ENGINE === 'sqlite'
      ? ['a replacement', sql`insert or replace into audit select * from audit where seq = 1`]
      : ['to empty it', sql`truncate audit`],
  ])('%s', async (_what, statement) => {
    const records = await withRows(3)
    await expect(statement.execute(records.db)).rejects.toThrow(/only grows|unique|duplicate/i)
    expect(await verifyAudit(records.read)).toMatchObject({ ok: true, rows: 3 })
  })

  test.each<[what: string, entry: Partial<NewAudit>]>([
    ['a sentence as a reason', { reason: 'because Mrs Li asked' }],
    ['a name in Chinese', { reason: '张秀英' }],
    ['a text as an id', { targetId: 'No. 5, Zhudao Street' }],
  ])('%s: it holds no personal data', async (_what, entry) => {
    const records = await withRows(1)
    await expect(append(records, { ...deed(2), ...entry })).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await verifyAudit(records.read)).toMatchObject({ rows: 1 })
  })
})

/** What somebody does who has the database: first the guards are taken away. */
async function behindTheHubsBack({ db }: Records, ...statements: ReturnType<typeof sql>[]): Promise<void> {
  if (ENGINE === 'postgres') await sql`alter table audit disable trigger user`.execute(db)
  else
    for (const name of ['update', 'delete', 'replace'])
      await sql.raw(`drop trigger audit_no_${name}`).execute(db)
  for (const statement of statements) await statement.execute(db)
}

describe('what is done behind the back of the hub is named', () => {
  test.each<[what: string, statements: ReturnType<typeof sql>[], seq: number, fault: AuditFault]>([
    ['another actor', [sql`update audit set actor_id = 'other' where seq = 3`], 3, 'changed'],
    ['another time', [sql`update audit set at = at + 1 where seq = 1`], 1, 'changed'],
    ['another hash', [sql`update audit set hash = 'abc' where seq = 4`], 4, 'changed'],
    ['a row is gone', [sql`delete from audit where seq = 3`], 3, 'missing'],
    ['the first is gone', [sql`delete from audit where seq = 1`], 1, 'missing'],
    ['the last are gone', [sql`delete from audit where seq > 3`], 4, 'truncated'],
    ['all are gone', [sql`delete from audit`], 1, 'truncated'],
    [
      'a row before the first',
      [
        sql`insert into audit (seq, at, action, area_id, prev_hash, hash) values (0, 1, 'x', 'root', '', 'x')`,
      ],
      0,
      'inserted',
    ],
    [
      'a row after the last',
      [
        sql`insert into audit (seq, at, action, area_id, prev_hash, hash)
        select 6, 1, 'x', 'root', hash, 'x' from audit where seq = 5`,
      ],
      6,
      'changed',
    ],
    [
      'a row in the middle, the others moved up',
      [
        sql`update audit set seq = seq + 100 where seq > 2`,
        sql`update audit set seq = seq - 99 where seq > 2`,
        sql`insert into audit select 3, at, actor_id, action, target_type, target_id, area_id, reason, detail_hash,
          prev_hash, hash from audit where seq = 2`,
      ],
      3,
      'changed',
    ],
  ])('%s', async (_what, statements, seq, fault) => {
    const records = await withRows(5)
    await behindTheHubsBack(records, ...statements)
    expect(await verifyAudit(records.read)).toEqual({ ok: false, seq, fault })
  })

  test('a row that is calculated anew breaks the link to the next', async () => {
    const records = await withRows(5)
    const row = await records.db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '=', 3)
      .executeTakeFirstOrThrow()
    const forged = { ...row, seq: Number(row.seq), at: Number(row.at), actorId: 'other' }
    await behindTheHubsBack(
      records,
      sql`update audit set actor_id = 'other', hash = ${hashOfRow(forged)} where seq = 3`,
    )
    expect(await verifyAudit(records.read)).toEqual({ ok: false, seq: 4, fault: 'unlinked' })
  })

  test('an end that is cut off with its counter shows by a checkpoint alone', async () => {
    const records = await withRows(5)
    const kept = await auditHead(records.read)
    const checkpoints = kept ? [kept] : []
    await behindTheHubsBack(
      records,
      sql`delete from audit where seq > 3`,
      sql`update counters set value = 3 where name = 'audit'`,
    )
    expect(await verifyAudit(records.read)).toMatchObject({ ok: true, rows: 3 })
    expect(await verifyAudit(records.read, { checkpoints })).toEqual({
      ok: false,
      seq: 4,
      fault: 'truncated',
    })
    for (let n = 10; n < 13; n++) await append(records, deed(n))
    expect(await verifyAudit(records.read)).toMatchObject({ ok: true, rows: 6 })
    expect(await verifyAudit(records.read, { checkpoints })).toEqual({
      ok: false,
      seq: 5,
      fault: 'not_the_checkpoint',
    })
  })

  test('the hub goes on all the same: people act on alarms, and the break stays visible', async () => {
    const records = await withRows(3)
    await behindTheHubsBack(records, sql`delete from audit where seq = 3`)
    await append(records, deed(4))
    expect(await verifyAudit(records.read)).toEqual({ ok: false, seq: 3, fault: 'missing' })
  })
})

describe('a deed and its line are one transaction', () => {
  const area = { name: '威海', level: 'city', parentId: ROOT_AREA_ID } as const
  const written = (records: Records) => listAudit(records.read, { scope: WHOLE_HUB, limit: 10 })

  test('both are there, or neither', async () => {
    const records = await withRows(0)
    const one = {
      isWritten: false,
      append: (tx: Parameters<typeof appendAudit>[0]) => appendAudit(tx, { ...deed(1), targetId: 'wh' }),
    }
    await doing(one, () => createArea(records, { scope: WHOLE_HUB, area: { ...area, id: 'wh' } }))
    expect(one.isWritten).toBe(true)
    expect((await written(records)).items).toMatchObject([{ targetId: 'wh', seq: 1 }])

    const refusing = { isWritten: false, append: () => Promise.reject(new Error('no room')) }
    await expect(
      doing(refusing, () => createArea(records, { scope: WHOLE_HUB, area: { ...area, id: 'qd' } })),
    ).rejects.toThrow('no room')
    expect(refusing.isWritten).toBe(false)
    const { items } = await written(records)
    expect(items).toHaveLength(1)
    const rows = await records.db.selectFrom('areas').select('id').where('id', '=', 'qd').execute()
    expect(rows).toEqual([])
  })

  test('what is refused leaves none', async () => {
    const records = await withRows(0)
    let appended = 0
    const one = {
      isWritten: false,
      append: async () => {
        appended++
      },
    }
    const taken = { ...area, id: ROOT_AREA_ID }
    await expect(
      doing(one, () => createArea(records, { scope: WHOLE_HUB, area: taken })),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    expect({ appended, isWritten: one.isWritten }).toEqual({ appended: 0, isWritten: false })
  })
})

test('a row belongs to the area of its target, and an auditor sees their own', async () => {
  const records = await withRows(0)
  for (const id of ['wh', 'qd'])
    await createArea(records, {
      scope: WHOLE_HUB,
      area: { id, name: id, level: 'city', parentId: ROOT_AREA_ID },
    })
  await append(records, { ...deed(1), targetType: 'area', targetId: 'wh' })
  await append(records, { ...deed(2), targetType: 'area', targetId: 'qd' })
  await append(records, { ...deed(3), targetType: 'device', targetId: 'unknown', areaId: 'wh' })
  const { items } = await listAudit(records.read, { scope: { path: '/root/wh/' }, limit: 10 })
  expect(items.map(({ targetId, areaId }) => [targetId, areaId])).toEqual([
    ['unknown', 'wh'],
    ['wh', 'wh'],
  ])
})

test('pages go on where they ended, by every filter', async () => {
  const records = await withRows(5)
  const first = await listAudit(records.read, { scope: WHOLE_HUB, limit: 2, from: 1_002, to: 1_005 })
  expect(first.items.map(({ seq }) => seq)).toEqual([4, 3])
  const next = { cursor: first.next ?? '', limit: 2, from: 1_002, to: 1_005 }
  const rest = await listAudit(records.read, { scope: WHOLE_HUB, ...next })
  expect(rest).toMatchObject({ items: [{ seq: 2 }], next: null })
  const nobodys = await listAudit(records.read, { scope: WHOLE_HUB, actorId: 'other', limit: 2 })
  expect(nobodys).toEqual({ items: [], next: null })
})
