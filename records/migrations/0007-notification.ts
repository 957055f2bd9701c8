// Who is told of an alarm and what became of it: ladders that people edit, contacts with their ways and hours, one row
// for every message, and how far each alarm's contacts have been told.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await addToContacts(db)
  await addLadders(db)
  await addTellings(db)
  await addDeliveries(db)
  // What stands on timelines before this is told by the next step of its alarm, not anew from the first.
  await sql`insert into meta (key, value)
    select 'told_up_to', cast(value as text) from counters where name = 'feed'`.execute(db)
}

async function addToContacts(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .alterTable('contacts')
    .addColumn('availabilityJson', text, c => c.notNull().defaultTo('[]'))
    .execute()
  await db.schema
    .alterTable('contacts')
    .addColumn('language', text, c => c.notNull().defaultTo('zh'))
    .execute()
  await db.schema.alterTable('contacts').addColumn('email', text).execute()
  await db.schema.alterTable('contacts').addColumn('userId', text).execute()
}

async function addLadders(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('ladders')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('areaId', text, c => c.notNull())
    .addColumn('class', text, c => c.notNull())
    .addColumn('severity', text)
    .addColumn('because', text, c => c.notNull())
    .addColumn('stepsJson', text, c => c.notNull())
    .addColumn('repeatMs', 'bigint', c => c.notNull())
    .addColumn('changedAt', 'bigint', c => c.notNull())
    .addColumn('archivedAt', 'bigint')
    .execute()
  // Which one holds must not be a matter of luck.
  await sql`create unique index ladders_of on ladders
    (area_id, class, because, coalesce(severity, '')) where archived_at is null`.execute(db)
}

async function addTellings(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('tellings')
    .addColumn('incidentId', text, c => c.primaryKey())
    .addColumn('alertedAt', 'bigint', c => c.notNull())
    .addColumn('round', 'integer', c => c.notNull())
    .addColumn('step', 'integer', c => c.notNull())
    .addColumn('clockAt', 'bigint')
    .addColumn('stoppedAt', 'bigint')
    .execute()
}

async function addDeliveries(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('deliveries')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('incidentId', text, c => c.notNull())
    .addColumn('round', 'integer', c => c.notNull())
    .addColumn('step', 'integer', c => c.notNull())
    .addColumn('recipientType', text, c => c.notNull())
    .addColumn('recipientId', text, c => c.notNull())
    .addColumn('recipientName', text, c => c.notNull())
    .addColumn('channelId', text, c => c.notNull())
    .addColumn('channelKind', text, c => c.notNull())
    .addColumn('urgent', 'integer', c => c.notNull())
    .addColumn('state', text, c => c.notNull())
    .addColumn('reason', text)
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('sending', 'integer', c => c.notNull())
    .addColumn('enqueueAt', 'bigint')
    .addColumn('enqueued', 'integer', c => c.notNull())
    .addColumn('providerId', text)
    .addColumn('code', text)
    .addColumn('codeUntil', 'bigint')
    .addColumn('queuedAt', 'bigint', c => c.notNull())
    .addColumn('triedAt', 'bigint')
    .addColumn('sentAt', 'bigint')
    .addColumn('deliveredAt', 'bigint')
    .addColumn('seenAt', 'bigint')
    .addColumn('acceptedAt', 'bigint')
    .addColumn('failedAt', 'bigint')
    .execute()
  await sql`create unique index deliveries_once on deliveries
    (incident_id, round, step, recipient_type, recipient_id, channel_id)`.execute(db)
  await sql`create unique index deliveries_code on deliveries (code) where code is not null`.execute(db)
  await sql`create index deliveries_to_enqueue on deliveries (urgent, enqueue_at)
    where enqueue_at is not null`.execute(db)
}
