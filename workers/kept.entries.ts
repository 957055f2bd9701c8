// Entries of a log, read for a history: message by message, and how many of each kind there were.

import { decodeEntry } from '../broker/entry.ts'
import type { Kept, LoggedEntry, Written } from './history.ts'
import { keptIn } from './kept.ts'

/** `Written`, while it is being counted. */
export type Tally = { sample: number; event: number; motion: number; refused: number; unread: Unread[] }
type Unread = Written['unread'][number]

export const emptyTally = (): Tally => ({ sample: 0, event: 0, motion: 0, refused: 0, unread: [] })

/** All that is kept of `entries`, counted into `tally`. One that cannot be read is noted there and passed over. */
export function* keptOf(entries: readonly LoggedEntry[], tally: Tally): Generator<readonly Kept[], void> {
  for (const [index, { lane, data }] of entries.entries()) {
    try {
      for (const some of keptIn(decodeEntry(data), lane)) {
        for (const { type } of some) tally[type]++
        yield some
      }
    } catch (error) {
      tally.unread.push({ index, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}
