// How many questions of a kind are answered at a time, of one account and of all: whoever comes above that is asked to
// come again in a moment, so that no crowd keeps the records from the desk.

import { HubError } from '../model/error.ts'

export type InFlightLimits = { ofAccount: number; ofAll: number; retryAfterMs: number }

export type InFlight = <T>(userId: string, answer: () => Promise<T>) => Promise<T>

/** @throws HubError TOO_MANY_REQUESTS, from the returned function; its `errors` name `account_busy` or `hub_busy`. */
export function startInFlight({ ofAccount, ofAll, retryAfterMs }: InFlightLimits): InFlight {
  const running = new Map<string, number>()
  let all = 0
  return async (userId, answer) => {
    const own = running.get(userId) ?? 0
    if (own >= ofAccount) throw busy('account_busy', retryAfterMs)
    if (all >= ofAll) throw busy('hub_busy', retryAfterMs)
    running.set(userId, own + 1)
    all++
    try {
      return await answer()
    } finally {
      all--
      const left = (running.get(userId) ?? 1) - 1
      if (left === 0) running.delete(userId)
      else running.set(userId, left)
    }
  }
}

const MESSAGES = {
  account_busy: 'this account asks too many questions at a time',
  hub_busy: 'too many questions are being answered just now',
} as const

function busy(reason: keyof typeof MESSAGES, retryAfterMs: number): HubError {
  const message = MESSAGES[reason]
  return new HubError('TOO_MANY_REQUESTS', message, {
    retryAfterMs,
    errors: [{ path: 'request', message, reason }],
  })
}
