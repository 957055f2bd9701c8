// Telephone: numbers in one form, by which a call finds its elder, and the calls that the switch reports.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema.alterTable('devices').addColumn('phone', text).execute()
  // What stands in `phone` is read into them when the gateway starts (call-numbers.ts).
  for (const table of ['residents', 'contacts', 'devices']) {
    await db.schema.alterTable(table).addColumn('number', text).execute()
    await sql`create index ${sql.ref(`${table}_number`)} on ${sql.ref(table)} (number)
      where number is not null and archived_at is null`.execute(db)
  }
  await db.schema
    .createTable('calls')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('accountId', text, c => c.notNull())
    .addColumn('callId', text, c => c.notNull())
    .addColumn('direction', text, c => c.notNull())
    .addColumn('areaId', text, c => c.notNull())
    .addColumn('fromText', text)
    .addColumn('toText', text)
    .addColumn('number', text)
    .addColumn('startedAt', 'bigint', c => c.notNull())
    .addColumn('ringingAt', 'bigint')
    .addColumn('answeredAt', 'bigint')
    .addColumn('endedAt', 'bigint')
    .addColumn('missedAt', 'bigint')
    .addColumn('changedAt', 'bigint', c => c.notNull())
    .addColumn('ownerId', text)
    .addColumn('residentId', text)
    .addColumn('incidentId', text)
    .addColumn('recordingUrl', text)
    .execute()
  await sql`create unique index calls_reported on calls (account_id, call_id)`.execute(db)
  await sql`create index calls_open on calls (changed_at) where ended_at is null and missed_at is null`.execute(
    db,
  )
  await db.schema.createIndex('callsChanged').on('calls').column('changedAt').execute()
  await sql`create index calls_to_join on calls (started_at) where incident_id is null`.execute(db)
  await sql`create index calls_incident on calls (incident_id) where incident_id is not null`.execute(db)
}
