// Messages about alarms: one row for each recipient and channel of a step, written with the step, and what became of it.
// States move forward only, each by a statement that asks for the states before it.

import { sql } from 'kysely'
import { DELIVERY_FROM, type Delivery, type DeliveryState } from '../model/delivery.ts'
import type { Db, Tx } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import type { NewRow, Row } from './schema.ts'
import { inScope, type Scope } from './scope.ts'
import { readSlices, slicesOf } from './slices.ts'
import type { Statement } from './whole.ts'

export type DeliveryRow = Row<'deliveries'>
export type NewDelivery = NewRow<'deliveries'>

/** Adds rows; what the same step has for the same recipient and channel already stays as it is. */
export const newDeliveryStatements = (db: Db, rows: readonly NewDelivery[]): Statement[] =>
  slicesOf(rows).map(slice => ({
    query: db
      .insertInto('deliveries')
      .values(slice)
      .onConflict(conflict => conflict.doNothing())
      .compile(),
  }))

export async function deliveryById(db: Db, id: string): Promise<DeliveryRow | undefined> {
  const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
  return row && numbers(row)
}

export async function deliveriesByIds(db: Db, ids: readonly string[]): Promise<DeliveryRow[]> {
  const rows = await readSlices(ids, slice =>
    db.selectFrom('deliveries').selectAll().where('id', 'in', slice).execute(),
  )
  return rows.map(numbers)
}

export async function deliveryByCode(db: Db, code: string): Promise<DeliveryRow | undefined> {
  const row = await db.selectFrom('deliveries').selectAll().where('code', '=', code).executeTakeFirst()
  return row && numbers(row)
}

/** The newest message to a contact about an alarm that may still be accepted. */
export async function openDeliveryTo(
  db: Db,
  { incidentId, recipientId }: { incidentId: string; recipientId: string },
): Promise<Pick<DeliveryRow, 'id' | 'channelKind'> | undefined> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'channelKind'])
    .where('incidentId', '=', incidentId)
    .where('recipientType', '=', 'contact')
    .where('recipientId', '=', recipientId)
    .where('state', 'in', DELIVERY_FROM.accepted)
    .orderBy('queuedAt', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

export type DeliveryFilter = {
  scope: Scope
  state?: DeliveryState | undefined
  alarmId?: string | undefined
}

/** Deliveries of alarms in the scope, the newest first. */
export async function listDeliveries(
  db: Db,
  { scope, state, alarmId, cursor, limit }: DeliveryFilter & PageRequest,
): Promise<Page<Delivery>> {
  const order = { order: ['first', 'id'], numbers: ['first'] }
  const pages = pagesOf({ name: 'deliveries', ...order, filter: { state, alarmId } })
  let found = db
    .selectFrom('deliveries')
    .innerJoin('incidents', 'incidents.id', 'deliveries.incidentId')
    .selectAll('deliveries')
    .select(sql<number>`-${sql.ref('deliveries.queuedAt')}`.as('first'))
    .where(inScope(scope, 'incidents.areaId'))
  if (state !== undefined) found = found.where('deliveries.state', '=', state)
  if (alarmId !== undefined) found = found.where('deliveries.incidentId', '=', alarmId)
  const rows = await db
    .selectFrom(found.as('found'))
    .selectAll()
    .where(pages.after(cursor))
    .orderBy('first')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, {
    limit,
    keyOf: row => [row.first, row.id],
    toItem: ({ first: _, ...row }) => toDelivery(numbers(row)),
  })
}

/** One to a contact, as far as it decides who is told next. */
export type ToContact = Pick<DeliveryRow, 'id' | 'incidentId' | 'round' | 'recipientId' | 'state'>

/** Those of the round that each of these alarms is in: one that nobody answers has had many. */
export const contactDeliveries = (db: Db, incidentIds: readonly string[]): Promise<ToContact[]> =>
  readSlices(incidentIds, slice =>
    db
      .selectFrom('deliveries')
      .innerJoin('tellings', join =>
        join
          .onRef('tellings.incidentId', '=', 'deliveries.incidentId')
          .onRef('tellings.round', '=', 'deliveries.round'),
      )
      .select([
        'deliveries.id',
        'deliveries.incidentId',
        'deliveries.round',
        'deliveries.recipientId',
        'deliveries.state',
      ])
      .where('deliveries.incidentId', 'in', slice)
      .where('deliveries.recipientType', '=', 'contact')
      .execute(),
  )

/** Those whose job is to be put into its queue at `now`, the longest due first. */
export async function deliveriesToEnqueue(
  db: Db,
  { now, urgent, limit }: { now: number; urgent: boolean; limit: number },
): Promise<Pick<DeliveryRow, 'id' | 'channelKind' | 'sending' | 'enqueued'>[]> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'channelKind', 'sending', 'enqueued'])
    .where('urgent', '=', Number(urgent))
    .where('enqueueAt', 'is not', null)
    .where('enqueueAt', '<=', now)
    .orderBy('enqueueAt')
    .limit(limit)
    .execute()
}

/**
 * Has those put into their queues now which wait for a time further away than any wait is: a clock that was ahead has
 * set it. `fresh`: as often as this they count as enqueued more, so that what their queue has for then is passed by.
 */
export async function pullInDeliveries(
  db: Db,
  { now, urgent, longestMs, fresh }: { now: number; urgent: boolean; longestMs: number; fresh: number },
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set(e => ({ enqueueAt: now, enqueued: e('enqueued', '+', fresh) }))
    .where('urgent', '=', Number(urgent))
    .where('enqueueAt', 'is not', null)
    .where('enqueueAt', '>', now + longestMs)
    .execute()
}

/** Whether there are such. */
export async function isAnyAhead(
  db: Db,
  { now, urgent, longestMs }: { now: number; urgent: boolean; longestMs: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('id')
    .where('urgent', '=', Number(urgent))
    .where('enqueueAt', 'is not', null)
    .where('enqueueAt', '>', now + longestMs)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Their jobs are in the queue; at `againAt` that is made sure of, if nothing was heard of them. */
export async function noteEnqueued(db: Db, ids: readonly string[], againAt: number): Promise<void> {
  for (const slice of slicesOf(ids)) {
    await db
      .updateTable('deliveries')
      .set(e => ({ enqueueAt: againAt, enqueued: e('enqueued', '+', 1) }))
      .where('id', 'in', slice)
      .where('enqueueAt', 'is not', null)
      .execute()
  }
}

export type DeliveryChange = Partial<Omit<DeliveryRow, 'id' | 'state'>>

export type DeliveryMove = {
  id: string
  /** That it is at; at whichever it is when it is not given. */
  sending?: number
  state: DeliveryState
  /** From which states it goes there: those of `DELIVERY_FROM`, or fewer of them. */
  from?: readonly DeliveryState[]
  change: DeliveryChange
}

/** Moves a delivery to `state`, if that is forward from where it is. False when it is not. */
export async function moveDelivery(
  tx: Tx,
  { id, sending, state, from = DELIVERY_FROM[state], change }: DeliveryMove,
): Promise<boolean> {
  if (from.length === 0) return false
  let query = tx
    .updateTable('deliveries')
    .set({ ...change, state })
    .where('id', '=', id)
    .where('state', 'in', from)
  if (sending !== undefined) query = query.where('sending', '=', sending)
  return (await query.executeTakeFirst()).numUpdatedRows === 1n
}

/**
 * Changes a delivery that stands as it was read. When it does not any more, the transaction fails with what `otherwise`
 * makes.
 */
export const deliveryStatement = (
  db: Db,
  { id, sending, state }: Pick<DeliveryRow, 'id' | 'sending' | 'state'>,
  { change, otherwise }: { change: DeliveryChange & { state?: DeliveryState }; otherwise: () => Error },
): Statement => ({
  query: db
    .updateTable('deliveries')
    .set(change)
    .where('id', '=', id)
    .where('sending', '=', sending)
    .where('state', '=', state)
    .compile(),
  must: { change: 1, otherwise },
})

/** How many of the same channel and lane are held and were to be sent before this one. */
export async function heldBefore(
  db: Db,
  { id, channelId, urgent, queuedAt }: Pick<DeliveryRow, 'id' | 'channelId' | 'urgent' | 'queuedAt'>,
): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select(e => e.fn.countAll().as('count'))
    .where('channelId', '=', channelId)
    .where('urgent', '=', urgent)
    .where('state', '=', sql.lit('queued')) // written out: else the index of those that are held is not taken
    .where('heldUntil', 'is not', null)
    .where(sql<boolean>`(queued_at, id) < (${queuedAt}, ${id})`)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Takes back what contacts of an alarm have not been sent yet. */
export async function withdrawFromContacts(
  tx: Tx,
  { incidentId, reason, at }: { incidentId: string; reason: string; at: number },
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'failed', reason, failedAt: at, enqueueAt: null })
    .where('incidentId', '=', incidentId)
    .where('recipientType', '=', 'contact')
    .where('state', '=', 'queued')
    .execute()
}

/** As people see it. */
export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  alarmId: row.incidentId,
  round: row.round,
  step: row.step,
  recipient: { type: row.recipientType, id: row.recipientId, name: row.recipientName },
  channel: { id: row.channelId, kind: row.channelKind },
  urgent: row.urgent === 1,
  state: row.state,
  reason: row.reason,
  attempts: row.attempts,
  sending: row.sending,
  heldUntil: row.state === 'queued' ? row.heldUntil : null,
  queuedAt: row.queuedAt,
  triedAt: row.triedAt,
  sentAt: row.sentAt,
  deliveredAt: row.deliveredAt,
  seenAt: row.seenAt,
  acceptedAt: row.acceptedAt,
  failedAt: row.failedAt,
})

const TIMES = [
  'enqueueAt',
  'heldUntil',
  'codeUntil',
  'queuedAt',
  'triedAt',
  'sentAt',
  'deliveredAt',
  'seenAt',
  'acceptedAt',
  'failedAt',
] as const

/** Both engines agree then: one gives large numbers as texts. */
function numbers(row: DeliveryRow): DeliveryRow {
  const times = TIMES.map(name => [name, row[name] === null ? null : Number(row[name])])
  return { ...row, urgent: Number(row.urgent), ...Object.fromEntries(times) }
}
