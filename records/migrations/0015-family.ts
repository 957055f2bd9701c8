// By which account a contact looks after their elder: found by the account.

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index contacts_account on contacts (user_id) where user_id is not null`.execute(db)
}
