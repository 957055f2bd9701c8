// What is asked of the thread that owns stream.db, and what it answers.
//
// A log's number is (partition × 3 + lane) × 2 + side.

import type { Committed, Lease } from './stream.ts'

/** Entries travel as one packed buffer that is transferred, not copied: `lengths[i]` bytes go to log `logs[i]`. */
export type StreamRequest =
  | {
      op: 'append'
      logs: readonly number[]
      lengths: readonly number[]
      kept: readonly boolean[]
      together: ArrayBuffer
    }
  | { op: 'read'; logs: readonly number[]; after: readonly number[]; maxBytes: number }
  | {
      op: 'commit'
      log: number
      outLog: number
      lease: string
      fence: number
      expected: number
      cursor: number
      findings: readonly Uint8Array[]
      state: { set: readonly (readonly [string, string])[]; delete: readonly string[] } | undefined
      checkpoint: number
    }
  | { op: 'load'; log: number }
  | { op: 'lease'; name: string; owner: string; ttlMs: number; nowMs: number }
  | {
      op: 'trim'
      log: number
      reader: { name: string; upTo: number } | { name: string; removed: true } | undefined
    }
  | { op: 'reader'; log: number; name: string }
  | { op: 'usage' }
  | { op: 'reaches'; pos: number }
  | { op: 'owners'; partitions: number; nowMs: number }
  | { op: 'close' }

export type StreamAnswers = {
  /** `positions`: where each entry lies; 0 where it was shed. */
  append: { shed: number[]; routineFill: number; positions: number[] }
  read: { log: number; pos: number; data: Uint8Array }[]
  /** `positions`: where the findings lie. */
  commit: { committed: Committed; positions: number[] }
  load: { cursor: number; checkpoint: number; state: [string, string][] }
  lease: Lease
  /** Up to where the log has let go, and whether there is more to delete. */
  trim: { upTo: number; hasMore: boolean }
  /** null: there is no such reader. */
  reader: number | null
  usage: { motionBytes: number; routineBytes: number }
  reaches: boolean
  owners: (string | null)[]
  close: null
}

export type StreamMessage = { id: number; request: StreamRequest }

export type StreamReply =
  | { id: number; answer: StreamAnswers[keyof StreamAnswers] }
  | { id: number; error: string }
