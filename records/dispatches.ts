// Who was sent to which alarm. What each of them reports is decided in `alerts`; here it is kept and shown.

import { type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import {
  type Dispatch,
  type DispatchOrder,
  type DispatchState,
  PENDING_DISPATCH,
  type Responder,
  SENT_DISPATCH,
} from '../model/dispatch.ts'
import { OPEN_STATES } from '../model/incident.ts'
import type { Db, Tx } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import type { Row, Tables } from './schema.ts'
import { inScope, type Scope } from './scope.ts'

export type StoredDispatch = Row<'dispatches'>
export type DispatchFilter = {
  scope: Scope
  /** `pending`: help that is still to come. */
  state?: 'pending' | DispatchState | undefined
  alarmId?: string | undefined
  responderId?: string | undefined
}

/** Orders of the scope, the newest first. */
export async function listDispatches(
  db: Db,
  { scope, state, alarmId, responderId, cursor, limit }: DispatchFilter & PageRequest,
): Promise<Page<DispatchOrder>> {
  const filter = { state, alarmId, responderId }
  const pages = pagesOf({ name: 'dispatches', order: ['age', 'id'], numbers: ['age'], filter })
  let found = orders(db)
    .select(sql<number>`-${sql.ref('dispatches.askedAt')}`.as('age'))
    .where(inScope(scope, 'incidents.areaId'))
  if (state === 'pending') found = found.where('dispatches.state', 'in', PENDING_DISPATCH)
  else if (state !== undefined) found = found.where('dispatches.state', '=', state)
  if (alarmId !== undefined) found = found.where('dispatches.incidentId', '=', alarmId)
  if (responderId !== undefined) found = found.where('dispatches.responderId', '=', responderId)
  const rows = await db
    .selectFrom(found.as('found'))
    .selectAll()
    .where(pages.after(cursor))
    .orderBy('age')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.age, row.id], toItem: toOrder })
}

/** An order by its id, whatever its area: the caller has looked at the alarm. */
export async function getOrder(db: Db, id: string): Promise<DispatchOrder | undefined> {
  const row = await orders(db).where('dispatches.id', '=', id).executeTakeFirst()
  return row && toOrder(row)
}

/** Everybody who was sent to an alarm, in the order in which they were asked. */
export async function dispatchesOf(db: Db, incidentId: string): Promise<Dispatch[]> {
  const rows = await orders(db)
    .where('dispatches.incidentId', '=', incidentId)
    .orderBy('dispatches.askedAt')
    .orderBy('dispatches.id')
    .execute()
  return rows.map(toDispatch)
}

export function storedDispatch(db: Db, id: string): Promise<StoredDispatch | undefined> {
  return db.selectFrom('dispatches').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Help for an alarm that is still to come. */
export function pendingDispatches(db: Db, incidentId: string): Promise<StoredDispatch[]> {
  return db
    .selectFrom('dispatches')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('state', 'in', PENDING_DISPATCH)
    .orderBy('askedAt')
    .orderBy('id')
    .execute()
}

/** SQL condition on `incidents`: it is open, and this responder is sent there. */
export const isSentTo = (responderId: string): RawBuilder<SqlBool> => sql<SqlBool>`(
  ${sql.ref('incidents.state')} in (${sql.join(OPEN_STATES)}) and exists (
    select 1 from dispatches where dispatches.incident_id = incidents.id
      and dispatches.responder_id = ${responderId} and dispatches.state in (${sql.join(SENT_DISPATCH)})))`

/** Whether a responder may say that they are there: they were sent, or somebody was of whom nobody said who. */
export async function mayArrive(
  db: Db,
  { incidentId, responderId }: { incidentId: string; responderId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('dispatches')
    .select('id')
    .where('incidentId', '=', incidentId)
    .where(e =>
      e.or([
        e.and([e('responderId', '=', responderId), e('state', 'in', SENT_DISPATCH)]),
        e.and([e('responderId', 'is', null), e('state', 'in', PENDING_DISPATCH)]),
      ]),
    )
    .executeTakeFirst()
  return row !== undefined
}

export async function addDispatch(tx: Tx, row: StoredDispatch): Promise<void> {
  await tx.insertInto('dispatches').values(row).execute()
}

export async function changeDispatches(
  tx: Tx,
  ids: readonly string[],
  change: Partial<Omit<StoredDispatch, 'id' | 'incidentId'>>,
): Promise<void> {
  if (ids.length > 0) await tx.updateTable('dispatches').set(change).where('id', 'in', ids).execute()
}

/**
 * Live accounts of responders who see the area, and what each of them still has to do; all of them, or just one.
 * Somebody who may not see an alarm is not sent to it.
 */
export async function respondersFor(
  db: Db,
  { areaId, responderId }: { areaId: string; responderId?: string },
): Promise<Responder[]> {
  let query = db
    .selectFrom('users')
    .innerJoin('areas as own', 'own.id', 'users.areaId')
    .innerJoin('areas as its', join => join.on('its.id', '=', areaId))
    .select(['users.id', 'users.name'])
    .select(e => pendingOf(e).as('pending'))
    .where('users.role', '=', 'responder')
    .where('users.archivedAt', 'is', null)
    .where(
      sql<boolean>`substr(${sql.ref('its.path')}, 1, length(${sql.ref('own.path')})) = ${sql.ref('own.path')}`,
    )
  if (responderId !== undefined) query = query.where('users.id', '=', responderId)
  const rows = await query.orderBy('users.name').orderBy('users.id').limit(RESPONDERS_SHOWN).execute()
  return rows.map(({ id, name, pending }) => ({ id, name, pending: Number(pending) }))
}

/** An area has a few; a choice of more is none. */
const RESPONDERS_SHOWN = 200

const pendingOf = (e: ExpressionBuilder<Tables, 'users'>) =>
  e
    .selectFrom('dispatches')
    .select(d => d.fn.countAll<number>().as('pending'))
    .whereRef('dispatches.responderId', '=', 'users.id')
    .where('dispatches.state', 'in', PENDING_DISPATCH)

const orders = (db: Db) =>
  db
    .selectFrom('dispatches')
    .innerJoin('incidents', 'incidents.id', 'dispatches.incidentId')
    .leftJoin('users as responder', 'responder.id', 'dispatches.responderId')
    .leftJoin('users as asker', 'asker.id', 'dispatches.askedBy')
    .leftJoin('residents', join =>
      join.onRef('residents.id', '=', 'incidents.subjectId').on('incidents.subjectType', '=', 'resident'),
    )
    .selectAll('dispatches')
    .select(['responder.name as responderName', 'asker.name as askerName'])
    .select(['residents.address', 'residents.accessNotes'])
    .select(['incidents.class', 'incidents.severity', 'incidents.kind', 'incidents.raisedAt'])
    .select(['incidents.subjectType', 'incidents.subjectId', 'incidents.subjectName'])
    .select('incidents.state as alarmState')

type OrderRow = StoredDispatch &
  Pick<
    Row<'incidents'>,
    'class' | 'severity' | 'kind' | 'raisedAt' | 'subjectType' | 'subjectId' | 'subjectName'
  > & {
    alarmState: Row<'incidents'>['state']
    responderName: string | null
    askerName: string | null
    address: string | null
    accessNotes: string | null
  }

function toDispatch(row: OrderRow): Dispatch {
  const { id, incidentId: alarmId, state, responderId, responderName, note, reply } = row
  const { askedBy, askerName, askedAt, acceptedAt, declinedAt, onTheWayAt, arrivedAt, calledOffAt } = row
  return {
    id,
    alarmId,
    state,
    responder: responderId === null ? null : { id: responderId, name: responderName ?? responderId },
    askedBy: { id: askedBy, name: askerName ?? askedBy },
    askedAt,
    acceptedAt,
    declinedAt,
    onTheWayAt,
    arrivedAt,
    calledOffAt,
    note,
    reply,
  }
}

/** Where an elder lives, and how one gets in, is for as long as somebody has to get in. */
function toOrder(row: OrderRow): DispatchOrder {
  const { class: cls, alarmState: state, severity, kind, raisedAt } = row
  const isOpen = OPEN_STATES.some(open => open === state)
  const isNeeded = isOpen && row.state !== 'declined' && row.state !== 'called_off'
  const subject = { type: row.subjectType, id: row.subjectId, name: row.subjectName }
  return {
    ...toDispatch(row),
    alarm: { class: cls, state, severity, kind, subject, raisedAt },
    address: isNeeded ? row.address : null,
    accessNotes: isNeeded ? row.accessNotes : null,
  }
}
