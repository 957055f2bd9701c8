// Waiting for a condition, for code that runs under vitest as well as by itself.

import { setTimeout as wait } from 'node:timers/promises'

const LOOK_EVERY_MS = 25

/** Looks until `look` returns something; the last error of a look goes into the message when time is up. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs
  let cause: unknown
  do {
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
      cause = undefined
    } catch (error) {
      cause = error
    }
    await wait(LOOK_EVERY_MS)
  } while (performance.now() < giveUpAt)
  throw new Error(`${what}: not within ${timeoutMs} ms${cause === undefined ? '' : `; ${cause}`}`, { cause })
}
