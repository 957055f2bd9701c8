// Commands on their way to devices: what the broker reads of them, and what it writes down of their way. Nothing
// that is final ever changes again, whoever was late.

import { sql } from 'kysely'
import { type CommandName, PENDING_STATES } from '../model/command.ts'
import { type Db, lastSeq, type Records, type Tx, writeDesk } from './db.ts'
import { readSlices, slicesOf } from './slices.ts'

/** A command that its device has not answered. Times are epoch ms. */
export type PendingCommand = {
  id: string
  deviceId: string
  name: CommandName
  argsJson: string
  expiresAt: number
  attempts: number
  /** When it was sent last. */
  triedAt: number | null
}

/** What a device says about a command. */
export type Answer = { id: string; deviceId: string; ok: boolean; detail: string | null }

/** `unknown`: there is no such command of this device. `late`: it had ended already. */
export type AnswerOutcome = 'acked' | 'failed' | 'late' | 'unknown'

/** Rows a transaction: an alarm that is to be written meanwhile waits for no more than this. */
const ROWS_PER_WRITE = 100

/** The place of the newest command. */
export const newestCommand = (db: Db): Promise<number> => lastSeq(db, 'commands')

/** Whom commands after `seq` are for, in the order in which they were written; at most `limit`. */
export function commandsAfter(
  db: Db,
  { seq, limit }: { seq: number; limit: number },
): Promise<{ seq: number; deviceId: string }[]> {
  return db
    .selectFrom('commands')
    .select(['seq', 'deviceId'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** What these devices have not answered; of each in the order in which it was asked. */
export const pendingCommands = (db: Db, deviceIds: readonly string[]): Promise<PendingCommand[]> =>
  readSlices(deviceIds, slice =>
    db
      .selectFrom('commands')
      .select(['id', 'deviceId', 'name', 'argsJson', 'expiresAt', 'attempts', 'triedAt'])
      .where('deviceId', 'in', slice)
      .where('state', 'in', PENDING_STATES)
      .orderBy('deviceId')
      .orderBy('seq')
      .execute(),
  )

/**
 * Writes down that these are sent now, before they are: what was never counted was never sent. Returns the ids of
 * those that are still to be sent.
 */
export async function claimCommands(
  records: Pick<Records, 'db'>,
  { ids, at }: { ids: readonly string[]; at: number },
): Promise<Set<string>> {
  const claimed = await eachSlice(records, ids, (tx, slice) =>
    tx
      .updateTable('commands')
      .set(e => ({ attempts: e('attempts', '+', 1), triedAt: at }))
      .where('id', 'in', slice)
      .where('state', 'in', PENDING_STATES)
      .where('expiresAt', '>', at)
      .returning('id')
      .execute(),
  )
  return new Set(claimed.map(({ id }) => id))
}

/** Writes down that devices have taken these over. Returns how many were not known to be. */
export async function noteDelivered(
  records: Pick<Records, 'db'>,
  { ids, at }: { ids: readonly string[]; at: number },
): Promise<number> {
  const delivered = await eachSlice(records, ids, (tx, slice) =>
    tx
      .updateTable('commands')
      .set({ state: 'sent', sentAt: at })
      .where('id', 'in', slice)
      .where('state', '=', 'queued')
      .returning('id')
      .execute(),
  )
  return delivered.length
}

/** Writes down what devices say, and says of each what came of it. Most that comes in masses is about nothing. */
export async function noteAnswers(
  records: Pick<Records, 'db' | 'read'>,
  { answers, at }: { answers: readonly Answer[]; at: number },
): Promise<AnswerOutcome[]> {
  const ids = [...new Set(answers.map(({ id }) => id))]
  const rows = await readSlices(ids, slice =>
    records.read
      .selectFrom('commands')
      .select(['id', 'deviceId', 'state'])
      .where('id', 'in', slice)
      .execute(),
  )
  const known = new Map(rows.map(row => [row.id, row]))
  const isPending = ({ id, deviceId }: Answer): boolean => {
    const row = known.get(id)
    return row?.deviceId === deviceId && PENDING_STATES.some(state => state === row.state)
  }
  const written = new Set<Answer>()
  for (const slice of slicesOf(answers.filter(isPending), ROWS_PER_WRITE))
    await writeDesk(records, async tx => {
      for (const answer of slice) if (await writeAnswer(tx, answer, at)) written.add(answer)
    })
  return answers.map(answer => {
    if (written.has(answer)) return answer.ok ? 'acked' : 'failed'
    return known.get(answer.id)?.deviceId === answer.deviceId ? 'late' : 'unknown'
  })
}

async function writeAnswer(tx: Tx, { id, deviceId, ok, detail }: Answer, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('commands')
    .set({ state: ok ? 'acked' : 'failed', ackedAt: at, detail })
    .where('id', '=', id)
    .where('deviceId', '=', deviceId)
    .where('state', 'in', PENDING_STATES)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Written out: SQLite takes the index of those that wait only where the statement says that they do. */
const PENDING_WORDS = PENDING_STATES.map(state => sql.lit(state))

/** Ends what was not answered in time. Returns how many there were. */
export async function expireCommands(records: Pick<Records, 'db' | 'read'>, at: number): Promise<number> {
  let all = 0
  for (;;) {
    // Almost always there are none: find that out without keeping a writer busy.
    const due = await records.read
      .selectFrom('commands')
      .select('id')
      .where('state', 'in', PENDING_WORDS)
      .where('expiresAt', '<=', at)
      .orderBy('expiresAt')
      .limit(ROWS_PER_WRITE)
      .execute()
    if (due.length === 0) return all
    const ids = due.map(({ id }) => id)
    const expired = await eachSlice(records, ids, (tx, slice) =>
      tx
        .updateTable('commands')
        .set({ state: 'expired' })
        .where('id', 'in', slice)
        .where('state', 'in', PENDING_STATES)
        .returning('id')
        .execute(),
    )
    all += expired.length
    if (due.length < ROWS_PER_WRITE) return all
  }
}

type Ids = readonly { id: string }[]

async function eachSlice(
  records: Pick<Records, 'db'>,
  ids: readonly string[],
  write: (tx: Tx, slice: readonly string[]) => Promise<Ids>,
): Promise<Ids> {
  const written: { id: string }[] = []
  for (const slice of slicesOf(ids, ROWS_PER_WRITE))
    written.push(...(await writeDesk(records, tx => write(tx, slice))))
  return written
}
