// Incidents as the desk works on them: rows that are read, decided on, and written back only if nobody was
// faster. Lists for people are in incidents.ts.

import { type Expression, type RawBuilder, sql } from 'kysely'
import type { FindingKind } from '../model/finding.ts'
import { type IncidentClass, OPEN_STATES, type Subject } from '../model/incident.ts'
import type { Db, Records, Tx } from './db.ts'
import type { NewRow, Row } from './schema.ts'
import { inScope, type Scope } from './scope.ts'
import { readSlices, slicesOf } from './slices.ts'
import { storedList } from './stored.ts'
import { unindexed } from './unindexed.ts'
import type { Statement } from './whole.ts'

/** A technical condition that holds: two devices of one elder may both be low on battery. */
export type Condition = { kind: FindingKind; deviceId: string }

/** An incident's row. `seq` is the place of its newest timeline entry, and so the version of the row. */
export type Incident = Omit<Row<'incidents'>, 'conditionsJson'> & { conditions: readonly Condition[] }

/** Columns to write. A lease is written on the database's clock. */
export type IncidentChange = Partial<Omit<Incident, 'id' | 'seq' | 'leaseUntil'>> & {
  leaseUntil?: number | null | RawBuilder<number>
}

/** The newest incident of a (subject, class), whatever became of it. */
export type Latest = {
  id: string
  subjectType: Subject['type']
  subjectId: string
  class: IncidentClass
}

/** Ids as one statement can name them, or the query for them. */
export type Ids = readonly string[] | Expression<string>

/** The open incidents of these subjects, of every class. */
export const openIncidents = (db: Db, subjectIds: readonly string[]): Promise<Incident[]> =>
  readSlices(subjectIds, slice => incidentsOf(db, slice))

/** The same of as many subjects as one statement can name. */
export async function incidentsOf(db: Db, subjectIds: Ids): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('subjectId', 'in', subjectIds)
    .where(isOpen())
    .execute()
  return rows.map(fromRow)
}

/** For queries that go by subject: SQLite would rather go by an index of states, through everything that is open. */
export const isOpen = (): RawBuilder<boolean> =>
  sql<boolean>`${unindexed('incidents.state')} in (${sql.join(OPEN_STATES)})`

/** The newest incident of each (subject, class) of these subjects. */
export const latestIncidents = (db: Db, subjectIds: readonly string[]): Promise<Latest[]> =>
  readSlices(subjectIds, slice => latestOf(db, slice))

/** The same of as many subjects as one statement can name. */
export function latestOf(db: Db, subjectIds: Ids): Promise<Latest[]> {
  const placed = db
    .selectFrom('incidents')
    .select(e => [
      'id',
      'subjectType',
      'subjectId',
      'class',
      e.fn
        .agg<number>('row_number')
        .over(w =>
          w
            .partitionBy(['subjectType', 'subjectId', 'class'])
            .orderBy('raisedAt', 'desc')
            .orderBy('id', 'desc'),
        )
        .as('place'),
    ])
    .where('subjectId', 'in', subjectIds)
  return db
    .selectFrom(placed.as('placed'))
    .select(['id', 'subjectType', 'subjectId', 'class'])
    .where('place', '=', 1)
    .execute()
}

/** One incident, when it lies in the scope. */
export async function incidentInScope(
  db: Db,
  { id, scope }: { id: string; scope: Scope },
): Promise<Incident | undefined> {
  const row = await db
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', id)
    .where(inScope(scope, 'areaId'))
    .executeTakeFirst()
  return row && fromRow(row)
}

// Only an open incident has a next step or a lease, so the partial indexes on these columns hold nothing else.

/** Incidents whose next escalation step is due at `now`, the longest overdue first. */
export async function dueIncidents(
  db: Db,
  { now, limit }: { now: number; limit: number },
): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('escalateAt', 'is not', null)
    .where('escalateAt', '<=', now)
    .orderBy('escalateAt')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** The longest wait of incidents that stand at one step of one ladder. */
export type Wait = { class: IncidentClass; isAnswered: boolean; step: number; waitMs: number }

/** Incidents whose next step lies further ahead than they can ever have to wait for it. */
export async function incidentsAhead(
  db: Db,
  { now, waits, limit }: { now: number; waits: readonly Wait[]; limit: number },
): Promise<Incident[]> {
  const shortestMs = Math.min(...waits.map(({ waitMs }) => waitMs))
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('escalateAt', '>', now + shortestMs) // all of them, and what the index can find
    .where(e =>
      e.or(
        waits.map(({ class: cls, isAnswered, step, waitMs }) => {
          // Nobody's incident has no `acceptedAt`.
          const answered = e.and([e('acceptedAt', 'is not', null), e('acceptedAt', '>=', e.ref('alertedAt'))])
          return e.and([
            e('class', '=', cls),
            e('escalation', '=', step),
            e('escalateAt', '>', now + waitMs),
            isAnswered ? answered : e.not(answered),
          ])
        }),
      ),
    )
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** Incidents whose owner has not been heard of since the lease ended, by the database's clock. */
export async function lapsedIncidents(
  { now }: Pick<Records, 'now'>,
  db: Db,
  { limit }: { limit: number },
): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where('leaseUntil', 'is not', null)
    .where('leaseUntil', '<=', now())
    .orderBy('leaseUntil')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/**
 * Adds new incidents; their `seq` comes with their first timeline entry. A second open one of the same
 * (subject, class) is a unique violation.
 */
export const newIncidentStatements = (db: Db, incidents: readonly Incident[]): Statement[] =>
  slicesOf(incidents).map(slice => ({
    query: db
      .insertInto('incidents')
      .values(slice.map(atHome(db)))
      .compile(),
  }))

/** Who moves between the reading and the writing: the alarm is where they are when it is written. */
const atHome = (db: Db) => (incident: Incident) => ({ ...toRow(incident), areaId: areaNow(db, incident) })

function areaNow(db: Db, { subjectType, subjectId, areaId }: Incident): RawBuilder<string> | string {
  if (subjectType === 'area') return areaId
  const home = db
    .selectFrom(subjectType === 'resident' ? 'residents' : 'devices')
    .select('areaId')
    .where('id', '=', subjectId)
  return sql<string>`coalesce(${home}, ${areaId})`
}

/**
 * Writes `change` if the row is still as it was read: same state, same owner with the same lease, nothing
 * added to its timeline. False when somebody was faster. The caller appends the timeline entry that says why.
 */
export async function changeIncident(tx: Tx, read: Incident, change: IncidentChange): Promise<boolean> {
  const { conditions, ...columns } = change
  const { numUpdatedRows } = await tx
    .updateTable('incidents')
    .set(conditions === undefined ? columns : { ...columns, conditionsJson: JSON.stringify(conditions) })
    .where('id', '=', read.id)
    .where('seq', '=', read.seq)
    .where('state', '=', read.state)
    .where('ownerId', 'is not distinct from', read.ownerId)
    .where('leaseUntil', 'is not distinct from', read.leaseUntil)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Writes `columns` of many incidents, each if it is still as it was read: same owner with the same lease, nothing
 * added to its timeline. When somebody was faster with one, the transaction fails with what `otherwise` makes. As
 * above, the timeline entries that say why are the caller's.
 */
export const changeStatements = (
  db: Db,
  incidents: readonly Incident[],
  { columns, otherwise }: { columns: readonly (keyof Row<'incidents'>)[]; otherwise: () => Error },
): Statement[] =>
  slicesOf(incidents).map(slice => ({
    query: changing(db, slice, columns).compile(),
    must: { change: slice.length, otherwise },
  }))

// The rows are there: to "insert" them carries all values in the types of their columns, on both engines.
const changing = (db: Db, incidents: readonly Incident[], columns: readonly (keyof Row<'incidents'>)[]) =>
  db
    .insertInto('incidents')
    .values(incidents.map(columns.includes('areaId') ? atHome(db) : toRow))
    .onConflict(conflict =>
      conflict
        .column('id')
        .doUpdateSet(e => Object.fromEntries(columns.map(column => [column, e.ref(`excluded.${column}`)])))
        .whereRef('incidents.seq', '=', 'excluded.seq')
        .whereRef('incidents.ownerId', 'is not distinct from', 'excluded.ownerId')
        .whereRef('incidents.leaseUntil', 'is not distinct from', 'excluded.leaseUntil'),
    )

export function fromRow({ conditionsJson, ...row }: Row<'incidents'>): Incident {
  return { ...row, conditions: storedList<Condition>(conditionsJson) }
}

function toRow({ conditions, ...incident }: Incident): NewRow<'incidents'> {
  return { ...incident, conditionsJson: JSON.stringify(conditions) }
}
