// Members of an outage wait here for their place on its list: a transaction carries only some of them.

import { type Kysely, sql } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('silences').addColumn('unlisted', textType(db)).execute()
  await sql`create index silences_unlisted on silences (incident_id) where unlisted is not null`.execute(db)
}
