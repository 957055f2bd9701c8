// What the rules want to know of an elder, a device and a zone; commands to devices.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  const alter = (table: string) => db.schema.alterTable(table)

  await alter('residents')
    .addColumn('timeZone', text, c => c.notNull().defaultTo('Asia/Shanghai'))
    .execute()
  await alter('residents')
    .addColumn('wakingFrom', text, c => c.notNull().defaultTo('07:00'))
    .execute()
  await alter('residents')
    .addColumn('wakingTo', text, c => c.notNull().defaultTo('21:00'))
    .execute()
  await alter('residents').addColumn('checkInBy', text).execute()
  await alter('residents').addColumn('awayUntil', 'bigint').execute()
  await alter('residents').addColumn('thresholdsJson', text).execute()

  await alter('devices').addColumn('intervalMs', 'bigint').execute()

  await alter('zones')
    .addColumn('scheduleJson', text, c => c.notNull().defaultTo('[]'))
    .execute()
  await alter('zones').addColumn('timeZone', text).execute()

  await addCommands(db)
  await addAbsence(db)
  await addHistoryHoles(db)
}

/** What the archive gave up: messages of a part of the log that are in no chart. */
async function addHistoryHoles(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('historyHoles')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('partition', 'integer', c => c.notNull())
    .addColumn('lane', text, c => c.notNull())
    .addColumn('fromAt', 'bigint', c => c.notNull())
    .addColumn('toAt', 'bigint', c => c.notNull())
    .addColumn('records', 'bigint', c => c.notNull())
    .execute()
  await db.schema.createIndex('historyHolesAt').on('historyHoles').columns(['partition', 'toAt']).execute()
}

/** What devices are asked to do. */
async function addCommands(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('commands')
    .addColumn('id', text, c => c.primaryKey())
    .addColumn('seq', 'bigint', c => c.notNull().unique())
    .addColumn('deviceId', text, c => c.notNull())
    .addColumn('name', text, c => c.notNull())
    .addColumn('argsJson', text, c => c.notNull())
    .addColumn('state', text, c => c.notNull())
    .addColumn('createdAt', 'bigint', c => c.notNull())
    .addColumn('expiresAt', 'bigint', c => c.notNull())
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('triedAt', 'bigint')
    .addColumn('sentAt', 'bigint')
    .addColumn('ackedAt', 'bigint')
    .addColumn('detail', text)
    .addColumn('byUserId', text)
    .addColumn('incidentId', text)
    .addColumn('undoOf', text, c => c.unique())
    .addColumn('overAt', 'bigint')
    .execute()
  await db.schema.createIndex('commandsDevice').on('commands').columns(['deviceId', 'seq']).execute()
  await sql`create index commands_pending on commands (device_id, seq)
    where state in ('queued', 'sent')`.execute(db)
  await sql`create index commands_expiring on commands (expires_at)
    where state in ('queued', 'sent')`.execute(db)
  // What an alarm asks of a device it asks once, until that is over: held by the database.
  await sql`create unique index commands_tracking on commands (incident_id, device_id, name)
    where incident_id is not null and undo_of is null and over_at is null`.execute(db)
  await sql`create index commands_incident on commands (incident_id) where incident_id is not null`.execute(
    db,
  )
  await sql`insert into counters (name, value) values ('commands', 0)`.execute(db)
}

/** Who is silent, and who has said today that they are well. */
async function addAbsence(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('silences')
    .addColumn('deviceId', text, c => c.primaryKey())
    .addColumn('areaId', text, c => c.notNull())
    .addColumn('severity', text, c => c.notNull())
    .addColumn('since', 'bigint', c => c.notNull())
    .addColumn('freshUntil', 'bigint', c => c.notNull())
    .addColumn('heardAt', 'bigint')
    .addColumn('incidentId', text)
    .execute()
  await sql`create index silences_outage on silences (incident_id) where incident_id is not null`.execute(db)
  await db.schema.createIndex('silencesFresh').on('silences').column('freshUntil').execute()
  await db.schema
    .createTable('checkIns')
    .addColumn('residentId', text, c => c.primaryKey())
    .addColumn('day', text, c => c.notNull())
    .execute()
}
