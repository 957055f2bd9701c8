// Works on one queue of the embedded engine: one loop that writes what has become of jobs, takes as many as there is
// room for, and sleeps until one of them ends, one is added, or the next is due. What ends while it writes is written
// together with its next round, so under load a write carries many jobs.

import { setTimeout as wait } from 'node:timers/promises'
import { newId } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import {
  deleteJobs,
  type JobRun,
  nextJobIn,
  pullInJobs,
  renewJobs,
  type Settling,
  settleJobs,
  type TakenJob,
  takeJobs,
} from '../records/jobs.ts'
import { type Beat, pause, startBeat } from '../workers/beat.ts'
import { attempt, type Outcome } from './attempt.ts'
import { DEAD_FOR_MS, type JsonObject, type Work, type Worker } from './jobs.ts'
import { createRunning } from './running.ts'

/** A database that is away is asked again after this. */
const TRY_AGAIN_MS = 1_000
/** It looks again after this, whatever it was told: a clock may be set, and another hub may use the same database. */
const LONGEST_SLEEP_MS = 10_000

export type SqliteWorker = Worker & { wake(): void }

type Ended = { job: TakenJob; outcome: Outcome }

export function startSqliteWorker({
  records,
  clock,
  log,
  queue,
  work,
  lockMs,
  stopWithinMs,
}: {
  records: Records
  clock: Clock
  log: Log
  queue: string
  work: Work
  lockMs: number
  stopWithinMs: number
}): SqliteWorker {
  const running = createRunning()
  const held = new Map<string, JobRun>()
  let ended: Ended[] = []
  let isStopping = false
  let isGivenUp = false
  let isWoken = false
  let sleep = new AbortController()
  let keptAt = performance.now()
  let now = clock.now()

  function wake(): void {
    isWoken = true
    sleep.abort()
  }

  async function loop(): Promise<void> {
    let isFailing = false
    await pullInJobs(records, queue).catch((error: unknown) => log.warn({ error }, 'jobs: cannot look back'))
    while (!isOver()) {
      isWoken = false
      let sleepMs = TRY_AGAIN_MS
      try {
        await settle()
        sleepMs = await takeAll()
        if (isFailing) log.info({}, 'jobs: taken again')
        isFailing = false
      } catch (error) {
        if (!isFailing) log.error({ error }, 'jobs cannot be taken, trying again')
        isFailing = true
      }
      await rest(sleepMs)
    }
  }

  const isOver = (): boolean => isGivenUp || (isStopping && running.size === 0 && ended.length === 0)

  async function rest(ms: number): Promise<void> {
    if (isWoken || isOver()) return
    sleep = new AbortController()
    await pause(Math.min(ms, LONGEST_SLEEP_MS), sleep.signal)
  }

  /** Writes what has ended; what cannot be written stays, and its lock is renewed meanwhile. */
  async function settle(): Promise<void> {
    if (ended.length === 0) return
    const these = ended
    ended = []
    try {
      const done = these.filter(({ outcome }) => outcome.end === 'done').map(({ job }) => job)
      await deleteJobs(records.db, queue, done)
      const settlings = these.flatMap(settlingOf)
      await settleJobs(records, { queue, settlings, deadForMs: DEAD_FOR_MS })
    } catch (error) {
      ended = [...these, ...ended]
      throw error
    }
    for (const { job } of these) held.delete(keyOf(job))
  }

  /** Takes what there is room for; returns for how long there is nothing more to take. */
  async function takeAll(): Promise<number> {
    const free = isStopping ? 0 : work.concurrency - running.size
    if (free <= 0) return LONGEST_SLEEP_MS
    // After a standstill our own locks have run out: they are renewed before anybody takes what they hold.
    if (performance.now() - keptAt > lockMs / 2) await keep()
    const taken = await takeJobs(records, { queue, run: newId('run'), limit: free, lockMs })
    for (const job of taken) void run(job)
    if (taken.length === free) return LONGEST_SLEEP_MS
    return Math.max(0, (await nextJobIn(records, queue)) ?? LONGEST_SLEEP_MS)
  }

  async function run(job: TakenJob): Promise<void> {
    const key = keyOf(job)
    held.set(key, job)
    const signal = running.begin(key)
    const { id, dataJson, attempts, failures } = job
    const data = dataIn(dataJson)
    const outcome: Outcome = data
      ? await attempt({ id, data, attempt: attempts, failures, signal }, work, log)
      : unreadable(id)
    ended.push({ job, outcome })
    running.end(key)
    wake()
  }

  /** Nobody can be told what it was about: whoever keeps the row that it was made from adds it anew. */
  function unreadable(id: string): Outcome {
    log.error({ job: id }, 'a job cannot be read')
    return { end: 'dead', reason: 'it cannot be read' }
  }

  /** Renews the locks of what this process holds, and lets go of what it has lost. */
  async function keep(): Promise<void> {
    const before = now
    now = clock.now()
    if (now < before) {
      await pullInJobs(records, queue)
      wake()
    }
    const runs = [...held.values()]
    const lost = await renewJobs(records, { queue, runs, lockMs })
    keptAt = performance.now()
    for (const job of lost) {
      held.delete(keyOf(job))
      if (running.abort(keyOf(job))) log.warn({ job: job.id }, 'a job was lost to somebody else while it ran')
    }
  }

  const looped = loop()
  const keeping: Beat = startBeat({ everyMs: lockMs / 3, what: 'locks of jobs', work: keep, log })
  return {
    wake,
    async stop() {
      isStopping = true
      wake()
      const isClean = await running.ended(stopWithinMs)
      if (!isClean) log.warn({ jobs: running.size }, 'jobs that do not end are left to their lock')
      else await Promise.race([looped, wait(TRY_AGAIN_MS, undefined, { ref: false })])
      isGivenUp = true
      wake()
      await looped
      await keeping.stop()
      await settle()
    },
  }
}

const keyOf = ({ id, run }: JobRun): string => `${run} ${id}`

/** What a job was added with; undefined where its row is broken. */
export function dataIn(json: string): JsonObject | undefined {
  try {
    const data: unknown = JSON.parse(json)
    return typeof data === 'object' && data !== null ? (data as JsonObject) : undefined
  } catch {
    return undefined // the callers say so
  }
}

function settlingOf({ job, outcome }: Ended): Settling[] {
  const { id, run, failures, attempts } = job
  switch (outcome.end) {
    case 'done':
      return []
    case 'retry': {
      const { afterMs, reason } = outcome
      return [{ id, run, to: 'waiting', failures: failures + 1, afterMs, reason }]
    }
    case 'dead':
      return [{ id, run, to: 'dead', failures: failures + 1, reason: outcome.reason }]
    case 'held':
      return [
        { id, run, to: 'waiting', failures, attempts: attempts - 1, afterMs: outcome.afterMs, reason: null },
      ]
    case 'given_back':
      return [{ id, run, to: 'waiting', failures, afterMs: 0, reason: null }]
  }
}
