// Alarms that ended long ago, with all that hangs on them. An alarm ended when it was closed; one that was resolved and
// never closed, when it was resolved. What is open, and what a device's silence still belongs to, is never touched.

import { sql } from 'kysely'
import type { IncidentClass, IncidentState } from '../model/incident.ts'
import { type Db, type Records, type Tx, writeDesk } from './db.ts'
import { noteFeedGap } from './feed-floor.ts'
import { isOneOf, ROWS_AT_ONCE } from './retention-aged.ts'
import { INCIDENT_TABLES, type TableName } from './retention-tables.ts'

/** Entries that are looked at together, and alarms that are deleted together. */
const LOOKED_AT_ONCE = 100
export const INCIDENTS_AT_ONCE = 20

/** Which alarms: of these classes, ended before `before` (epoch ms), behind `after` in the order in which they ended. */
export type EndedRequest = { classes: readonly IncidentClass[]; before: number; after?: Place | undefined }
/** Those that were closed come first. `tie` tells those of the same time apart. */
export type Place = { by: 'closed'; at: number; tie: number } | { by: 'resolved'; at: number; tie: string }
/** `next` is where to look on, null at the end. One that is full of others, which stay, may have none of them. */
export type EndedPage = { ids: string[]; isFull: boolean; next: Place | null }

/**
 * A page of alarms that may go. The entries that closed them are found by the index of kinds, and then the alarms by
 * their ids: in one statement, a database that does not know its tables yet would go through all pairs of both.
 */
export function endedIncidents(db: Db, request: EndedRequest): Promise<EndedPage> {
  return request.after?.by === 'resolved' ? resolvedPage(db, request) : closedPage(db, request)
}

async function closedPage(db: Db, { classes, before, after }: EndedRequest): Promise<EndedPage> {
  const behind = after?.by === 'closed' ? after : { at: Number.MIN_SAFE_INTEGER, tie: 0 }
  const entries = await db
    .selectFrom('timeline')
    .select(['incidentId', 'at', 'seq'])
    .where('kind', '=', 'closed')
    .where('at', '>=', behind.at)
    .where('at', '<', before)
    .where(e => e.or([e('at', '>', behind.at), e('seq', '>', behind.tie)]))
    .orderBy('at')
    .orderBy('seq')
    .limit(LOOKED_AT_ONCE)
    .execute()
  const ids = await thoseOf(db, {
    ids: entries.map(({ incidentId }) => incidentId),
    state: 'closed',
    classes,
  })
  const last = entries.at(-1)
  const isFull = entries.length === LOOKED_AT_ONCE && last !== undefined
  // The others begin before everything that was ever resolved.
  const next: Place = isFull
    ? { by: 'closed', at: Number(last.at), tie: Number(last.seq) }
    : { by: 'resolved', at: Number.MIN_SAFE_INTEGER, tie: '' }
  return { ids, isFull, next }
}

async function resolvedPage(db: Db, { classes, before, after }: EndedRequest): Promise<EndedPage> {
  const behind = after ?? { at: Number.MIN_SAFE_INTEGER, tie: '' }
  // Not a parameter: the index is of these alone.
  const { rows } = await sql<{ id: string; at: number }>`
    select id, resolved_at as at from incidents where state = 'resolved'
      and resolved_at >= ${sql.lit(behind.at)} and resolved_at < ${sql.lit(before)}
      and (resolved_at > ${sql.lit(behind.at)} or id > ${String(behind.tie)})
    order by resolved_at, id limit ${sql.lit(LOOKED_AT_ONCE)}`.execute(db)
  const ids = await thoseOf(db, { ids: rows.map(({ id }) => id), state: 'resolved', classes })
  const last = rows.at(-1)
  const isFull = rows.length === LOOKED_AT_ONCE && last !== undefined
  return { ids, isFull, next: isFull ? { by: 'resolved', at: Number(last.at), tie: last.id } : null }
}

type Wanted = { ids: readonly string[]; state: IncidentState; classes: readonly IncidentClass[] }

/** A device's silence may still belong to an outage: it stays until that is settled. */
async function thoseOf(db: Db, { ids, state, classes }: Wanted): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('incidents')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '=', state)
    .where('class', 'in', classes)
    .where(e =>
      e.not(
        e.exists(e.selectFrom('silences').select('deviceId').whereRef('incidentId', '=', 'incidents.id')),
      ),
    )
    .execute()
  const may = new Set(rows.map(({ id }) => id))
  return ids.filter(id => may.has(id))
}

/** How many would go, counted up to `most`. */
export async function countEnded(
  db: Db,
  { classes, before, most }: Omit<EndedRequest, 'after'> & { most: number },
): Promise<number> {
  const { rows } = await sql<{ incidents: number }>`
    with gone as materialized (
      select incident_id from timeline where kind = 'closed' and at < ${sql.lit(before)}
      union all
      select id from incidents where state = 'resolved' and resolved_at < ${sql.lit(before)})
    select count(*) as incidents from (
      select i.id from gone cross join incidents i
      where i.id = gone.incident_id and i.state in ('closed', 'resolved') and i.class in (${sql.join(classes)})
        and not exists (select 1 from silences s where s.incident_id = i.id)
      limit ${sql.lit(most)}) found`.execute(db)
  return Number(rows[0]?.incidents ?? 0)
}

export type IncidentSlice = { incidents: number; rows: number; isDone: boolean }
export type NotingIncidents = (tx: Tx, slice: IncidentSlice) => Promise<void>

/**
 * Deletes a slice of these alarms and of what hangs on them, in one transaction: what hangs on them first, the entry by
 * which they are found and they themselves last. Whoever is cut off in between finds them again. `isDone` when none of
 * them is left.
 */
export async function deleteIncidents(
  records: Pick<Records, 'db' | 'read'>,
  ids: readonly string[],
  note: NotingIncidents,
): Promise<IncidentSlice> {
  const found = await hangingOn(records.read, ids)
  return writeDesk(records, async tx => {
    const ended = await stillEnded(tx, ids)
    const slice = await deleteSlice(tx, { ended, found })
    if (slice.rows > 0) await note(tx, slice)
    return slice
  })
}

type Hanging = { table: TableName; key: readonly string[]; rows: readonly Keys[] }
type Keys = Record<string, string | number> & { incidentId: string }

/** Keys of at most a slice of what hangs on them, but for the entries that closed them. */
async function hangingOn(db: Db, ids: readonly string[]): Promise<{ tables: Hanging[]; isAll: boolean }> {
  const tables: Hanging[] = []
  let limit = ROWS_AT_ONCE
  for (const [table, { key }] of INCIDENT_TABLES) {
    const columns = sql.join([...new Set([...key, 'incidentId'])].map(name => sql.ref(name)))
    const { rows } = await sql<Keys>`select ${columns} from ${sql.table(table)}
      where incident_id in (${sql.join(ids)}) ${table === 'timeline' ? sql`and kind <> 'closed'` : sql``}
      limit ${sql.lit(limit)}`.execute(db)
    if (rows.length > 0) tables.push({ table, key, rows })
    limit -= rows.length
    if (limit <= 0) return { tables, isAll: false }
  }
  return { tables, isAll: true }
}

/** One may have been reopened since it was found. */
async function stillEnded(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('incidents')
    .select('id')
    .where('id', 'in', ids)
    .where('state', 'in', ['resolved', 'closed'])
    .execute()
  return rows.map(({ id }) => id)
}

async function deleteSlice(
  tx: Tx,
  { ended, found }: { ended: readonly string[]; found: { tables: Hanging[]; isAll: boolean } },
): Promise<IncidentSlice> {
  if (ended.length === 0) return { incidents: 0, rows: 0, isDone: true }
  let rows = 0
  for (const { table, key, rows: keys } of found.tables) {
    const theirs = keys.filter(({ incidentId }) => ended.includes(incidentId))
    if (theirs.length > 0) rows += await deleteHanging(tx, { table, key, rows: theirs })
  }
  // Nothing went: all that was found is of one that is open again. The others wait for the next run.
  if (!found.isAll) return { incidents: 0, rows, isDone: rows === 0 }
  return { incidents: ended.length, rows: rows + (await deleteThem(tx, ended)), isDone: true }
}

async function deleteHanging(tx: Tx, { table, key, rows }: Hanging): Promise<number> {
  if (table === 'timeline')
    await noteFeedGap(
      tx,
      rows.map(({ seq }) => Number(seq)),
    )
  const { numAffectedRows = 0n } =
    await sql`delete from ${sql.table(table)} where ${isOneOf(key, rows)}`.execute(tx)
  return Number(numAffectedRows)
}

/** What came in since they were looked through goes as well. Those that came after them name them no more. */
async function deleteThem(tx: Tx, ids: readonly string[]): Promise<number> {
  let rows = 0
  for (const [table] of INCIDENT_TABLES) {
    if (table === 'timeline') continue
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)}
      where incident_id in (${sql.join(ids)})`.execute(tx)
    rows += Number(numAffectedRows)
  }
  const { rows: entries } = await sql<{ seq: number }>`delete from timeline
    where incident_id in (${sql.join(ids)}) returning seq`.execute(tx)
  await noteFeedGap(
    tx,
    entries.map(({ seq }) => Number(seq)),
  )
  await forgetPrevious(tx, ids)
  await tx.deleteFrom('incidents').where('id', 'in', ids).execute()
  return rows + entries.length + ids.length
}

/** By their subjects, which have an index. */
async function forgetPrevious(tx: Tx, ids: readonly string[]): Promise<void> {
  const subjects = await tx
    .selectFrom('incidents')
    .select('subjectId')
    .distinct()
    .where('id', 'in', ids)
    .execute()
  await tx
    .updateTable('incidents')
    .set({ previousId: null })
    .where(
      'subjectId',
      'in',
      subjects.map(({ subjectId }) => subjectId),
    )
    .where('previousId', 'in', ids)
    .execute()
}
