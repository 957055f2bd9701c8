// The work on an alarm: who is sent, which steps are done, who is there, and what one shift leaves to the next.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await addDispatches(db)
  await addProcedures(db)
  await addPeople(db)
}

async function addDispatches(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('dispatches')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('incidentId', text, c => c.notNull())
    .addColumn('responderId', text)
    .addColumn('state', text, c => c.notNull())
    .addColumn('note', text)
    .addColumn('reply', text)
    .addColumn('askedBy', text, c => c.notNull())
    .addColumn('askedAt', 'bigint', c => c.notNull())
    .addColumn('acceptedAt', 'bigint')
    .addColumn('declinedAt', 'bigint')
    .addColumn('onTheWayAt', 'bigint')
    .addColumn('arrivedAt', 'bigint')
    .addColumn('calledOffAt', 'bigint')
    .execute()
  await db.schema.createIndex('dispatchesIncident').on('dispatches').column('incidentId').execute()
  await db.schema
    .createIndex('dispatchesResponder')
    .on('dispatches')
    .columns(['responderId', 'askedAt'])
    .execute()
}

async function addProcedures(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('procedures')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('name', text, c => c.notNull())
    .addColumn('residentId', text)
    .addColumn('areaId', text)
    .addColumn('kind', text)
    .addColumn('stepsJson', text, c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('changedAt', 'bigint', c => c.notNull())
    .addColumn('archivedAt', 'bigint')
    .execute()
  // Which one holds must not be a matter of luck.
  await sql`create unique index procedures_of on procedures
    (coalesce(resident_id, ''), coalesce(area_id, ''), coalesce(kind, '')) where archived_at is null`.execute(
    db,
  )
  await db.schema
    .createTable('begunProcedures')
    .addColumn('incidentId', text, c => c.primaryKey())
    .addColumn('procedureId', text, c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('name', text, c => c.notNull())
    .addColumn('stepsJson', text, c => c.notNull())
    .addColumn('begunAt', 'bigint', c => c.notNull())
    .execute()
  await db.schema
    .createTable('ticks')
    .addColumn('incidentId', text, c => c.notNull())
    .addColumn('stepId', text, c => c.notNull())
    .addColumn('at', 'bigint', c => c.notNull())
    .addColumn('byUserId', text, c => c.notNull())
    .addPrimaryKeyConstraint('ticksId', ['incidentId', 'stepId'])
    .execute()
}

async function addPeople(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('presence')
    .addColumn('userId', text, c => c.primaryKey())
    .addColumn('status', text, c => c.notNull())
    .addColumn('reason', text)
    .addColumn('since', 'bigint', c => c.notNull())
    .addColumn('liveUntil', 'bigint', c => c.notNull())
    .execute()
  await db.schema
    .createTable('shifts')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('areaId', text, c => c.notNull())
    .addColumn('fromUserId', text, c => c.notNull())
    .addColumn('toUserId', text)
    .addColumn('text', text, c => c.notNull())
    .addColumn('incidentsJson', text, c => c.notNull())
    .addColumn('createdAt', 'bigint', c => c.notNull())
    .addColumn('acceptedAt', 'bigint')
    .addColumn('acceptedBy', text)
    .addColumn('replacedAt', 'bigint')
    .execute()
  await db.schema.createIndex('shiftsCreated').on('shifts').column('createdAt').execute()
}
