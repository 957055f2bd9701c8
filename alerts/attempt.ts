// One run of one job, the same on every engine: what is handed out, and what becomes of it. The pause before the next
// run is decided here, and nothing is written here.

import type { Log } from '../model/log.ts'
import { Held, type Job, type Work } from './jobs.ts'

/** A job as an engine has taken it: `failures` are those so far. */
export type Taken = Job & { failures: number }

export type Outcome =
  | { end: 'done' }
  | { end: 'retry'; afterMs: number; reason: string }
  | { end: 'dead'; reason: string }
  /** It may not begin yet: it was not tried. */
  | { end: 'held'; afterMs: number }
  /** Its process stops: it goes to the next, and has not failed. */
  | { end: 'given_back' }

/** A job that so often took its process with it, or was cut off, is dead: it would do it for ever. */
export const LOST_MOST = 3
/** What a server asks for is heeded up to here: who is told of an emergency tomorrow is not told. */
export const RETRY_AFTER_MOST_MS = 3_600_000
const REASON_LENGTH = 500

/** Carries out one run. Never rejects. */
export async function attempt(taken: Taken, work: Work, log: Log): Promise<Outcome> {
  const lost = taken.attempt - 1 - taken.failures
  if (lost > LOST_MOST) return die(taken, { work, log, reason: `it was cut off ${lost} times` })
  try {
    await work.handle(jobOf(taken))
    return { end: 'done' }
  } catch (error) {
    if (taken.signal.aborted) return { end: 'given_back' }
    if (error instanceof Held) return { end: 'held', afterMs: Math.max(1, Math.ceil(error.forMs)) }
    const reason = reasonOf(error)
    const failures = taken.failures + 1
    if (failures >= work.attempts) return die(taken, { work, log, reason })
    return { end: 'retry', reason, afterMs: pauseMs({ failures, error, backoff: work.backoff }) }
  }
}

async function die(
  taken: Taken,
  { work, log, reason }: { work: Work; log: Log; reason: string },
): Promise<Outcome> {
  try {
    await work.onDead?.(jobOf(taken), reason)
    return { end: 'dead', reason }
  } catch (error) {
    log.error({ error, job: taken.id, reason }, 'nobody could be told that a job is dead; it is tried again')
    return { end: 'retry', reason, afterMs: work.backoff.mostMs }
  }
}

const jobOf = ({ id, data, attempt, signal }: Taken): Job => ({ id, data, attempt, signal })

/**
 * The pause before the next run, in whole ms, at least one. Of the doubled pause a half is certain and a half is
 * chance: what failed together does not come back together. `chance` is from 0 to below 1.
 */
export function pauseMs({
  failures,
  error,
  backoff: { firstMs, mostMs },
  chance = Math.random(),
}: {
  failures: number
  error: unknown
  backoff: Work['backoff']
  chance?: number
}): number {
  const doubledMs = Math.min(mostMs, firstMs * 2 ** (failures - 1))
  const ownMs = (doubledMs / 2) * (1 + chance)
  return Math.max(1, Math.round(ownMs), Math.min(askedMs(error), RETRY_AFTER_MOST_MS))
}

function askedMs(error: unknown): number {
  const { retryAfterMs } = (error ?? {}) as { retryAfterMs?: unknown }
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? Math.ceil(retryAfterMs) : 0
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, REASON_LENGTH)
