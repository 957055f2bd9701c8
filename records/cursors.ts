// How far readers of stream logs have come. The row moves in the transaction that holds what was read, from
// the position that the reader started at: a second owner of the same log can never apply an entry twice.

import type { Db } from './db.ts'
import type { Statement } from './whole.ts'

const EPOCH_KEY = 'streamEpoch'

/** `from` is null when nothing of the log was ever applied. */
export type CursorMove = { log: string; from: string | null; to: string }

/** Positions by log; a log that nothing was applied of is missing. */
export async function readCursors(db: Db, logs: readonly string[]): Promise<Map<string, string>> {
  if (logs.length === 0) return new Map()
  const rows = await db.selectFrom('cursors').selectAll().where('log', 'in', logs).execute()
  return new Map(rows.map(({ log, position }) => [log, position]))
}

/**
 * Moves cursors that stand where they are to be moved from. One that does not was moved by another owner: the
 * transaction fails with what `otherwise` makes of its log.
 */
export const cursorStatements = (
  db: Db,
  moves: readonly CursorMove[],
  otherwise: (log: string) => Error,
): Statement[] =>
  moves.map(move => ({
    query: moving(db, move).compile(),
    must: { change: 1, otherwise: () => otherwise(move.log) },
  }))

function moving(db: Db, { log, from, to }: CursorMove) {
  const row = { log, position: to }
  return from === null
    ? db
        .insertInto('cursors')
        .values(row)
        .onConflict(conflict => conflict.column('log').doNothing())
    : db.updateTable('cursors').set({ position: to }).where('log', '=', log).where('position', '=', from)
}

/** The epoch of the stream that the cursors belong to; undefined before the first. */
export async function streamOfCursors(db: Db): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', EPOCH_KEY).executeTakeFirst()
  return row?.value
}

/** Forgets the cursors of these logs, and notes that all others belong to the stream of this epoch. */
export async function forgetCursors(
  db: Db,
  { logs, epoch }: { logs: readonly string[]; epoch: string },
): Promise<void> {
  await db.transaction().execute(async tx => {
    if (logs.length > 0) await tx.deleteFrom('cursors').where('log', 'in', logs).execute()
    await tx
      .insertInto('meta')
      .values({ key: EPOCH_KEY, value: epoch })
      .onConflict(conflict => conflict.column('key').doUpdateSet({ value: epoch }))
      .execute()
  })
}
