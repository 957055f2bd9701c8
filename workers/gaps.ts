// Gaps of the hub itself, as its logs show them. Ticks come every ten seconds, so where nothing at all stands for
// longer nobody was there to listen, and no device was silent. The owner of a partition knows of one more: it ticks,
// and no broker is there (ear.ts).

import type { StoredRecord } from '../broker/entry.ts'
import type { EpochMs } from '../model/units.ts'
import type { Table } from './state.ts'

/** Six ticks: a busy hub is late by less. */
export const GAP_FROM_MS = 60_000

/** The payload of a tick; none when devices were listened to. */
export type TickPayload = { gapMs: number }

export type Gaps = {
  /** The next record of the log was received at `now`, the one before it at `before`; 0 for the first of all. */
  pass(before: EpochMs, now: EpochMs): void
  /** How long nobody was listened to since the last tick, by the log and by the word of this one. */
  until(tick: StoredRecord): number
}

/** Counts gaps; those that no tick has told of yet are kept in `meta`. */
export function countGaps(meta: Table<number>): Gaps {
  return {
    pass(before, now) {
      if (before > 0 && now - before > GAP_FROM_MS) meta.set('gapMs', (meta.get('gapMs') ?? 0) + now - before)
    },
    until({ text }) {
      const gapMs = meta.get('gapMs') ?? 0
      if (gapMs > 0) meta.delete('gapMs')
      return text === '' ? gapMs : Math.max(gapMs, (JSON.parse(text) as TickPayload).gapMs)
    },
  }
}
