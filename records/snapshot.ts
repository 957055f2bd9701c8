// Reads that must agree with each other: a list and the place in the feed that it was true at.

import type { Db, Records, Tx } from './db.ts'
import { lastSeq } from './db.ts'

/**
 * Runs `read` in one snapshot of the records and adds `seq`, the newest place in the feed that the snapshot
 * holds: whoever follows the feed from there misses nothing and sees nothing twice.
 */
export function readSnapshot<T extends object>(
  records: Records,
  read: (tx: Tx) => Promise<T>,
): Promise<T & { seq: number }> {
  return snapshot(records.read).execute(async tx => {
    const seq = await lastSeq(tx, 'feed')
    return { ...(await read(tx)), seq }
  })
}

// An engine with several writers sees their commits between two statements unless it is told not to.
const snapshot = (db: Db) => db.transaction().setIsolationLevel('repeatable read')
