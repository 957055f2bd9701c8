// Messages are listed the newest first, of one alarm and of all: an alarm that nobody answers for a night has thousands.

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index deliveries_of_alarm on deliveries (incident_id, (-queued_at), id)`.execute(db)
  await sql`create index deliveries_newest on deliveries ((-queued_at), id)`.execute(db)
}
