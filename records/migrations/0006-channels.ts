// Ways to reach people, and the browsers that are told by web push.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('channels')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('kind', text, c => c.notNull())
    .addColumn('name', text, c => c.notNull())
    .addColumn('areaId', text, c => c.notNull())
    .addColumn('configJson', text, c => c.notNull())
    .addColumn('enabled', 'integer', c => c.notNull())
    .addColumn('changedAt', 'bigint', c => c.notNull())
    .addColumn('archivedAt', 'bigint')
    .execute()
  await sql`create index channels_area on channels (area_id) where archived_at is null`.execute(db)
  await db.schema
    .createTable('pushSubscriptions')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('channelId', text, c => c.notNull())
    .addColumn('userId', text, c => c.notNull())
    .addColumn('subscriptionJson', text, c => c.notNull())
    .addColumn('createdAt', 'bigint', c => c.notNull())
    .execute()
  await db.schema.createIndex('pushSubscriptionsUser').on('pushSubscriptions').column('userId').execute()
}
