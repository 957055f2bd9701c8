// Names for requests that do something, so that one whose answer was lost is done once: what is asked again, word for
// word and soon after, has the name that it had.

import type { Answer } from './http.ts'

export type RequestKeys = {
  /** The name of a request that goes out now; `asked` is all that it says. */
  of(asked: string): string
  /** What came of it. Where nobody knows, its name is kept. */
  settled(asked: string, answer: Answer<unknown>): void
}

/** Whoever asks the same later than this means it anew. */
export const KEPT_FOR_MS = 2 * 60_000

/** It may have been done: no answer came, or one that does not tell. */
const UNTOLD: ReadonlySet<string> = new Set(['UNREACHABLE', 'INTERNAL', 'UNAVAILABLE', 'STOPPED'])

export function createRequestKeys({
  now = () => Date.now(),
  newKey = randomKey,
}: {
  now?: () => number
  newKey?: () => string
} = {}): RequestKeys {
  const open = new Map<string, { key: string; at: number }>()
  return {
    of(asked) {
      for (const [other, { at }] of open) if (now() - at > KEPT_FOR_MS) open.delete(other)
      const known = open.get(asked) ?? { key: newKey(), at: now() }
      open.set(asked, known)
      return known.key
    },
    settled(asked, answer) {
      if (answer.ok || !UNTOLD.has(answer.problem.code)) open.delete(asked)
    },
  }
}

const KEY_BYTES = 24

/** Also where the page is not secure, in which browsers have no `randomUUID`. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
