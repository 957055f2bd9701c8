// How many messages have lately begun on each channel: one row that all processes share, since whoever counts them on the
// other side does not know of processes. What may begin is decided elsewhere (alerts/rate.ts).

import type { Db, Records } from './db.ts'

/** Times by the database's clock, epoch ms, and how many began then; the oldest first. */
export type BegunRow = readonly (readonly [from: number, count: number])[]

/** `json` is the row as it stands, by which a write knows it again; undefined where there is none yet. */
export type SeenAllowance = { begun: BegunRow; json: string | undefined; now: number }

export async function readAllowance(
  { db, now }: Pick<Records, 'db' | 'now'>,
  channelId: string,
): Promise<SeenAllowance> {
  const row = await db
    .selectNoFrom(e => [
      now().as('now'),
      e.selectFrom('allowances').select('begunJson').where('channelId', '=', channelId).as('begunJson'),
    ])
    .executeTakeFirstOrThrow()
  const json = row.begunJson ?? undefined
  return { begun: json === undefined ? [] : begunIn(json), json, now: Number(row.now) }
}

/** False when somebody else has written it since it was seen: nothing is kept then. */
export async function storeAllowance(
  { db }: { db: Db },
  { channelId, seen, begun }: { channelId: string; seen: string | undefined; begun: BegunRow },
): Promise<boolean> {
  const begunJson = JSON.stringify(begun)
  const written =
    seen === undefined
      ? db
          .insertInto('allowances')
          .values({ channelId, begunJson })
          .onConflict(conflict => conflict.doNothing())
          .returning('channelId')
      : db
          .updateTable('allowances')
          .set({ begunJson })
          .where('channelId', '=', channelId)
          .where('begunJson', '=', seen)
          .returning('channelId')
  return (await written.executeTakeFirst()) !== undefined
}

/** What somebody else wrote into the database counts as nothing. */
function begunIn(json: string): BegunRow {
  try {
    const stored: unknown = JSON.parse(json)
    return Array.isArray(stored) && stored.every(isCount) ? stored : []
  } catch {
    return []
  }
}

const isCount = (one: unknown): one is BegunRow[number] =>
  Array.isArray(one) && one.length === 2 && one.every(part => Number.isSafeInteger(part))
