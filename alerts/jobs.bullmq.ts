// The jobs of a hub whose processes share a Redis: BullMQ's queues (jobs.bullmq.keys.ts says what they are called).

import { setTimeout as wait } from 'node:timers/promises'
import { type JobsOptions, Queue } from 'bullmq'
import { Cluster, type Redis } from 'ioredis'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import { slicesOf } from '../records/slices.ts'
import { fromBullId, JOBS_PREFIX, QUEUES_KEY, toBullId } from './jobs.bullmq.keys.ts'
import { attemptsOf, CLOSE_WITHIN_MS, connectWorkers, startBullWorker, within } from './jobs.bullmq.worker.ts'
import {
  DEAD_LISTED,
  type Jobs,
  type JobTimes,
  type JsonObject,
  LOCK_MS,
  type NewJob,
  named,
  STOP_WITHIN_MS,
  type Worker,
} from './jobs.ts'

/** Jobs that go in one message: Redis stands still for everybody while it takes them. */
const TOGETHER = 200
/** BullMQ writes down what happens for whoever listens; here nobody does. */
const EVENTS_KEPT = 10
/** Each of the commands behind it has two seconds; the first of all waits for the connection as well. */
const ANSWER_WITHIN_MS = 10_000

/** Opens the jobs in `redis`, which stays its owner's; connections of its own are made like it. */
export function openBullJobs({
  redis,
  log,
  lockMs = LOCK_MS,
  stopWithinMs = STOP_WITHIN_MS,
}: { redis: Redis | Cluster; log: Log } & JobTimes): Jobs {
  const connection = likewise(redis)
  connection.on('error', () => undefined) // that Redis is away is said once, where it was connected first
  const queues = new Map<string, Queue<JsonObject>>()
  const noted = new Set<string>()
  const workers = new Set<Worker>()
  let forWorkers: Redis | Cluster | undefined

  function queueOf(name: string): Queue<JsonObject> {
    const known = queues.get(named(name))
    if (known) return known
    const queue = new Queue<JsonObject>(name, {
      connection,
      prefix: JOBS_PREFIX,
      streams: { events: { maxLen: EVENTS_KEPT } },
    })
    queue.on('error', () => undefined) // the call that failed is rejected
    queues.set(name, queue)
    return queue
  }

  /** So that it is known to whoever counts, in whatever process. */
  async function note(name: string): Promise<void> {
    if (noted.has(name)) return
    await connection.sadd(QUEUES_KEY, name)
    noted.add(name)
  }

  /** BullMQ would take a dead job for one that is there. Between this and the adding it is nobody's: our caller has it. */
  async function exhume(queue: Queue<JsonObject>, jobs: readonly NewJob[]): Promise<void> {
    const ids = jobs.map(({ id }) => toBullId(id))
    const diedAt = await connection.zmscore(queue.toKey('failed'), ...ids)
    await Promise.all(ids.filter((_, place) => diedAt[place] !== null).map(id => queue.remove(id)))
  }

  return {
    add: (name, jobs) =>
      answered('jobs could not be added', async () => {
        const queue = queueOf(name)
        if (jobs.length === 0) return
        await queue.waitUntilReady()
        await note(name)
        for (const slice of slicesOf(jobs, TOGETHER)) {
          await exhume(queue, slice)
          await queue.addBulk(slice.map(toBull))
        }
      }),

    work(name, work) {
      forWorkers ??= connectWorkers(redis)
      const given = { connection: forWorkers, queue: named(name), work }
      const started = startBullWorker({ ...given, log: log.child({ queue: name }), lockMs, stopWithinMs })
      const worker: Worker = {
        async stop() {
          workers.delete(worker)
          await started.stop()
        },
      }
      workers.add(worker)
      return worker
    },

    counts: () =>
      answered('jobs could not be counted', async () => {
        const names = [...new Set([...(await connection.smembers(QUEUES_KEY)), ...noted])]
        const counted = await Promise.all(
          names.sort().map(async name => {
            const counts = await queueOf(name).getJobCounts('wait', 'delayed', 'active', 'failed')
            const { wait: waiting = 0, delayed = 0, active = 0, failed = 0 } = counts
            return { queue: name, waiting, delayed, running: active, dead: failed }
          }),
        )
        return counted.filter(({ waiting, delayed, running, dead }) => waiting + delayed + running + dead > 0)
      }),

    dead: (name, { limit = DEAD_LISTED } = {}) =>
      answered('dead jobs could not be listed', async () => {
        const jobs = await queueOf(name).getFailed(0, limit - 1)
        return jobs.flatMap(job => {
          if (!job?.id || job.finishedOn === undefined) return [] // it was sent again meanwhile
          const { data, failedReason: reason, finishedOn: diedAt } = job
          return [{ id: fromBullId(job.id), data, attempts: attemptsOf(job), reason, diedAt }]
        })
      }),

    again: (name, id) =>
      answered('a dead job could not be sent again', async () => {
        const job = await queueOf(name).getJob(toBullId(id))
        if (!job || !(await job.isFailed())) return false
        try {
          await job.updateProgress(0) // where it is noted how often it was held
          await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
          return true
        } catch (error) {
          if (await job.isFailed()) throw error
          return false // somebody else was faster
        }
      }),

    async close() {
      await Promise.all([...workers].map(worker => worker.stop()))
      await within(CLOSE_WITHIN_MS, Promise.all([...queues.values()].map(queue => queue.close())))
      forWorkers?.disconnect()
      connection.disconnect()
    },
  }
}

const likewise = (redis: Redis | Cluster): Redis | Cluster =>
  redis instanceof Cluster ? redis.duplicate() : redis.duplicate()

/** @throws HubError UNAVAILABLE */
async function answered<T>(failed: string, ask: () => Promise<T>): Promise<T> {
  const late = wait(ANSWER_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)
  })
  try {
    return await Promise.race([ask(), late])
  } catch (error) {
    if (error instanceof HubError) throw error
    throw new HubError('UNAVAILABLE', failed, { cause: error })
  }
}

/** How often it may fail and how long it then waits is the worker's to say: BullMQ itself never gives up. */
const FOR_EVER = 2 ** 31 - 1

const toBull = ({
  id,
  data,
  delayMs = 0,
}: NewJob): { name: string; data: JsonObject; opts: JobsOptions } => ({
  name: 'job',
  data,
  opts: {
    jobId: toBullId(id),
    delay: Math.max(0, Math.round(delayMs)),
    attempts: FOR_EVER,
    backoff: { type: 'as the worker says' },
    removeOnComplete: true,
    stackTraceLimit: 0,
  },
})
