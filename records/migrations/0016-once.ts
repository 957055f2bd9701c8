// Requests that may come twice and are done once: what came of each, for a day.

import type { Kysely } from 'kysely'
import { textType } from '../engine.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('doneRequests')
    .addColumn('actorId', text, c => c.notNull())
    .addColumn('keyHash', text, c => c.notNull())
    .addColumn('requestHash', text, c => c.notNull())
    .addColumn('doneAt', 'bigint', c => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('sealedAnswer', text)
    .addPrimaryKeyConstraint('doneRequestsId', ['actorId', 'keyHash'])
    .execute()
  await db.schema.createIndex('doneRequestsAt').on('doneRequests').column('doneAt').execute()
}
