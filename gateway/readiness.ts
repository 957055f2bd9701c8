// Is everything there that alarms need? Asked by whoever watches the hub, told to operators when it changes,
// and the condition of the dead-man's switch.

import type { HealthProblem } from '../model/feed.ts'
import type { HealthReason } from '../model/health.ts'
import type { Log } from '../model/log.ts'

/** `detail` says in words how it is, also when it is well; `reason` why it is not, where that has a name. */
export type Checked = { ok: boolean; reason?: HealthReason; detail: string }
/** One dependency, by name. */
export type Check = { name: string; check(): Promise<Checked> }

export type CheckResult = Checked & { name: string }
export type Report = { ready: boolean; checks: CheckResult[] }

export type Readiness = {
  /** Asks every dependency now; requests at the same time share one round. */
  report(): Promise<Report>
  /** What was wrong when last asked. */
  problems(): readonly HealthProblem[]
  /** Calls `listener` when the problems are other ones than before; returns the way to stop. */
  subscribe(listener: (problems: readonly HealthProblem[]) => void): () => void
  /** Adds a dependency, for parts that start later; returns the way to remove it. */
  add(check: Check): () => void
  stop(): void
}

/**
 * Asks all checks every `everyMs`, the first time after that: a process that is just starting is not well yet, and
 * that is no news. One that does not answer within `timeoutMs` is red.
 */
export function startReadiness({
  checks: first,
  log,
  everyMs = 5_000,
  timeoutMs = 3_000,
}: {
  checks: readonly Check[]
  log: Log
  everyMs?: number
  timeoutMs?: number
}): Readiness {
  const checks = new Set(first)
  const listeners = new Set<(problems: readonly HealthProblem[]) => void>()
  let problems: readonly HealthProblem[] = []
  let round: Promise<Report> | undefined

  const ask = async (): Promise<Report> => {
    const results = await Promise.all([...checks].map(check => askOne(check, timeoutMs)))
    notice(results.filter(({ ok }) => !ok).map(({ ok: _, ...problem }) => problem))
    return { ready: problems.length === 0, checks: results }
  }
  const notice = (found: readonly HealthProblem[]): void => {
    const changed = namesOf(found) !== namesOf(problems)
    problems = found
    if (!changed) return
    if (found.length > 0) log.error({ problems: found }, 'the hub is not well')
    else log.info({}, 'the hub is well')
    for (const listener of listeners) listener(found)
  }
  const report = (): Promise<Report> => {
    round ??= ask().finally(() => {
      round = undefined
    })
    return round
  }

  const timer = setInterval(() => void report(), everyMs)
  return {
    report,
    problems: () => problems,
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    add(check) {
      checks.add(check)
      return () => {
        checks.delete(check)
      }
    },
    stop: () => clearInterval(timer),
  }
}

/** Details hold numbers that move all the time; operators are told when something else is wrong. */
const namesOf = (problems: readonly HealthProblem[]): string =>
  problems
    .map(({ name, reason = '' }) => `${name} ${reason}`)
    .sort()
    .join()

async function askOne({ name, check }: Check, timeoutMs: number): Promise<CheckResult> {
  const { promise: late, resolve } = Promise.withResolvers<Checked>()
  const timer = setTimeout(
    () => resolve({ ok: false, reason: 'no_answer', detail: `no answer within ${timeoutMs} ms` }),
    timeoutMs,
  )
  try {
    return { name, ...(await Promise.race([check(), late])) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { name, ok: false, reason: 'failed', detail }
  } finally {
    clearTimeout(timer)
  }
}
