// The stream seam: append-only logs of what devices said and of what rules found, with everything that must
// change together with them — fold state, cursors, leases. Two engines stand beside it; one suite in
// test/contract/ runs over both.
//
// A log is named by partition, lane and side. `in` holds entries of records (entry.ts), `out` holds entries
// of findings. Positions are opaque strings of the engine, comparable only by it; START is before all.

import type { Lane } from '../model/lane.ts'

export type Position = string
export const START: Position = '0'

export type Side = 'in' | 'out'
export type LogName = { partition: number; lane: Lane; side: Side }

/** What a reader finds: one entry of a log. */
export type LogEntry = { lane: Lane; position: Position; data: Uint8Array }

/** `routineFill` is how full the bounded lanes are, 0 to 1: the fuller of them. */
export type Appended = { shed: readonly number[]; routineFill: number }

/** `kept`: stored even when the lane is full, for what its owner must know to fold it. */
export type Append = { partition: number; lane: Lane; data: Uint8Array; kept?: true }

/** Where each lane of a partition is read from. A lane that is not named is not read. */
export type Cursors = Partial<Record<Lane, Position>>

export type ReadRequest = {
  partition: number
  side: Side
  after: Cursors
  /** At most about this many bytes of each lane; always at least one entry of a lane that has any. */
  maxBytes: number
  /** When nothing is there, wait this long for something to come. */
  waitMs: number
}

/** State of a fold: one value a key; a checkpoint writes the keys that changed. */
export type StateChange = {
  set: readonly (readonly [key: string, value: string])[]
  delete: readonly string[]
}

export type CommitRequest = {
  partition: number
  lane: Lane
  /** The fence of the lease `ownerLease(partition)`; a commit under an older one is refused. */
  fence: number
  /** The cursor this commit starts from, and the one it ends at. */
  expected: Position
  cursor: Position
  /** Entries for the `out` log, in order. */
  findings: readonly Uint8Array[]
  /** When given, state changes too, and `checkpoint` says what it is the state of. */
  state?: StateChange
  /** Where a new owner folds on from; without it that is `cursor`. Only together with `state`. */
  checkpoint?: Position
}

/** `already`: cursor and, if it carries state, checkpoint stand where this commit would put them: an earlier try
 * went through.
 * `fenced`: another owner has taken over. `moved`: the cursor is neither here nor there. */
export type Committed = 'committed' | 'already' | 'fenced' | 'moved'

/** The lease that gives a worker the folds of a partition. */
export const ownerLease = (partition: number): string => `workers/${partition}`

export type FoldStart = {
  /** Findings are committed up to here. */
  cursor: Position
  /** Fold from here to the cursor with output suppressed. */
  checkpoint: Position
  state: Map<string, string>
}

export type LeaseRequest = { name: string; owner: string; ttlMs: number }
/** `fence` rises with every change of owner. `null`: another owner holds it. */
export type Lease = { fence: number } | null

export type TrimRequest = LogName & {
  /** A reader that needs nothing up to `upTo`; the log keeps all above its slowest reader and its checkpoint. */
  reader?: { name: string; upTo: Position } | { name: string; removed: true }
}

export type Stream = {
  /**
   * Stores entries, all or nothing; resolves when they are committed and fsynced. Entries of a lane that has
   * reached its bound are left out: `shed` holds their indexes. Urgent is never among them.
   * @throws HubError STREAM_FAILED when nothing was stored.
   */
  append(entries: readonly Append[]): Promise<Appended>
  /** Entries after the cursors, urgent first, in log order within a lane. */
  read(request: ReadRequest): Promise<LogEntry[]>
  /** All of it or nothing. */
  commit(request: CommitRequest): Promise<Committed>
  /** Where a fold goes on from. */
  load(fold: { partition: number; lane: Lane }): Promise<FoldStart>
  /** Takes, keeps or (`ttlMs` 0) gives up a lease, on the engine's clock. */
  lease(request: LeaseRequest): Promise<Lease>
  /** Moves a reader and deletes what nobody needs any more. */
  trim(request: TrimRequest): Promise<void>
}

/** An engine, opened. */
export type OpenStream = {
  stream: Stream
  /** Made when the engine's data was: positions of another epoch mean nothing here. */
  epoch: string
  /** Whether the log ever came as far as `position`; it has not when older data was put back in its place. */
  reaches(log: LogName, position: Position): Promise<boolean>
  /** Chosen when the engine was first started; a different number is refused. */
  partitions: number
  /**
   * Says that `member` of `group` is there for the next `ttlMs` on the engine's clock (0: that it leaves; at most a
   * minute), and returns everybody who is, sorted. By it the processes of a role share the partitions.
   */
  rollCall(call: { group: string; member: string; ttlMs: number }): Promise<readonly string[]>
  /** Who owns each partition now, by its lease; null: nobody, or the part of the engine that knows does not answer. */
  owners(): Promise<readonly (string | null)[]>
  /** How far a reader of a log has said that it is (`trim`); undefined: it is none. */
  readerAt(log: LogName, name: string): Promise<Position | undefined>
  /** Bytes held in the lanes that have a bound. */
  usage(): Promise<{ routineBytes: number; motionBytes: number }>
  /** Resolves when the engine has failed for good; nothing can be stored any more. */
  failed: Promise<Error>
  close(): Promise<void>
}

/** The partition of a device: FNV-1a over its id. Stored logs depend on it, so it never changes. */
export function partitionOf(deviceId: string, partitions: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < deviceId.length; i++) hash = Math.imul(hash ^ deviceId.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % partitions
}
