// The jobs that run in this process for one queue: each with the signal by which it is asked to end, and the wait for
// all of them when the queue's worker stops.

import { setTimeout as wait } from 'node:timers/promises'
import { HEED_WITHIN_MS } from './jobs.ts'

export type Running = {
  readonly size: number
  /** Notes a run under `key`; returns the signal that it is to be given. */
  begin(key: string): AbortSignal
  end(key: string): void
  /** The run is not ours any more; false when it has ended anyway. */
  abort(key: string): boolean
  /**
   * Resolves with true when nothing runs. What runs for longer is asked to end, and after a little while it is
   * given up: false.
   */
  ended(withinMs: number): Promise<boolean>
}

export function createRunning(): Running {
  const runs = new Map<string, AbortController>()
  let waiting: (() => void)[] = []

  const none = (): Promise<true> =>
    new Promise(resolve => {
      if (runs.size === 0) resolve(true)
      else waiting.push(() => resolve(true))
    })
  const noneWithin = (ms: number): Promise<boolean> => Promise.race([none(), wait(ms, false, { ref: false })])

  return {
    get size() {
      return runs.size
    },
    begin(key) {
      const controller = new AbortController()
      runs.set(key, controller)
      return controller.signal
    },
    end(key) {
      runs.delete(key)
      if (runs.size > 0) return
      for (const resolve of waiting) resolve()
      waiting = []
    },
    abort(key) {
      runs.get(key)?.abort()
      return runs.has(key)
    },
    async ended(withinMs) {
      if (await noneWithin(withinMs)) return true
      for (const controller of runs.values()) controller.abort()
      return noneWithin(HEED_WITHIN_MS)
    },
  }
}
