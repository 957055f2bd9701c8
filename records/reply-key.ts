// The key by which the hub knows the links that it has sent: made once, with the records, and the same for every process.

import { newSecret } from '../model/id.ts'
import type { Db } from './db.ts'

const KEY = 'reply_key'

/** 384 random bits, as text. */
export async function replyKey(db: Db): Promise<string> {
  await db
    .insertInto('meta')
    .values({ key: KEY, value: newSecret() + newSecret() })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirstOrThrow()
  return row.value
}
