// What waits for the next append: urgent records apart from all others, so that an SOS never shares a long fsync
// with samples. Order is kept within each lane.

import { LANES, type Lane } from '../model/lane.ts'
import type { RawRecord } from './entry.ts'
import { addRecord, type OpenEntry, openEntry, recordBytes } from './entry.write.ts'
import type { Answered } from './ingest.ts'

/** One entry of a (partition, lane). */
export type Group = { partition: number; lane: Lane; entry: OpenEntry }

/** What one append holds, and who is told when it is stored: `answers[i]` with `tokens[i]`. */
export type Batch = { groups: Group[]; answers: readonly Answered[]; tokens: readonly number[] }

export type Batches = {
  /** Copies the record. */
  add(record: RawRecord, to: { partition: number; lane: Lane; answer: Answered; token: number }): void
  /** Whether an urgent message waits. */
  isUrgent(): boolean
  /** Bytes of messages that are not urgent. */
  waitingBytes(): number
  /** Urgent first; undefined when nothing waits. */
  next(): Batch | undefined
}

/**
 * More than this of other lanes does not share an fsync with urgent messages: they would wait for it. Not twice in a
 * row: a device whose samples are not acknowledged may keep its SOS back.
 */
const SHARE_BYTES = 256 * 1024
/** An append keeps the stream busy, and an SOS may come meanwhile: at most this much at a time. */
const APPEND_BYTES = 4 * 1024 * 1024
/** An entry is the unit that a worker reads and folds: small enough for a turn of 10 ms. */
const ENTRY_BYTES = 64 * 1024
/** Room of an entry at first: for one message. */
const ROOM_BYTES = 512

/** `open` holds the entry of each (partition, lane) that takes what comes, by `keyOf`. */
type Pile = {
  groups: Group[]
  open: (OpenEntry | undefined)[]
  answers: Answered[]
  tokens: number[]
  bytes: number
}

export function createBatches(run: string): Batches {
  let urgent = emptyPile()
  /** Oldest first; the last one takes what comes. */
  let others: Pile[] = []
  let otherBytes = 0
  /** Urgent went without the others last time: they must not wait for as long as somebody presses. */
  let passedOver = false
  /** As large as the last entry of each (partition, lane) was the next one is likely to be. */
  const rooms: number[] = []

  function pileFor(lane: Lane): Pile {
    if (lane === 'urgent') return urgent
    const last = others.at(-1)
    if (last && last.bytes < APPEND_BYTES) return last
    const next = emptyPile()
    others.push(next)
    return next
  }

  /** The entry for `record`; a new one where the last would become too large for a turn. */
  function entryFor(record: RawRecord, { pile, partition, lane }: Place): OpenEntry {
    const key = keyOf(partition, lane)
    const open = pile.open[key]
    const bytes = recordBytes(record)
    if (open && open.length + bytes <= ENTRY_BYTES) return open
    const room = Math.max(rooms[key] ?? ROOM_BYTES, bytes)
    const entry = openEntry(run, { room, firstAt: record.receivedAt })
    pile.open[key] = entry
    pile.groups.push({ partition, lane, entry })
    return entry
  }

  return {
    add(record, { partition, lane, answer, token }) {
      const pile = pileFor(lane)
      const entry = entryFor(record, { pile, partition, lane })
      const before = entry.length
      addRecord(entry, record)
      const bytes = entry.length - before
      pile.bytes += bytes
      if (lane !== 'urgent') otherBytes += bytes
      pile.answers.push(answer)
      pile.tokens.push(token)
    },

    isUrgent: () => urgent.tokens.length > 0,
    waitingBytes: () => otherBytes,

    next() {
      const taken: Pile[] = []
      if (urgent.tokens.length > 0) {
        taken.push(urgent)
        urgent = emptyPile()
      }
      const [first] = others
      if (first && (taken.length === 0 || passedOver || first.bytes <= SHARE_BYTES)) {
        taken.push(first)
        others = others.slice(1)
        otherBytes -= first.bytes
        passedOver = false
      } else passedOver = first !== undefined
      const [one, other] = taken
      if (one === undefined) return undefined
      for (const { groups } of taken) {
        for (const { partition, lane, entry } of groups) rooms[keyOf(partition, lane)] = entry.length
      }
      if (other === undefined) return one
      return {
        groups: [...one.groups, ...other.groups], // lanes differ, so no group stands in both
        answers: [...one.answers, ...other.answers],
        tokens: [...one.tokens, ...other.tokens],
      }
    },
  }
}

type Place = { pile: Pile; partition: number; lane: Lane }

const keyOf = (partition: number, lane: Lane): number => partition * LANES.length + LANES.indexOf(lane)

const emptyPile = (): Pile => ({ groups: [], open: [], answers: [], tokens: [], bytes: 0 })
