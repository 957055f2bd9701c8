// Work that waits for its turn: so much of a kind at a time, whoever asks for it.

import { HubError } from '../model/error.ts'

export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/**
 * In the order in which it was asked for; `waiting` bounds how many wait, where there is a bound.
 * @throws (each call) HubError TOO_MANY_REQUESTS with `refusal` when so many are waiting already.
 */
export function startTurns({
  atOnce,
  waiting = Number.POSITIVE_INFINITY,
  refusal = 'too many ask for this at once',
}: {
  atOnce: number
  waiting?: number
  refusal?: string
}): Turns {
  const queue: (() => void)[] = []
  let running = 0
  return async work => {
    if (running < atOnce) running++
    else if (queue.length >= waiting) throw new HubError('TOO_MANY_REQUESTS', refusal)
    else await new Promise<void>(resolve => queue.push(resolve)) // its place is handed on to it
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
