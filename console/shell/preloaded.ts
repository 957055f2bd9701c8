// Takes what the browser has fetched while this program was still on its way (gateway/pages.ts).

import { PRELOADED } from '../../model/preloaded.ts'

/** Later than this nobody begins with it any more: it would be old; ms since the page was asked for. */
export const FRESH_FOR_MS = 10_000

/**
 * A `fetch` that makes the first request for each of these in the browser's own words: one that is made exactly like
 * the browser's is answered by what it has fetched. What was refused is asked for anew: somebody may have signed in
 * meanwhile.
 */
export function takingPreloaded(send: typeof fetch, now: () => number): typeof fetch {
  const waiting = new Set(PRELOADED)
  return async (input, init) => {
    const isRead = init?.method === 'GET' && typeof input === 'string'
    if (!isRead || !waiting.delete(input) || now() > FRESH_FOR_MS) return send(input, init)
    const { signal } = init
    const answer = await send(input, { credentials: 'same-origin', ...(signal && { signal }) })
    return answer.ok ? answer : send(input, init)
  }
}
