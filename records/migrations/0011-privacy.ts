// What figures are counted by.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('timelineKind').on('timeline').columns(['kind', 'at']).execute()
  await db.schema.createIndex('incidentsRaised').on('incidents').column('raisedAt').execute()
}
