// One lane of an owned partition: its fold, its cursor, and the commits that move both.

import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Committed, LogEntry, Position, Stream } from '../broker/stream.ts'
import { HubError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Lane } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { encodeFindings, unreadEntry } from './findings.ts'
import { openFold } from './fold.ts'
import { emptyFolded, type Folded } from './folded.ts'
import type { Rule } from './rule.ts'
import type { Checkpoint } from './slices.ts'

/** What a lane folds before it commits: a lower lane commits, and syncs, about as often (docs/decisions/0009). */
export const TURN_MS = 10
/**
 * Of a turn of a lower lane, what the event loop is kept for at a time: an alarm takes some ten steps through it from
 * the socket to the screen, and each may find it busy.
 */
export const SLICE_MS = 2
/**
 * A lower lane that has found nothing moves its cursor this often: a commit is a write and an fsync, and whoever takes
 * over folds the rest again, to the same end. All lanes of a process do so at the same times of its clock: what reaches
 * an engine together may share an fsync. What was found is committed at once.
 */
const QUIET_COMMIT_MS = 200
/** State of the lower lanes is written this often, in slices; of the urgent lane with every commit. */
const CHECKPOINT_MS = 5_000
const CHECKPOINT_RECORDS = 50_000
/** Rows in a slice: some milliseconds here and in the engine, which an append may wait for. */
const DEVICES_A_COMMIT = 500
const TRIM_MS = 2_000
const REPLAY_BYTES = 1024 * 1024
const RETRY_MS = 100

export type OwnedLane = {
  readonly lane: Lane
  /** Everything up to here is folded and committed. */
  cursor(): Position
  /** Everything up to here is folded. */
  reached(): Position
  /** For how long what is folded may wait for `commit`, ms: 0 or less is "now"; undefined: there is nothing to commit. */
  commitWithinMs(): number | undefined
  contextSeq(): number
  /**
   * Folds entries, at most for `budgetMs` and at least one; what came of them waits for `commit`. Returns how many.
   */
  fold(entries: readonly LogEntry[], budgetMs: number): number
  /** What was found since the last commit. */
  found(): readonly Finding[]
  /** Commits what was folded and returns it; tries again while `isMine()`. @throws HubError STREAM_FENCED */
  commit(): Promise<Folded>
}

const nextQuietCommit = (committedAt: number): number =>
  (Math.floor(committedAt / QUIET_COMMIT_MS) + 1) * QUIET_COMMIT_MS

/** Loads the fold of a lane and brings it from its checkpoint to its cursor, without saying anything twice. */
export async function openLane({
  stream,
  partition,
  lane,
  fence,
  rules,
  clock,
  log,
  isMine,
}: {
  stream: Pick<Stream, 'load' | 'read' | 'commit' | 'trim'>
  partition: number
  lane: Lane
  fence: number
  rules: readonly Rule[]
  clock: Clock
  log: Log
  isMine: () => boolean
}): Promise<OwnedLane> {
  const start = await stream.load({ partition, lane })
  const fold = openFold({
    rules,
    stored: start.state,
    onDamage: (key, error) =>
      log.error({ lane, key, error }, 'a value of the state could not be read and is forgotten'),
  })
  let cursor = start.cursor
  await replay()
  let folded = emptyFolded()
  let reached = cursor
  let checkpoint = start.checkpoint
  /** The checkpoint that is being written, and where it will be. */
  let writing: { slices: Checkpoint; at: Position } | undefined
  let uncheckpointed = 0
  let checkpointAt = performance.now()
  let committedAt = Number.NEGATIVE_INFINITY
  let trimmedAt = Number.NEGATIVE_INFINITY

  async function replay(): Promise<void> {
    let at = start.checkpoint
    const unsaid = emptyFolded()
    while (at !== cursor) {
      const entries = await stream.read({
        partition,
        side: 'in',
        after: { [lane]: at },
        maxBytes: REPLAY_BYTES,
        waitMs: 0,
      })
      const upTo = entries.findIndex(entry => entry.position === cursor)
      const known = upTo < 0 ? entries : entries.slice(0, upTo + 1)
      if (known.length === 0) {
        log.error({ lane, cursor, at }, 'the log ends before its cursor; state goes on from what there is')
        return
      }
      for (const { data, position } of known) {
        apply(data, unsaid, position)
        at = position
      }
      unsaid.findings.length = 0
      unsaid.rejects.length = 0
    }
  }

  function apply(data: Uint8Array, into: Folded, position: Position): void {
    try {
      fold.apply(data, into)
    } catch (error) {
      // Bytes that are no entry cannot have been acknowledged by this code; say so loudly and go on.
      log.error({ error, lane, position }, 'an entry of the log could not be read; it is passed over')
      // Whatever stood in it was acknowledged, and may have been a red key: somebody looks.
      if (lane === 'urgent') into.findings.push(unreadEntry({ partition, position, data, now: clock.now() }))
    }
  }

  async function commitOnce(): Promise<Committed> {
    if (writing === undefined && isCheckpointDue()) {
      writing = { slices: fold.beginCheckpoint(), at: reached }
      uncheckpointed = 0
      checkpointAt = performance.now()
    }
    const slice = writing?.slices.next(lane === 'urgent' ? Number.POSITIVE_INFINITY : DEVICES_A_COMMIT)
    if (writing !== undefined && slice?.isLast) {
      checkpoint = writing.at
      writing = undefined
    }
    const answer = await commitFor({
      partition,
      lane,
      fence,
      expected: cursor,
      cursor: reached,
      findings: encodeFindings(folded.findings),
      ...(slice && { state: slice.change, checkpoint }),
    })
    if (slice?.isLast && performance.now() - trimmedAt >= TRIM_MS) await trim()
    return answer
  }

  function isCheckpointDue(): boolean {
    return (
      lane === 'urgent' ||
      uncheckpointed >= CHECKPOINT_RECORDS ||
      performance.now() - checkpointAt >= CHECKPOINT_MS
    )
  }

  /** What lies below the checkpoint goes. Not with every urgent commit: it is a write of its own. */
  async function trim(): Promise<void> {
    trimmedAt = performance.now()
    try {
      await stream.trim({ partition, lane, side: 'in' })
    } catch (error) {
      log.warn({ error, lane }, 'the log could not be trimmed; the next checkpoint does')
    }
  }

  async function commitFor(request: Parameters<Stream['commit']>[0]): Promise<Committed> {
    for (let tries = 0; isMine(); tries++) {
      try {
        return await stream.commit(request)
      } catch (error) {
        if (tries === 0) log.error({ error, lane }, 'a commit failed; trying again')
        await wait(RETRY_MS)
      }
    }
    return 'fenced'
  }

  return {
    lane,
    cursor: () => cursor,
    reached: () => reached,
    commitWithinMs() {
      if (reached === cursor) return undefined
      if (lane === 'urgent' || folded.findings.length > 0 || writing !== undefined) return 0
      return nextQuietCommit(committedAt) - performance.now()
    },
    contextSeq: fold.contextSeq,
    fold(entries, budgetMs) {
      const until = performance.now() + budgetMs
      let taken = 0
      for (const { data, position } of entries) {
        apply(data, folded, position)
        reached = position
        taken++
        if (performance.now() >= until) break
      }
      return taken
    },
    found: () => folded.findings,
    async commit() {
      const done = folded
      uncheckpointed += done.records
      const answer = await commitOnce()
      if (answer !== 'committed' && answer !== 'already') {
        throw new HubError('STREAM_FENCED', `the commit was refused: ${answer}`, { partition, lane })
      }
      cursor = reached
      committedAt = performance.now()
      folded = emptyFolded()
      return done
    },
  }
}
