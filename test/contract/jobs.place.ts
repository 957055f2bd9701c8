// What the stories of the jobs contract stand on: a place where an engine keeps its jobs, opened by several as by
// several processes, and handlers that tell what they were handed.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Job, Jobs, JobTimes, NewJob, Work } from '../../alerts/jobs.ts'
import { eventually } from '../eventually.ts'

/** One engine. `open` gives the jobs of another process each time, as far as the engine can tell. */
export type JobsPlace = {
  open(times?: JobTimes): Jobs
  /** No queue holds a job any more. */
  clear(): Promise<void>
  /** By which a process of its own finds it (jobs.child.ts). */
  env(): Record<string, string>
}

/** So short that it runs out within a story, and still long enough to be renewed in time. */
export const SHORT_LOCK: JobTimes = { lockMs: 600, stopWithinMs: 150 }
/** Kept also on a machine that stands still for a second now and then. */
export const A_LOCK: JobTimes = { lockMs: 2_000 }

type Ending = { onTestFinished(end: () => Promise<void>): void }

/** Opens jobs for a test, which are closed after it. */
export function openerFor(test: Ending, place: JobsPlace): (times?: JobTimes) => Jobs {
  return times => {
    const jobs = place.open(times)
    test.onTestFinished(jobs.close)
    return jobs
  }
}

const CHILD = fileURLToPath(new URL('./jobs.child.ts', import.meta.url))

/** A process that takes jobs of `queue` and never ends them. */
export function startChild(test: Ending, { place, queue }: { place: JobsPlace; queue: string }) {
  const child = spawn(process.execPath, [CHILD, queue], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...place.env() },
  })
  let said = ''
  child.stdout.on('data', text => {
    said += text
  })
  const gone = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  test.onTestFinished(kill)
  /** What it was handed, as `id#attempt`. */
  return { runs: () => said.split('\n').filter(Boolean), kill }
}

export const jobsNamed = (...ids: string[]): NewJob[] => ids.map(id => ({ id, data: { of: id } }))

export const QUICK: Omit<Work, 'handle'> = {
  concurrency: 4,
  attempts: 3,
  backoff: { firstMs: 2, mostMs: 10 },
}

/** Notes every run as `id#attempt`, and does what `handle` does. */
export function noting(handle: (job: Job) => Promise<void> = async () => undefined) {
  const runs: string[] = []
  return {
    runs,
    async handle(job: Job): Promise<void> {
      runs.push(`${job.id}#${job.attempt}`)
      await handle(job)
    },
  }
}

/** A job that runs until it is let go. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve }
}

export const until = (expectation: () => void | Promise<void>, timeout = 25_000): Promise<void> =>
  eventually(expectation, { timeout, interval: 5 })
