// Alarms that ended long ago, with all that hangs on them. An alarm ended when it was closed; one that was resolved and
// never closed, when it was resolved. What is open, and what a device's silence still belongs to, is never touched.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { IncidentClass } from '../model/incident.ts'
import { type Db, type Records, type Tx, writeDesk } from './db.ts'
import { noteFeedGap } from './feed-floor.ts'
import { ROWS_AT_ONCE } from './retention-aged.ts'
import { INCIDENT_TABLES, type TableName, type WithIncident } from './retention-tables.ts'

/** Looked at in one slice. */
const INCIDENTS_AT_ONCE = 20

/** Which alarms: of these classes, ended before `before` (epoch ms), behind `after` in the order in which they ended. */
export type EndedRequest = { classes: readonly IncidentClass[]; before: number; after?: Ended | undefined }
export type Ended = { id: string; at: number; by: 'closed' | 'resolved' }

/** The next slice of alarms that may go, those that were closed first; none when there are no more. */
export async function endedIncidents(db: Db, request: EndedRequest): Promise<Ended[]> {
  if (request.after?.by !== 'resolved') {
    const closed = await closedIncidents(db, request)
    if (closed.length > 0) return closed
  }
  return resolvedIncidents(db, request)
}

async function closedIncidents(db: Db, request: EndedRequest): Promise<Ended[]> {
  // The entry that closed it finds it, by the index of kinds; `cross join` keeps SQLite to that order.
  const { rows } = await sql<{ id: string; at: number }>`
    select i.id, t.at from timeline t cross join incidents i
    where i.id = t.incident_id and t.kind = 'closed' and i.state = 'closed'
      and ${isDue(sql.ref('t.at'), request)}
    order by t.at, i.id limit ${sql.lit(INCIDENTS_AT_ONCE)}`.execute(db)
  return rows.map(({ id, at }) => ({ id, at: Number(at), by: 'closed' }))
}

async function resolvedIncidents(db: Db, { after, ...request }: EndedRequest): Promise<Ended[]> {
  const behind = after?.by === 'resolved' ? after : undefined
  const { rows } = await sql<{ id: string; at: number }>`
    select i.id, i.resolved_at as at from incidents i
    where i.state = 'resolved' and ${isDue(sql.ref('i.resolvedAt'), { ...request, after: behind })}
    order by i.resolved_at, i.id limit ${sql.lit(INCIDENTS_AT_ONCE)}`.execute(db)
  return rows.map(({ id, at }) => ({ id, at: Number(at), by: 'resolved' }))
}

function isDue(at: RawBuilder<unknown>, { classes, before, after }: EndedRequest): RawBuilder<SqlBool> {
  const behind =
    after === undefined
      ? sql`1 = 1`
      : sql`(${at} > ${sql.lit(after.at)} or (${at} = ${sql.lit(after.at)} and i.id > ${after.id}))`
  return sql<SqlBool>`${at} < ${sql.lit(before)} and ${behind} and i.class in (${sql.join(classes)})
    and not exists (select 1 from silences s where s.incident_id = i.id)`
}

/** How many would go, counted up to `most`. */
export async function countEnded(
  db: Db,
  { most, ...request }: EndedRequest & { most: number },
): Promise<number> {
  const { rows } = await sql<{ incidents: number }>`select count(*) as incidents from (
    select i.id from timeline t cross join incidents i
      where i.id = t.incident_id and t.kind = 'closed' and i.state = 'closed'
        and ${isDue(sql.ref('t.at'), request)}
    union all
    select i.id from incidents i where i.state = 'resolved' and ${isDue(sql.ref('i.resolvedAt'), request)}
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
export function deleteIncidents(
  records: Pick<Records, 'db'>,
  ids: readonly string[],
  note: NotingIncidents,
): Promise<IncidentSlice> {
  return writeDesk(records, async tx => {
    const slice = await deleteSlice(tx, await stillEnded(tx, ids))
    if (slice.rows > 0) await note(tx, slice)
    return slice
  })
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

async function deleteSlice(tx: Tx, ids: readonly string[]): Promise<IncidentSlice> {
  if (ids.length === 0) return { incidents: 0, rows: 0, isDone: true }
  let rows = 0
  for (const table of INCIDENT_TABLES) {
    rows += await deleteOf(tx, { table, ids, limit: ROWS_AT_ONCE - rows })
    if (rows >= ROWS_AT_ONCE) return { incidents: 0, rows, isDone: false }
  }
  return { incidents: ids.length, rows: rows + (await deleteThem(tx, ids)), isDone: true }
}

type OfIncidents = { table: [TableName, WithIncident]; ids: readonly string[]; limit: number }

async function deleteOf(tx: Tx, { table: [table, { key }], ids, limit }: OfIncidents): Promise<number> {
  const isTimeline = table === 'timeline'
  const columns = sql.join(key.map(name => sql.ref(name)))
  const some = sql`select ${columns} from ${sql.table(table)} where incident_id in (${sql.join(ids)})
    ${isTimeline ? sql`and kind <> 'closed'` : sql``} limit ${sql.lit(limit)}`
  const { rows } = await sql<Record<string, unknown>>`delete from ${sql.table(table)}
    where (${columns}) in (${some}) returning ${columns}`.execute(tx)
  if (isTimeline) await noteFeedGap(tx, seqsIn(rows))
  return rows.length
}

/** Those that came after them, of the same subject, name them no more. */
async function deleteThem(tx: Tx, ids: readonly string[]): Promise<number> {
  const { rows: entries } = await sql<Record<string, unknown>>`
    delete from timeline where incident_id in (${sql.join(ids)}) returning seq`.execute(tx)
  await noteFeedGap(tx, seqsIn(entries))
  await tx
    .updateTable('incidents')
    .set({ previousId: null })
    .where('previousId', 'in', ids)
    .where('subjectId', 'in', e =>
      e.selectFrom('incidents as old').select('old.subjectId').where('old.id', 'in', ids),
    )
    .execute()
  await tx.deleteFrom('incidents').where('id', 'in', ids).execute()
  return entries.length + ids.length
}

const seqsIn = (rows: readonly Record<string, unknown>[]): number[] => rows.map(({ seq }) => Number(seq))
