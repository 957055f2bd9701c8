// Lets go of what is older than it may be: once a day, in one process of the role, and never in an alarm's way.

import { performance } from 'node:perf_hooks'
import type { Stream } from '../broker/stream.ts'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import {
  beginRun,
  endRun,
  type LetGo,
  listRuns,
  noteFailure,
  noteSeen,
  openRun,
  type Run,
  retentionStanding,
} from '../records/retention-runs.ts'
import { type Beat, pause, startBeat } from '../workers/beat.ts'
import type { History } from '../workers/history.ts'
import { keepLease, type LoneLease } from './lone-lease.ts'
import { type Due, dueOf } from './retention-due.ts'
import { performRun } from './retention-run.ts'

/** A lease decides who works, never what is safe: two at once delete nothing twice. */
const LEASE = 'retention'
const LOOK_EVERY_MS = 15_000
const SEEN_EVERY_MS = 3_600_000
/** After a slice the writer is everybody else's for four times as long as the slice took, and for so long at least. */
const REST_TIMES = 4
const REST_AT_LEAST_MS = 25

export type RetentionDeps = {
  records: Records
  stream: Pick<Stream, 'lease'>
  /** Of this process, where it has one that is the hub's to cut. */
  history?: Pick<History, 'retain'> | undefined
  /** This process, as leases know it. */
  owner: string
  clock: Clock
  log: Log
  metrics: Metrics
}

/** Looks every `everyMs` whether a run is due, until stopped; a stop waits for the slice that is being written. */
export function startRetention({
  everyMs = LOOK_EVERY_MS,
  ...deps
}: RetentionDeps & { everyMs?: number }): Beat {
  const stopping = new AbortController()
  const lease = keepLease(LEASE, deps)
  const look = openRetention(deps, stopping.signal, lease)
  const beat = startBeat({
    everyMs,
    what: 'letting go of what is old',
    log: deps.log,
    work: async () => void (await look()),
  })
  return {
    now: beat.now,
    async stop() {
      stopping.abort()
      await beat.stop()
      await lease.giveUp()
    },
  }
}

export type Looked = Due | 'not_mine'

/** A look: lets go of what is due, if anything is and this process is the one to do it. */
export function openRetention(
  deps: RetentionDeps,
  signal: AbortSignal,
  lease: Pick<LoneLease, 'isMine'> = keepLease(LEASE, deps),
): () => Promise<Looked> {
  const { records, clock, log, metrics } = deps
  let hasSaidLeapt = false
  return async () => {
    const { beganAt, doneAt, seenAt } = await retentionStanding(records.feed)
    if (doneAt !== null) metrics.retentionRunAt.set(doneAt / 1_000)
    if (!(await lease.isMine())) return 'not_mine'
    const now = clock.now()
    const open = await openRun(records.feed)
    const due = dueOf({ now, open: open && (open.state === 'asked' ? 'asked' : 'running'), beganAt, seenAt })
    if (due === 'clock_leapt') {
      if (!hasSaidLeapt)
        log.error(
          { seenAt },
          'the clock is days ahead of when it was looked at last: nothing is let go of by itself',
        )
      hasSaidLeapt = true
      return due
    }
    hasSaidLeapt = false
    if (seenAt === null || Math.abs(now - seenAt) >= SEEN_EVERY_MS) await noteSeen(records, now)
    if (due === 'not_yet') return due
    const run =
      open?.state === 'running' && open.startedAt !== null
        ? { ...open, startedAt: Number(open.startedAt) }
        : await beginRun(records, { asked: open, at: now })
    await carryOut(deps, { run, signal, isMine: lease.isMine })
    return due
  }
}

type Carrying = { run: Run; signal: AbortSignal; isMine: () => Promise<boolean> }

async function carryOut(deps: RetentionDeps, { run, signal, isMine }: Carrying): Promise<void> {
  const { records, history, clock, log, metrics } = deps
  const rest = restBetween(signal)
  const pauseAfter = async ({ class: name, rows }: LetGo): Promise<boolean> => {
    if (rows > 0) metrics.retentionDeleted.inc({ class: name }, rows)
    await rest()
    return !signal.aborted && (await isMine())
  }
  try {
    const outcome = await performRun({ records, history, pause: pauseAfter }, run)
    if (outcome === 'stopped') return
    const endedAt = clock.now()
    await endRun(records, run, endedAt)
    metrics.retentionRunAt.set(endedAt / 1_000)
    const [done] = await listRuns(records.feed, 1)
    log.info({ run: run.id, counts: done?.counts ?? [] }, 'what was old was let go of')
  } catch (error) {
    metrics.retentionFailures.inc({})
    const failure = error instanceof HubError ? error.code : 'INTERNAL'
    // The records may be what fails: then it is said where it can be.
    await noteFailure(records, run.id, failure).catch((cause: unknown) =>
      log.warn({ error: cause }, 'that a run of retention failed could not be noted'),
    )
    throw error
  }
}

function restBetween(signal: AbortSignal): () => Promise<void> {
  let workedSince = performance.now()
  return async () => {
    const tookMs = performance.now() - workedSince
    await pause(Math.max(REST_AT_LEAST_MS, tookMs * REST_TIMES), signal)
    workedSince = performance.now()
  }
}
