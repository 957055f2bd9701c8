// Jobs of a hub that has no queues elsewhere.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('jobs')
    .addColumn('queue', text, c => c.notNull())
    .addColumn('id', text, c => c.notNull())
    .addColumn('dataJson', text, c => c.notNull())
    .addColumn('state', text, c => c.notNull())
    .addColumn('dueAt', 'bigint', c => c.notNull())
    .addColumn('setAt', 'bigint', c => c.notNull())
    .addColumn('run', text)
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('failures', 'integer', c => c.notNull())
    .addColumn('reason', text)
    .addPrimaryKeyConstraint('jobsId', ['queue', 'id'])
    .execute()
  await sql`create index jobs_due on jobs (queue, due_at) where state <> 'dead'`.execute(db)
  await sql`create index jobs_dead on jobs (queue, set_at) where state = 'dead'`.execute(db)
}
