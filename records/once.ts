// Requests that carry a key, so that one whose answer was lost can be sent again: that each was done is written in the
// transaction that does it, and what it was answered with soon after.

import type { Db, Tx } from './db.ts'
import type { Row } from './schema.ts'

/** Which request: `keyHash` of what its sender calls it, `requestHash` of that and of all that it asks for; SHA-256 in hex. */
export type AskedOnce = Pick<Row<'doneRequests'>, 'actorId' | 'keyHash' | 'requestHash'>

/** `sealedAnswer` only opens with the key itself; null where it was not kept. */
export type DoneRequest = Pick<Row<'doneRequests'>, 'requestHash' | 'status' | 'sealedAnswer'>

/** What is known of a request by its key; undefined: it was not done. */
export function findDone(
  db: Db,
  { actorId, keyHash }: Pick<AskedOnce, 'actorId' | 'keyHash'>,
): Promise<DoneRequest | undefined> {
  return db
    .selectFrom('doneRequests')
    .select(['requestHash', 'status', 'sealedAnswer'])
    .where('actorId', '=', actorId)
    .where('keyHash', '=', keyHash)
    .executeTakeFirst()
}

/** Writes down, with what it does, that a request is done. False: another one with its key was faster. */
export async function markDone(tx: Tx, asked: AskedOnce & { at: number }): Promise<boolean> {
  const { at: doneAt, ...request } = asked
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('doneRequests')
    .values({ ...request, doneAt, status: null, sealedAnswer: null })
    .onConflict(conflict => conflict.columns(['actorId', 'keyHash']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Keeps what a request was answered with, for when it comes again. */
export async function keepAnswer(
  db: Db,
  { actorId, keyHash }: Pick<AskedOnce, 'actorId' | 'keyHash'>,
  answer: { status: number; sealedAnswer: string },
): Promise<void> {
  await db
    .updateTable('doneRequests')
    .set(answer)
    .where('actorId', '=', actorId)
    .where('keyHash', '=', keyHash)
    .execute()
}

/** Lets go of those that were done before. */
export async function forgetDone(db: Db, { before }: { before: number }): Promise<void> {
  await db.deleteFrom('doneRequests').where('doneAt', '<', before).execute()
}
