// How many messages have lately begun on each channel, for the limits of those who carry them, and until when one waits
// for that.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('allowances')
    .addColumn('channelId', text, c => c.primaryKey())
    .addColumn('begunJson', text, c => c.notNull())
    .execute()
  await db.schema.alterTable('deliveries').addColumn('heldUntil', 'bigint').execute()
  await sql`create index deliveries_held on deliveries (channel_id, urgent, queued_at, id)
    where held_until is not null and state = 'queued'`.execute(db)
}
