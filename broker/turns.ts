// One at a time and not too often, however many ask: a look at the records that many callers share.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'

export type Turns = { next(): Promise<void>; stop(): Promise<void> }

/** Runs `run` one at a time and not too often. `next` resolves after a run that began after the call. */
export function startTurns({
  clock,
  everyMs,
  run,
  failed,
  log,
}: {
  clock: Clock
  everyMs: number
  run(): Promise<void>
  /** What the log says when `run` rejects. */
  failed: string
  log: Log
}): Turns {
  let running: Promise<void> = Promise.resolve()
  let planned: Promise<void> | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  let stopped = false
  let isFailing = false
  let wake: () => void = () => undefined

  async function take(before: Promise<void>): Promise<void> {
    await before
    const waitMs = Math.min(everyMs, startedAt + everyMs - clock.now())
    if (waitMs > 0 && !stopped) await pause(waitMs)
    planned = undefined
    if (stopped) return
    startedAt = clock.now()
    try {
      await run()
      isFailing = false
    } catch (error) {
      // Said once: as long as it fails, everybody who asks would have it said again.
      if (!isFailing) log.warn({ error }, failed)
      isFailing = true
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  return {
    next() {
      if (planned) return planned
      planned = take(running)
      running = planned
      return planned
    },
    async stop() {
      stopped = true
      wake()
      await running
    },
  }
}
