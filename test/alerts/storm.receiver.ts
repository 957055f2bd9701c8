// A receiver of webhooks that is in trouble: of its answers 30 % are failures, and 5 % never come.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'

const SHARE = { hangs: 0.05, fails: 0.3 }
const SEED = 20_261_122

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** Whatever it has answered with 200 it has taken. Its troubles are the same ones in each run, in the order of calls. */
export async function startReceiver() {
  const taken = new Map<string, number>()
  const calledAt = new Map<string, number>()
  const chance = numbersFrom(SEED)
  let calls = 0
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key'])
    if (!calledAt.has(key)) calledAt.set(key, performance.now())
    calls++
    request.resume().on('end', () => {
      const drawn = chance()
      if (drawn < SHARE.hangs) return // until its caller gives up
      response.statusCode = drawn < SHARE.hangs + SHARE.fails ? 503 : 200
      if (response.statusCode === 200) taken.set(key, (taken.get(key) ?? 0) + 1)
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** How often each key was answered with 200. */
    taken,
    calls: () => calls,
    /** When a key came first. */
    calledAt: (key: string) => calledAt.get(key) ?? Number.POSITIVE_INFINITY,
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Evenly between 0 and 1 (a linear congruence; the constants of Numerical Recipes). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
