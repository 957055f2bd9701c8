// Gaps of the hub itself, as its logs show them. Ticks come every ten seconds, so where nothing at all stands for
// longer nobody was there to listen, and no device was silent. The owner of a partition knows of one more: it ticks,
// and no broker is there (ear.ts). It is believed unless a device was heard all the same.

import type { RecordKind, StoredRecord } from '../broker/entry.ts'
import type { EpochMs } from '../model/units.ts'
import type { Table } from './state.ts'

/** Six ticks: a busy hub is late by less. */
export const GAP_FROM_MS = 60_000

/** The payload of a tick; none when devices were listened to. */
export type TickPayload = { gapMs: number }

export type Gaps = {
  /** The next record of the log was received at `now`, the one before it at `before`; 0 for the first of all. */
  pass(kind: RecordKind, before: EpochMs, now: EpochMs): void
  /** How long nobody was listened to since the last tick, by the log and by the word of this one. */
  until(tick: StoredRecord): number
}

/** Counts gaps; what no tick has told of yet is kept in `meta`. */
export function countGaps(meta: Table<number>): Gaps {
  let isHeard = meta.get('heard') === 1

  function hear(): void {
    isHeard = true
    meta.set('heard', 1)
  }

  /** What the owner says of the time since the last tick. */
  function toldBy({ text }: StoredRecord): number {
    const wasHeard = isHeard
    isHeard = false
    if (wasHeard) meta.delete('heard')
    return wasHeard || text === '' ? 0 : (JSON.parse(text) as TickPayload).gapMs
  }

  return {
    pass(kind, before, now) {
      if (!isHeard && kind !== 'tick' && kind !== 'context') hear()
      if (before > 0 && now - before > GAP_FROM_MS) meta.set('gapMs', (meta.get('gapMs') ?? 0) + now - before)
    },
    until(tick) {
      const gapMs = meta.get('gapMs') ?? 0
      if (gapMs > 0) meta.delete('gapMs')
      return Math.max(gapMs, toldBy(tick))
    },
  }
}
