// Works on one queue of BullMQ. What becomes of a job is decided as on the other engine (attempt.ts), and told to
// BullMQ by how its processor ends.

import { setTimeout as wait } from 'node:timers/promises'
import { type Job as BullJob, Worker as BullWorker, DelayedError, UnrecoverableError } from 'bullmq'
import { Cluster, type Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../model/log.ts'
import { attempt } from './attempt.ts'
import { fromBullId, JOBS_PREFIX } from './jobs.bullmq.keys.ts'
import { DEAD_FOR_MS, type JsonObject, type Work, type Worker } from './jobs.ts'
import { createRunning } from './running.ts'

/** Above the longest that BullMQ waits for a job on one command (10 s, and a second until it gives the line up). */
const SILENT_FOR_MS = 15_000
/** After an error of the line. */
const TRY_AGAIN_MS = 500
/** What is lost is counted in attempt.ts: BullMQ would let it die without telling. */
const NEVER = 2 ** 31 - 1
export const CLOSE_WITHIN_MS = 2_000
/** So that a job which is given back is not taken by the wait of the worker that is about to stop. */
const GIVEN_BACK_FOR_MS = 1_000

type ClusterNodeOptions = NonNullable<NonNullable<Parameters<Cluster['duplicate']>[1]>['redisOptions']>

/**
 * A connection for workers, which each make another one like it for their waits. It keeps what could not be sent until
 * Redis is back: that a job is done must not be lost on the way.
 */
export function connectWorkers(redis: Redis | Cluster): Redis | Cluster {
  const connection = patient(redis)
  connection.on('error', () => undefined) // each worker says that it is in trouble
  return connection
}

function patient(redis: Redis | Cluster): Redis | Cluster {
  const options = {
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: true,
    socketTimeout: SILENT_FOR_MS,
  } satisfies RedisOptions
  if (!(redis instanceof Cluster))
    return redis.duplicate({ ...options, commandTimeout: undefined, enableOfflineQueue: true })
  const redisOptions = { ...redis.options.redisOptions, ...options } as ClusterNodeOptions
  delete redisOptions.commandTimeout
  return redis.duplicate([], { redisOptions, enableOfflineQueue: true })
}

export function startBullWorker({
  connection,
  queue,
  work,
  log,
  lockMs,
  stopWithinMs,
}: {
  connection: Redis | Cluster
  queue: string
  work: Work
  log: Log
  lockMs: number
  stopWithinMs: number
}): Worker {
  const running = createRunning()
  const trouble = createTrouble(log)
  let isStopping = false

  async function run(job: BullJob<JsonObject>, token: string | undefined): Promise<void> {
    // It waits on a line of its own, and may be handed one more when it was told to take none.
    if (isStopping) return giveBack(job, token)
    const key = job.id ?? ''
    const { data, attemptsMade: failures } = job
    const signal = running.begin(key)
    try {
      const taken = { id: fromBullId(key), data, attempt: attemptsOf(job), failures, signal }
      const outcome = await attempt(taken, work, log)
      trouble.ends()
      if (outcome.end === 'given_back') return await giveBack(job, token)
      if (outcome.end === 'held') return await holdBack(job, { token, afterMs: outcome.afterMs })
      if (outcome.end === 'dead') throw new UnrecoverableError(outcome.reason)
      if (outcome.end === 'retry') throw new RetryError(outcome)
    } finally {
      running.end(key)
    }
  }

  const worker = new BullWorker<JsonObject, void>(queue, run, {
    connection,
    prefix: JOBS_PREFIX,
    concurrency: work.concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: NEVER,
    runRetryDelay: TRY_AGAIN_MS,
    removeOnFail: { age: DEAD_FOR_MS / 1_000 },
    settings: { backoffStrategy: (_made, _type, error) => (error instanceof RetryError ? error.afterMs : 1) },
  })
  worker.on('error', trouble.begins)
  worker.on('lockRenewalFailed', keys => {
    for (const key of keys) {
      if (!running.abort(key)) continue
      log.warn({ job: fromBullId(key) }, 'a job was lost to somebody else while it ran')
    }
  })

  return {
    async stop() {
      await worker.pause(true)
      isStopping = true
      const isClean = await running.ended(stopWithinMs)
      if (!isClean) log.warn({ jobs: running.size }, 'jobs that do not end are left to their lock')
      // What has ended is written first, unless Redis is away; then the lock tells.
      await within(CLOSE_WITHIN_MS, worker.close(!isClean))
    },
  }
}

/** Waits for `work`, but not for ever. */
export const within = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, wait(ms, undefined, { ref: false })])

/** How a failure reaches BullMQ, with the pause that is to follow. */
class RetryError extends Error {
  readonly afterMs: number
  constructor({ reason, afterMs }: { reason: string; afterMs: number }) {
    super(reason)
    this.afterMs = afterMs
  }
}

/** @throws always: this is how BullMQ is told that the job is elsewhere. */
async function giveBack(job: BullJob<JsonObject>, token: string | undefined): Promise<never> {
  await job.moveToDelayed(Date.now() + GIVEN_BACK_FOR_MS, token)
  throw new DelayedError()
}

/** @throws always, as `giveBack` does. A death between the two steps costs nothing but a number. */
async function holdBack(
  job: BullJob<JsonObject>,
  { token, afterMs }: { token: string | undefined; afterMs: number },
): Promise<never> {
  await job.updateProgress({ held: timesHeld(job) + 1 })
  await job.moveToDelayed(Date.now() + afterMs, token)
  throw new DelayedError()
}

/** How often it was handed out and not held. BullMQ counts each; those that were held are noted as its progress. */
export const attemptsOf = (job: BullJob): number => job.attemptsStarted - timesHeld(job)

function timesHeld({ progress }: BullJob): number {
  const { held } = (typeof progress === 'object' ? progress : {}) as { held?: unknown }
  return typeof held === 'number' ? held : 0
}

/** An outage is said when it begins, not with every command that fails. */
function createTrouble(log: Log) {
  let is = false
  return {
    begins(error: Error): void {
      if (!is) log.warn({ reason: error.message }, 'jobs: BullMQ is in trouble')
      is = true
    },
    ends(): void {
      is = false
    },
  }
}
