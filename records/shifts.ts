// Hand-overs between shifts: what was written, for whom, and which alarms go along.

import { sql } from 'kysely'
import type { Shift, ShiftState } from '../model/shift.ts'
import type { Db, Tx } from './db.ts'
import { alarmsById } from './incidents.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import type { Row } from './schema.ts'
import { inScope, type Scope } from './scope.ts'

export type StoredShift = Omit<Row<'shifts'>, 'incidentsJson'> & { incidentIds: string[] }

/** Whoever asks: their areas, and what is meant for them or was written by them wherever they are. */
export type ShiftReader = { scope: Scope; userId: string }
export type ShiftFilter = ShiftReader & { state?: ShiftState | undefined }

/** Hand-overs, the newest first. */
export async function listShifts(
  db: Db,
  { scope, userId, state, cursor, limit }: ShiftFilter & PageRequest,
): Promise<Page<Shift>> {
  const pages = pagesOf({ name: 'shifts', order: ['age', 'id'], numbers: ['age'], filter: { state } })
  let found = shiftsFor(db, { scope, userId }).select(sql<number>`-${sql.ref('shifts.createdAt')}`.as('age'))
  if (state === 'accepted') found = found.where('shifts.acceptedAt', 'is not', null)
  if (state === 'replaced') found = found.where('shifts.replacedAt', 'is not', null)
  if (state === 'open') found = found.where(isOpen())
  const rows = await db
    .selectFrom(found.as('found'))
    .selectAll()
    .where(pages.after(cursor))
    .orderBy('age')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  const page = pages.cut(rows, { limit, keyOf: row => [row.age, row.id], toItem: row => row })
  return { next: page.next, items: await withAlarms(db, page.items, scope) }
}

/** A hand-over, when this account may read it. */
export async function getShift(db: Db, { id, ...reader }: ShiftReader & { id: string }) {
  const row = await shiftsFor(db, reader).where('shifts.id', '=', id).executeTakeFirst()
  return row && (await withAlarms(db, [row], reader.scope))[0]
}

export async function storedShift(
  db: Db,
  { id, ...reader }: ShiftReader & { id: string },
): Promise<StoredShift | undefined> {
  const row = await shiftsFor(db, reader).where('shifts.id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const { incidentsJson, fromName: _, toName: __, acceptedByName: ___, ...shift } = row
  return { ...shift, incidentIds: JSON.parse(incidentsJson) as string[] }
}

export async function addShift(tx: Tx, { incidentIds, ...shift }: StoredShift): Promise<void> {
  await tx
    .updateTable('shifts')
    .set({ replacedAt: shift.createdAt })
    .where('fromUserId', '=', shift.fromUserId)
    .where(isOpen())
    .execute()
  await tx
    .insertInto('shifts')
    .values({ ...shift, incidentsJson: JSON.stringify(incidentIds) })
    .execute()
}

export async function acceptShift(
  tx: Tx,
  { id, by, at }: { id: string; by: string; at: number },
): Promise<void> {
  await tx.updateTable('shifts').set({ acceptedAt: at, acceptedBy: by }).where('id', '=', id).execute()
}

/** Ids of the open alarms that somebody owns, the longest waiting first. */
export async function ownedBy(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('incidents')
    .select('id')
    .where('ownerId', '=', userId)
    .where('leaseUntil', 'is not', null)
    .orderBy('alertedAt')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

const isOpen = () =>
  sql<boolean>`${sql.ref('shifts.acceptedAt')} is null and ${sql.ref('shifts.replacedAt')} is null`

const shiftsFor = (db: Db, { scope, userId }: ShiftReader) =>
  db
    .selectFrom('shifts')
    .leftJoin('users as leaver', 'leaver.id', 'shifts.fromUserId')
    .leftJoin('users as wanted', 'wanted.id', 'shifts.toUserId')
    .leftJoin('users as taker', 'taker.id', 'shifts.acceptedBy')
    .selectAll('shifts')
    .select(['leaver.name as fromName', 'wanted.name as toName', 'taker.name as acceptedByName'])
    .where(e =>
      e.or([
        inScope(scope, 'shifts.areaId'),
        e('shifts.toUserId', '=', userId),
        e('shifts.fromUserId', '=', userId),
      ]),
    )

type Named = Row<'shifts'> & {
  fromName: string | null
  toName: string | null
  acceptedByName: string | null
}

async function withAlarms(db: Db, rows: readonly Named[], scope: Scope): Promise<Shift[]> {
  const ids = [...new Set(rows.flatMap(({ incidentsJson }) => JSON.parse(incidentsJson) as string[]))]
  const alarms = await alarmsById(db, idsInScope(db, ids, scope))
  return rows.map(({ incidentsJson, ...row }) => ({
    id: row.id,
    state: row.acceptedAt !== null ? 'accepted' : row.replacedAt !== null ? 'replaced' : 'open',
    from: { id: row.fromUserId, name: row.fromName ?? row.fromUserId },
    to: row.toUserId === null ? null : { id: row.toUserId, name: row.toName ?? row.toUserId },
    text: row.text,
    createdAt: row.createdAt,
    acceptedAt: row.acceptedAt,
    acceptedBy:
      row.acceptedBy === null ? null : { id: row.acceptedBy, name: row.acceptedByName ?? row.acceptedBy },
    alarms: (JSON.parse(incidentsJson) as string[]).flatMap(id => alarms.get(id) ?? []),
  }))
}

/** The note may list an alarm that its reader may not see. */
const idsInScope = (db: Db, ids: readonly string[], scope: Scope) =>
  db
    .selectFrom('incidents')
    .select('id')
    .where('id', 'in', ids.length === 0 ? [''] : ids)
    .where(inScope(scope, 'areaId'))
    .$asScalar()
