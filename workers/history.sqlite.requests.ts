// What is asked of a thread that has history.db open, and what it answers.

import type { Bucket } from '../model/history.ts'
import type { PackedWrites } from './history.sqlite.pack.ts'
import type { SampleColumn, SampleRow } from './history.sqlite.rows.ts'
import type { Written } from './history.ts'

export type MessageType = 'event' | 'motion'

export type MessageRow = {
  device: string
  at: number
  nudge: number
  received: number
  type: MessageType
  cut: number
  payload: Uint8Array
}

/** Behind which day and device a slice of `retain` begins. */
export type RetainPlace = { day: number; device: string }
/** `next` is where the following slice begins; null when nothing is left. */
export type Retained = { positions: number; readings: number; next: RetainPlace | null }

/** What a newest row is asked to have. */
export type Having = 'any' | 'fix' | 'vitals'

export type HistoryRequest =
  | { op: 'write'; packed: PackedWrites }
  /** Rows of one day, at most so many, behind (at, nudge). */
  | {
      op: 'samples'
      device: string
      day: number
      after: [at: number, nudge: number]
      to: number
      limit: number
    }
  | {
      op: 'messages'
      device: string
      type: MessageType
      day: number
      after: [at: number, nudge: number]
      to: number
      limit: number
    }
  /** Of the rows of one day: a bucket each, with the sum where the mean will be. */
  | {
      op: 'sums'
      device: string
      day: number
      from: number
      to: number
      column: SampleColumn
      zeroIsNone: boolean
      everyMs: number
      origin: number
    }
  | { op: 'newest'; device: string; having: Having; from: number; to: number }
  /** What is left of days before `readingsFrom`, and positions of days before `positionsFrom`: one slice of it. */
  | { op: 'retain'; positionsFrom: number; readingsFrom: number; after: RetainPlace }
  /** Of one day, with what its rows leave in the file. */
  | { op: 'erase'; device: string; day: number; from: number; to: number }
  /** Brings what is written to the file, and cuts off what stands beside it. */
  | { op: 'cut' }
  | { op: 'ping' }
  | { op: 'close' }

export type HistoryAnswers = {
  write: Written[]
  samples: SampleRow[]
  messages: MessageRow[]
  sums: Bucket[]
  newest: SampleRow | null
  retain: Retained
  erase: null
  cut: null
  ping: null
  close: null
}

export type HistoryMessage = { id: number; request: HistoryRequest }
export type HistoryReply =
  | { id: number; answer: HistoryAnswers[keyof HistoryAnswers] }
  | { id: number; error: string }
