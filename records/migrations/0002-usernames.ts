// No two accounts have user names that differ in capitals alone; and they are found however they are typed.

import { type Kysely, sql } from 'kysely'

/**
 * An older hub may have taken two such names. They stay as they are, because people sign in by them: then the
 * index only finds names, and the registry alone refuses new ones, as it did before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } =
    await sql`select lower(username) from users group by lower(username) having count(*) > 1`.execute(db)
  const unique = rows.length === 0 ? sql`unique ` : sql``
  await sql`create ${unique}index users_name on users (lower(username))`.execute(db)
}
