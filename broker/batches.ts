// What waits for the next append: urgent records apart from all others, so that an SOS never shares a long fsync
// with samples. Order is kept within each lane.

import { LANES, type Lane } from '../model/lane.ts'
import type { RawRecord } from './entry.ts'

/** Called once, when everything of a message is stored or cannot be. */
export type Done = (error?: Error) => void

/** The records of one (partition, lane) that go into one entry. */
export type Group = { partition: number; lane: Lane; records: readonly RawRecord[] }

/** What one append holds. */
export type Batch = { groups: Group[]; dones: readonly Done[] }

export type Batches = {
  add(record: RawRecord, to: { partition: number; lane: Lane; done: Done }): void
  /** Bytes of messages that are not urgent. */
  waitingBytes(): number
  /** Urgent first; undefined when nothing waits. */
  next(): Batch | undefined
}

/** More than this of other lanes does not share an fsync with urgent messages: they would wait for it. */
const SHARE_BYTES = 256 * 1024
/** An append keeps the stream busy, and an SOS may come meanwhile: at most this much at a time. */
const APPEND_BYTES = 4 * 1024 * 1024
/** An entry is the unit that a worker reads and folds: small enough for a turn of 10 ms. */
const ENTRY_BYTES = 64 * 1024
/** What a record costs beside its payload, about. */
const RECORD_BYTES = 32

type Pile = { records: Map<number, RawRecord[]>; dones: Done[]; bytes: number }

export function createBatches(): Batches {
  let urgent = emptyPile()
  /** Oldest first; the last one takes what comes. */
  let others: Pile[] = []
  let otherBytes = 0

  function pileFor(lane: Lane): Pile {
    if (lane === 'urgent') return urgent
    const last = others.at(-1)
    if (last && last.bytes < APPEND_BYTES) return last
    const next = emptyPile()
    others.push(next)
    return next
  }

  return {
    add(record, { partition, lane, done }) {
      const pile = pileFor(lane)
      const key = partition * LANES.length + LANES.indexOf(lane)
      const records = pile.records.get(key)
      if (records) records.push(record)
      else pile.records.set(key, [record])
      pile.dones.push(done)
      const bytes = RECORD_BYTES + record.payload.length
      pile.bytes += bytes
      if (lane !== 'urgent') otherBytes += bytes
    },

    waitingBytes: () => otherBytes,

    next() {
      const taken: Pile[] = []
      if (urgent.dones.length > 0) {
        taken.push(urgent)
        urgent = emptyPile()
      }
      const [first] = others
      if (first && (taken.length === 0 || first.bytes <= SHARE_BYTES)) {
        taken.push(first)
        others = others.slice(1)
        otherBytes -= first.bytes
      }
      if (taken.length === 0) return undefined
      // Lanes differ, so no group stands in both.
      return { groups: taken.flatMap(groupsOf), dones: taken.flatMap(pile => pile.dones) }
    },
  }
}

const emptyPile = (): Pile => ({ records: new Map(), dones: [], bytes: 0 })

/** One group an entry: those of a (partition, lane) are split where they would be too large for a turn. */
function groupsOf({ records: byKey }: Pile): Group[] {
  const groups: Group[] = []
  for (const [key, records] of byKey) {
    const lane = LANES[key % LANES.length] as Lane
    const partition = Math.floor(key / LANES.length)
    let from = 0
    let bytes = 0
    for (let i = 0; i < records.length; i++) {
      const length = RECORD_BYTES + (records[i]?.payload.length ?? 0)
      if (i > from && bytes + length > ENTRY_BYTES) {
        groups.push({ partition, lane, records: records.slice(from, i) })
        from = i
        bytes = 0
      }
      bytes += length
    }
    groups.push({ partition, lane, records: from === 0 ? records : records.slice(from) })
  }
  return groups
}
