// The embedded engine of the jobs: rows in the records' own database, which is SQLite unless the hub was given another
// one. Whoever works is woken by what is added here and by the time when the next job is due.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { addJobs, countJobs, deadJobs, reviveJob } from '../records/jobs.ts'
import { dataIn, startSqliteWorker } from './jobs.sqlite.worker.ts'
import {
  DEAD_LISTED,
  type Jobs,
  type JobTimes,
  LOCK_MS,
  named,
  type QueueCounts,
  STOP_WITHIN_MS,
  type Worker,
} from './jobs.ts'

/** Opens the jobs that are in `records`, which stay their owner's. */
export function openSqliteJobs({
  records,
  clock,
  log,
  lockMs = LOCK_MS,
  stopWithinMs = STOP_WITHIN_MS,
}: { records: Records; clock: Clock; log: Log } & JobTimes): Jobs {
  const ears = createEars()
  const workers = new Set<Worker>()

  return {
    async add(queue, jobs) {
      const rows = jobs.map(({ id, data, delayMs = 0 }) => ({
        id,
        dataJson: JSON.stringify(data),
        delayMs: Math.max(0, Math.round(delayMs)),
      }))
      await addJobs(records, named(queue), rows)
      ears.wake(queue)
    },

    work(queue, work) {
      const given = { records, clock, log: log.child({ queue }), queue: named(queue), work }
      const started = startSqliteWorker({ ...given, lockMs, stopWithinMs })
      const deafen = ears.listen(queue, started.wake)
      const worker: Worker = {
        async stop() {
          workers.delete(worker)
          await started.stop()
          deafen()
        },
      }
      workers.add(worker)
      return worker
    },

    async counts() {
      const counts = new Map<string, QueueCounts>()
      for (const { queue, state, jobs } of await countJobs(records)) {
        const before = counts.get(queue) ?? { queue, waiting: 0, delayed: 0, running: 0, dead: 0 }
        counts.set(queue, { ...before, [state]: jobs })
      }
      return [...counts.values()]
    },

    async dead(queue, { limit = DEAD_LISTED } = {}) {
      const rows = await deadJobs(records.read, queue, limit)
      return rows.map(({ id, dataJson, attempts, reason, setAt }) => ({
        id,
        data: dataIn(dataJson) ?? {},
        attempts,
        reason,
        diedAt: setAt,
      }))
    },

    async again(queue, id) {
      const isAgain = await reviveJob(records, queue, id)
      if (isAgain) ears.wake(queue)
      return isAgain
    },

    async close() {
      await Promise.all([...workers].map(worker => worker.stop()))
    },
  }
}

/** Who wants to know that there is something in a queue. */
function createEars() {
  const listeners = new Map<string, Set<() => void>>()
  return {
    wake(queue: string): void {
      for (const listener of listeners.get(queue) ?? []) listener()
    },
    listen(queue: string, listener: () => void): () => void {
      const all = listeners.get(queue) ?? new Set()
      listeners.set(queue, all.add(listener))
      return () => void all.delete(listener)
    },
  }
}
