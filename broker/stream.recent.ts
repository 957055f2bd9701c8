// The newest entries of the embedded logs, in memory: whoever stands at the end of a log, as rules, desk and archive
// do, reads them without asking the file. They come in when they are on the disk, and go when they are many.

import type { LogEntry } from './stream.ts'

/** Of all logs together: some seconds of a city. */
export const RECENT_BYTES = 32 * 1024 * 1024
/** Entries that one read takes of a log at most. */
export const READ_ENTRIES = 256

export type Recent = {
  /** An entry that was stored at `pos`, behind all others of its log. `data` is kept, not copied. */
  add(log: number, pos: number, entry: LogEntry): void
  /** The log has no entry behind `pos`, as its file says. */
  endsAt(log: number, pos: number): void
  /**
   * What stands behind `after`, up to about `maxBytes`; undefined: only the file can tell.
   */
  read(log: number, after: number, maxBytes: number): readonly LogEntry[] | undefined
  /** The log has let go of everything up to here. */
  trimmed(log: number, upTo: number): void
  /** What is stored may be other than what was said: from here on the file is asked. */
  forget(): void
}

/** Entries of one log behind `from`, without a gap. */
type Tail = { from: number; positions: number[]; entries: LogEntry[]; bytes: number }

export function openRecent({ maxBytes = RECENT_BYTES }: { maxBytes?: number } = {}): Recent {
  const tails = new Map<number, Tail>()
  /** Logs in the order in which their entries came: the first is the one whose oldest goes next. */
  let order: number[] = []
  let gone = 0
  let bytes = 0

  function dropOldest(tail: Tail, count: number): void {
    if (count === 0) return
    tail.from = tail.positions[count - 1] as number
    tail.positions.splice(0, count)
    for (const entry of tail.entries.splice(0, count)) {
      tail.bytes -= sizeOf(entry)
      bytes -= sizeOf(entry)
    }
  }

  function makeRoom(): void {
    while (bytes > maxBytes && gone < order.length) {
      const tail = tails.get(order[gone++] as number)
      if (tail && tail.entries.length > 0) dropOldest(tail, 1)
    }
    if (gone < 1_000 || gone < order.length / 2) return
    order = order.slice(gone)
    gone = 0
  }

  return {
    add(log, pos, entry) {
      const tail = tails.get(log)
      // What stands before it is not known: readers come as far as here by the file.
      if (tail === undefined) return void tails.set(log, { from: pos, positions: [], entries: [], bytes: 0 })
      tail.positions.push(pos)
      tail.entries.push(entry)
      tail.bytes += sizeOf(entry)
      bytes += sizeOf(entry)
      order.push(log)
      makeRoom()
    },

    endsAt(log, pos) {
      if (!tails.has(log)) tails.set(log, { from: pos, positions: [], entries: [], bytes: 0 })
    },

    read(log, after, maxBytes) {
      const tail = tails.get(log)
      if (tail === undefined || after < tail.from) return undefined
      const first = firstBehind(tail.positions, after)
      const last = Math.min(tail.entries.length, first + READ_ENTRIES)
      let read = 0
      for (let at = first; at < last; at++) {
        read += tail.entries[at]?.data.length ?? 0
        if (read >= maxBytes) return tail.entries.slice(first, at + 1)
      }
      return tail.entries.slice(first, last)
    },

    trimmed(log, upTo) {
      const tail = tails.get(log)
      if (tail === undefined) return
      dropOldest(tail, firstBehind(tail.positions, upTo))
      tail.from = Math.max(tail.from, upTo)
    },

    forget() {
      tails.clear()
      order = []
      gone = 0
      bytes = 0
    },
  }
}

/** The memory that an entry keeps: its buffer may be longer than what stands in it. */
const sizeOf = ({ data }: LogEntry): number => data.buffer.byteLength

/** The index of the first position behind `after`; positions rise. */
function firstBehind(positions: readonly number[], after: number): number {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((positions[middle] as number) <= after) low = middle + 1
    else high = middle
  }
  return low
}
