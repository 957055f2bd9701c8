// How far back the feed has everything: entries of alarms that were let go of leave gaps, and a console that would go on
// from before one of them has to read the lists anew.

import type { Db, Tx } from './db.ts'

const KEY = 'feedGapAt'

/** Entries at these places are deleted in this transaction. */
export async function noteFeedGap(tx: Tx, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return
  const value = String(Math.max(await newestFeedGap(tx), ...seqs))
  await tx
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

/** The newest place of which the entry was let go of; 0 when there is none. */
export async function newestFeedGap(db: Db): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst()
  return Number(row?.value ?? 0)
}
