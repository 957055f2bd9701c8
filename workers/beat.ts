// A steady beat for work that has to be done again and again, and a pause that a stop cuts short.

import type { Log } from '../model/log.ts'

export type Beat = {
  /** Works at once, or once more when it is working: there is something new. */
  now(): void
  /** Ends the beat; resolves when the work that is running has ended. */
  stop(): Promise<void>
}

/** Works, then rests for `everyMs`, and so on; it never overlaps with itself. `what` is for the log. */
export function startBeat({
  everyMs,
  what,
  work,
  log,
}: {
  everyMs: number
  what: string
  work: () => Promise<void>
  log: Log
}): Beat {
  const stopping = new AbortController()
  let resting = new AbortController()
  let again = false
  const ended = beat()

  async function beat(): Promise<void> {
    let isFailing = false
    while (!stopping.signal.aborted) {
      again = false
      try {
        await work()
        if (isFailing) log.info({}, `${what}: works again`)
        isFailing = false
      } catch (error) {
        // Said once, not at every beat: a log that repeats itself hides what else is wrong.
        if (!isFailing) log.error({ error }, `${what}: failed, trying again`)
        isFailing = true
      }
      if (again || stopping.signal.aborted) continue
      resting = new AbortController()
      await pause(everyMs, resting.signal)
    }
  }

  return {
    now() {
      again = true
      resting.abort()
    },
    async stop() {
      stopping.abort()
      resting.abort()
      await ended
    },
  }
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = (): void => {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    resolve()
  }
  const timer = setTimeout(end, ms)
  if (signal.aborted) end()
  else signal.addEventListener('abort', end)
  return promise
}
