// How a console begins: `hello`, then everything after its cursor in order, then live — with no entry missing
// and none twice where the two meet.

import type { HealthProblem } from '../../model/feed.ts'
import type { Records } from '../../records/db.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { feedAfter, oldestSeq } from '../../records/timeline.ts'
import type { FeedConsole } from './console.ts'
import { toItem } from './item.ts'
import type { FeedReader } from './reader.ts'

/** Where a console wants to go on; without `since`, from now. */
export type Cursor = { since?: number | undefined; epoch?: string | undefined }

/** The feed's bounds: `seq` is its newest place, `oldest` the first that can be replayed. */
export type Bounds = { epoch: string; seq: number; oldest: number }

export function readBounds(records: Records): Promise<Bounds> {
  return readSnapshot(records, async tx => ({ epoch: records.epoch, oldest: await oldestSeq(tx) }))
}

export type Start =
  | { from: number }
  /** The cursor is of another database, ahead of this one, or older than what is kept: lists must be reloaded. */
  | { reset: 'other_epoch' | 'ahead' | 'too_old' }

/** Decides where a console goes on from. */
export function startOf({ since, epoch }: Cursor, bounds: Bounds): Start {
  if (epoch !== undefined && epoch !== bounds.epoch) return { reset: 'other_epoch' }
  if (since === undefined) return { from: bounds.seq }
  if (since > bounds.seq) return { reset: 'ahead' }
  if (since < bounds.oldest - 1) return { reset: 'too_old' }
  return { from: since }
}

/**
 * Greets a console and replays until it stands where the reader stands; `join` is then called in the same turn,
 * so that whatever the reader hands out next finds it among the live ones.
 */
export async function greet(
  console: FeedConsole,
  {
    records,
    reader,
    cursor,
    pageEntries,
    problems,
    join,
  }: {
    records: Records
    reader: FeedReader
    cursor: Cursor
    pageEntries: number
    /** What is wrong with the hub right now. */
    problems: () => readonly HealthProblem[]
    join: (console: FeedConsole) => void
  },
): Promise<void> {
  console.socket.pause() // what it displays is taken once it is known where it stands
  const bounds = await readBounds(records).finally(() => console.socket.resume())
  const start = startOf(cursor, bounds)
  console.send({ type: 'hello', ...bounds })
  if ('reset' in start) console.send({ type: 'reset', ...bounds })
  console.tell(problems())
  console.startAt('from' in start ? start.from : bounds.seq)
  while (console.isOpen) {
    const rows = await feedAfter(records.read, { seq: console.place, limit: pageEntries })
    for (const row of rows) console.offer(toItem(row), null)
    // Entries that were committed since this read are either still to be handed out by the reader, which skips
    // what a console has, or already handed out: then the console is behind the reader and reads once more.
    if (rows.length < pageEntries && console.place >= reader.place) return join(console)
    await console.drained()
  }
}
