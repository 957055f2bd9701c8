// Work that is done later, or again until it is done: the seam between "somebody is to be told" and the telling. A
// queue carries work and never owns the truth: the rows that jobs are made from are swept, and bring back what is lost.

import { HubError } from '../model/error.ts'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [name: string]: Json }

/**
 * Every job is handed out **at least once**: a process that is killed in the middle of one leaves it to another, when
 * its lock has run out. Whoever carries it out passes `id` on as the key by which a second delivery is recognised.
 */
export type Jobs = {
  /**
   * Resolves when the jobs are stored, all of them. One whose id is waiting, delayed or running in this queue is
   * there already and stays as it is; a dead one begins anew, with these data. Queues need no making; their names are
   * of `QUEUE_NAME`. @throws UNAVAILABLE: whether they were stored is not known, and adding them again is harmless.
   */
  add(queue: string, jobs: readonly NewJob[]): Promise<void>
  /** Hands out the jobs of a queue, about the longest due first, until stopped. */
  work(queue: string, work: Work): Worker
  /** Of every queue that holds a job. */
  counts(): Promise<readonly QueueCounts[]>
  /** The dead of a queue, those that died last first, at most `limit` (100). They are kept for `DEAD_FOR_MS`. */
  dead(queue: string, options?: { limit?: number }): Promise<readonly DeadJob[]>
  /** Begins a dead job anew, from its first attempt. False when it is not among the dead (any more). */
  again(queue: string, id: string): Promise<boolean>
  /** Stops whoever works, as `Worker.stop` does, and lets go of the engine's own connections. */
  close(): Promise<void>
}

/** `data` comes back as it was; ids of rows in it, not people: queues are no part of what is erased. */
export type NewJob = { id: string; data: JsonObject; delayMs?: number | undefined }

/** `attempt` is 1 at first, and one more each time that it is handed out, unless it was `Held`. */
export type Job = {
  id: string
  data: JsonObject
  attempt: number
  /** Aborted when the job is not this process's any more, or when a stop has waited long enough. */
  signal: AbortSignal
}

export type Work = {
  /** Jobs at once, in this process. */
  concurrency: number
  /** Times that it may fail before it is dead. A run that was cut off is not a failure, see `LOST_MOST`. */
  attempts: number
  /** The pause after the first failure, doubled by each that follows up to the most. */
  backoff: { firstMs: number; mostMs: number }
  /**
   * Done when it resolves. An error that carries `retryAfterMs` asks for a pause of at least so long; `Held` says that
   * it may not begin yet.
   */
  handle(job: Job): Promise<void>
  /**
   * Called before a job is counted among the dead. As long as this fails, it is not: it is handed out again after
   * `mostMs`, so whoever has to know does. It may be told twice, of a process that was killed at this moment.
   */
  onDead?(job: Job, reason: string): Promise<void>
}

/** Thrown by a handler that may not begin: the job is handed out again after `forMs`. This was no attempt of it. */
export class Held extends Error {
  readonly forMs: number
  constructor(forMs: number) {
    super(`it may not begin for ${forMs} ms`)
    this.name = 'Held'
    this.forMs = forMs
  }
}

export type Worker = {
  /**
   * Takes no more; resolves when the jobs that run have ended. Those that take too long are asked to by their signal,
   * and go back to the queue when they heed it; those that do not are left to their lock.
   */
  stop(): Promise<void>
}

/** `waiting` are due, `delayed` are not yet. */
export type QueueCounts = { queue: string; waiting: number; delayed: number; running: number; dead: number }

/** `reason` is what the last error said; `attempts` how often it was handed out. */
export type DeadJob = { id: string; data: JsonObject; attempts: number; reason: string; diedAt: number }

export const QUEUE_NAME = /^[a-z0-9_-]{1,64}$/
/** A lock that was not renewed for so long is lost, and the job somebody else's. */
export const LOCK_MS = 10_000
/** A stop waits so long for the jobs that run, and then a little for those that heed their signal. */
export const STOP_WITHIN_MS = 5_000
export const HEED_WITHIN_MS = 500
/** Long enough to look into what went wrong last month. */
export const DEAD_FOR_MS = 30 * 86_400_000
export const DEAD_LISTED = 100

/** How an engine is told of other times, by tests. */
export type JobTimes = { lockMs?: number; stopWithinMs?: number }

/** A name that one engine takes and another does not would be found out in the field. @throws HubError INTERNAL */
export function named(queue: string): string {
  if (!QUEUE_NAME.test(queue)) throw new HubError('INTERNAL', `a queue cannot be called "${queue}"`)
  return queue
}
