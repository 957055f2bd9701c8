// What somebody is doing just now, known to the transaction that does it: whoever answers a request says so once, and
// the registry's and the desk's transactions write it down with what they change, without each of them thinking of it.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Db, Tx } from './db.ts'

export type Deed = {
  /** It stands in the log, committed; or its request is over. */
  isWritten: boolean
  /** Writes it into the log as the last thing of the transaction that does it; `done` is what came of that. */
  append(tx: Tx, done: unknown): Promise<void>
}

const current = new AsyncLocalStorage<Deed>()

/** Runs `work`, and all that it leads to, as this deed. */
export const doing = <T>(deed: Deed, work: () => T): T => current.run(deed, work)

/**
 * A transaction that also writes down the deed which it belongs to, if there is one. It may be tried again: the deed
 * counts as written when it is committed.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const deed = current.getStore()
  if (deed === undefined || deed.isWritten) return db.transaction().execute(work)
  let isAppended = false
  const result = await db.transaction().execute(async tx => {
    const done = await work(tx)
    isAppended = isDone(done)
    if (isAppended) await deed.append(tx, done)
    return done
  })
  if (isAppended) deed.isWritten = true
  return result
}

/** A refusal is a value, too: `{ ok: false, … }`, or the word for "somebody was faster, again". */
function isDone(result: unknown): boolean {
  if (typeof result === 'string') return result !== 'moved'
  return !(typeof result === 'object' && result !== null && 'ok' in result && result.ok === false)
}
