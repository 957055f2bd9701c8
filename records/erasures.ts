// Erasures of what is kept of an elder. The row is there before anything is erased, and nothing new can be about them from
// then on: they are archived, wear nothing, and no period is left by which a late message would be theirs.

import { sql } from 'kysely'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import { OPEN_STATES } from '../model/incident.ts'
import type { Erasure, ErasureReason } from '../model/personal.ts'
import { DEVICE_TIME_PAST_MS } from '../model/time.ts'
import { appendAudit } from './audit.ts'
import { OPEN_AT_MOST_MS } from './calls.ts'
import { type Db, type Records, type Tx, takeTurn } from './db.ts'
import { type Span, spansOf } from './personal.ts'
import { notFound, writeRegistry } from './registry.ts'
import { getResident } from './residents.ts'
import type { Row } from './schema.ts'
import { badField, type Scope } from './scope.ts'

export type StoredErasure = Row<'erasures'>

export type ErasureAsked = {
  scope: Scope
  residentId: string
  reason: ErasureReason
  /** The elder's name, as somebody typed it. */
  confirm: string
  by: string
  at: number
}

/** An hour for what the desk, the switch or a clock of another process is late with. */
const GRACE_MS = 3_600_000

/**
 * Begins the erasure of an elder of the scope, or has the one that was begun go on at once.
 * @throws HubError NOT_FOUND; BAD_REQUEST for another name; CONFLICT while an alarm of theirs is open, they wear
 * something, or they are on the telephone.
 */
export function requestErasure(records: Records, asked: ErasureAsked): Promise<Erasure> {
  const { scope, residentId, at } = asked
  return writeRegistry(records, async (tx, changed) => {
    await takeTurn(tx, 'feed') // no alarm is raised between the look and the row
    const resident = await getResident(tx, { scope, id: residentId, archived: true })
    if (!resident) throw notFound('resident', residentId)
    changed('resident', residentId)
    const begun = await erasureOf(tx, residentId)
    if (begun) return toErasure(await hurry(tx, begun, at))
    await requireQuiet(tx, { residentId, at })
    if (asked.confirm.trim().normalize('NFC') !== resident.name.trim().normalize('NFC'))
      throw badField('confirm', 'this is not the name of this elder', 'wrong_name')
    return toErasure(await begin(tx, asked))
  })
}

async function hurry(tx: Tx, begun: StoredErasure, at: number): Promise<StoredErasure> {
  if (begun.state === 'done') return begun
  await tx.updateTable('erasures').set({ nextAt: at }).where('id', '=', begun.id).execute()
  return { ...begun, nextAt: at }
}

async function begin(
  tx: Tx,
  { residentId, reason, by, at }: Pick<ErasureAsked, 'residentId' | 'reason' | 'by' | 'at'>,
): Promise<StoredErasure> {
  const spans = await spansOf(tx, { residentId, now: at })
  const settleFrom = Math.max(at, ...spans.map(({ to }) => to))
  const row: StoredErasure = {
    id: newId('ers'),
    residentId,
    state: 'erasing',
    reason,
    requestedBy: by,
    requestedAt: at,
    spansJson: JSON.stringify(spans),
    scannedSeq: 0,
    nextAt: at,
    settleUntil: settleFrom + DEVICE_TIME_PAST_MS + GRACE_MS,
    erasedAt: null,
    doneAt: null,
    problem: null,
  }
  await tx.insertInto('erasures').values(row).execute()
  await tx.deleteFrom('assignments').where('residentId', '=', residentId).execute()
  await tx
    .updateTable('residents')
    .set(e => ({ archivedAt: e.fn.coalesce('archivedAt', sql<number>`cast(${at} as bigint)`) }))
    .where('id', '=', residentId)
    .execute()
  return row
}

/** Nobody is forgotten while somebody still looks after them. */
async function requireQuiet(tx: Tx, { residentId, at }: { residentId: string; at: number }): Promise<void> {
  const open = await tx
    .selectFrom('incidents')
    .select('id')
    .where('subjectType', '=', 'resident')
    .where('subjectId', '=', residentId)
    .where('state', 'in', OPEN_STATES)
    .orderBy('id')
    .execute()
  if (open.length > 0)
    throw new HubError('CONFLICT', `an alarm of theirs is open, resolve it first: ${listed(open)}`)
  const worn = await tx
    .selectFrom('assignments')
    .select('deviceId as id')
    .where('residentId', '=', residentId)
    .where('toAt', 'is', null)
    .orderBy('deviceId')
    .execute()
  if (worn.length > 0)
    throw new HubError('CONFLICT', `they still wear a device, take it back first: ${listed(worn)}`)
  const calls = await tx
    .selectFrom('calls')
    .select('id')
    .where('residentId', '=', residentId)
    .where('endedAt', 'is', null)
    .where('missedAt', 'is', null)
    .where('changedAt', '>', at - OPEN_AT_MOST_MS)
    .execute()
  if (calls.length > 0) throw new HubError('CONFLICT', `they are on the telephone: ${listed(calls)}`)
}

const LISTED = 10
const listed = (rows: readonly { id: string }[]): string =>
  rows
    .slice(0, LISTED)
    .map(({ id }) => id)
    .join(', ')

export const erasureOf = (db: Db, residentId: string): Promise<StoredErasure | undefined> =>
  db.selectFrom('erasures').selectAll().where('residentId', '=', residentId).executeTakeFirst()

/** Those that are to go on at `now`, the longest due first. */
export const dueErasures = (db: Db, now: number): Promise<StoredErasure[]> =>
  db
    .selectFrom('erasures')
    .selectAll()
    .where('nextAt', 'is not', null)
    .where('nextAt', '<=', now)
    .orderBy('nextAt')
    .orderBy('id')
    .execute()

/** What they wore, as it was noted when it began. */
export const spansIn = ({ spansJson }: StoredErasure): Span[] => JSON.parse(spansJson)

export type ErasureChange = Partial<Omit<StoredErasure, 'id' | 'residentId'>>

/** Notes how far it is; that it is done stands in the audit log as well. */
export async function noteErasure(
  { db }: Pick<Records, 'db'>,
  erasure: StoredErasure,
  { change, at }: { change: ErasureChange; at: number },
): Promise<void> {
  const { id, residentId: targetId } = erasure
  await db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('erasures')
      .set(change)
      .where('id', '=', id)
      .where('state', '!=', 'done')
      .executeTakeFirst()
    if (numUpdatedRows === 0n || change.state !== 'done') return
    await appendAudit(tx, { at, actorId: null, action: 'erasure_done', targetType: 'resident', targetId })
  })
}

export const toErasure = (row: StoredErasure): Erasure => ({
  id: row.id,
  residentId: row.residentId,
  state: row.state,
  reason: row.reason,
  requestedAt: row.requestedAt,
  requestedBy: row.requestedBy,
  erasedAt: row.erasedAt,
  settleUntil: row.settleUntil,
  doneAt: row.doneAt,
  problem: row.problem,
})
