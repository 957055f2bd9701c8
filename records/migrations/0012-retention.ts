// For how long each class of data is kept, where that is not as usual, and the runs that let go of what is older.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('retentionPolicies')
    .addColumn('class', text, c => c.primaryKey())
    .addColumn('days', 'integer')
    .addColumn('changedAt', 'bigint')
    .addColumn('changedBy', text)
    .addColumn('deletedBefore', 'bigint')
    .execute()
  await db.schema
    .createTable('retentionRuns')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('because', text, c => c.notNull())
    .addColumn('state', text, c => c.notNull())
    .addColumn('askedAt', 'bigint', c => c.notNull())
    .addColumn('askedBy', text)
    .addColumn('startedAt', 'bigint')
    .addColumn('endedAt', 'bigint')
    .addColumn('failure', text)
    .execute()
  // Somebody who asks twice has asked once; and of two processes one begins.
  await sql`create unique index retention_runs_open on retention_runs (because)
    where state <> 'done'`.execute(db)
  await db.schema
    .createTable('retentionCounts')
    .addColumn('runId', text, c => c.notNull())
    .addColumn('class', text, c => c.notNull())
    .addColumn('items', 'bigint', c => c.notNull())
    .addColumn('rows', 'bigint', c => c.notNull())
    .addPrimaryKeyConstraint('retentionCountsId', ['runId', 'class'])
    .execute()
  await sql`create index incidents_resolved on incidents (resolved_at) where state = 'resolved'`.execute(db)
  await db.schema.createIndex('rejectsReceived').on('rejects').column('receivedAt').execute()
}
