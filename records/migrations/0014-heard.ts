// Since when a device has been there at all.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('devices').addColumn('heardAt', 'bigint').execute()
}
