// How a console begins: `hello`, then everything after its cursor in order, then live — with no entry missing
// and none twice where the two meet.

import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../model/time.ts'
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

export type GreetingParts = {
  records: Records
  clock: Clock
  reader: FeedReader
  cursor: Cursor
  pageEntries: number
  /** What is wrong with the hub right now, and what it could not record yet. */
  tellStanding: (console: FeedConsole) => void
  join: (console: FeedConsole) => void
}

/**
 * Greets a console and replays until it stands where the reader stands; `join` is then called in the same turn,
 * so that whatever the reader hands out next finds it among the live ones. While the records are away it is greeted
 * all the same, with what this gateway knew last, and the replay follows when they are back.
 */
export async function greet(console: FeedConsole, parts: GreetingParts): Promise<void> {
  const { records, clock, reader, cursor, pageEntries, tellStanding, join } = parts
  console.socket.pause() // what it displays is taken once it is known where it stands
  const known = await soon(() => readBounds(records)).finally(() => console.socket.resume())
  const place = known ?? { epoch: records.epoch, seq: reader.place, oldest: 1 }
  console.send({ type: 'hello', at: clock.now(), ...place })
  const bounds = known ?? (await boundsAtLast(console, parts))
  if (!bounds) return
  const start = startOf(cursor, bounds)
  if ('reset' in start) console.send({ type: 'reset', ...bounds })
  if (known) tellStanding(console)
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

/** Records that have not answered by then are away: a console that waits longer for its greeting gives up. */
const ANSWER_WITHIN_MS = 2_000
const TRY_AGAIN_MS = 1_000

/** What it resolves to; undefined when it rejects, or takes too long. */
const soon = <T>(ask: () => Promise<T>): Promise<T | undefined> =>
  Promise.race([
    (async () => ask())().catch(() => undefined),
    wait(ANSWER_WITHIN_MS, undefined, { ref: false }),
  ])

/** The bounds when the records are back; undefined when the console has gone before. */
async function boundsAtLast(
  console: FeedConsole,
  { records, tellStanding }: GreetingParts,
): Promise<Bounds | undefined> {
  tellStanding(console)
  while (console.isOpen) {
    await wait(TRY_AGAIN_MS, undefined, { ref: false })
    const bounds = await soon(() => readBounds(records))
    if (bounds) return bounds
  }
  return undefined
}
