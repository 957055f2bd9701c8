// How much of the process the archive may have: little at a time and little in all, because charts can wait and an
// alarm goes through the same event loop.

import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'

/** The event loop is kept for so long at a time … */
const SLICE_MS = 1
/** … and then left to others for this much longer: a sixth of a processor at most, some 40,000 samples a second. */
const REST_MS = 5

export type ArchiveShare = {
  /** Takes all that `work` yields, in slices; partitions take turns. */
  collect<T>(work: Iterator<readonly T[], void>): Promise<T[]>
}

export function createArchiveShare(): ArchiveShare {
  let last: Promise<unknown> = Promise.resolve()

  /** One slice at a time in the whole process. */
  function turn<R>(work: () => R): Promise<R> {
    const done = last.then(work)
    last = done.then(
      () => wait(REST_MS),
      () => wait(REST_MS),
    )
    return done
  }

  return {
    async collect<T>(work: Iterator<readonly T[], void>) {
      const all: T[] = []
      while (!(await turn(() => takeFor(SLICE_MS, work, all))));
      return all
    },
  }
}

/** Takes what comes within `budgetMs`; true when that was all. */
function takeFor<T>(budgetMs: number, work: Iterator<readonly T[], void>, into: T[]): boolean {
  const until = performance.now() + budgetMs
  do {
    const { done, value } = work.next()
    if (done === true) return true
    into.push(...value)
  } while (performance.now() < until)
  return false
}
