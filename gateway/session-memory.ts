// Sessions as this gateway saw them last. While the records are away nobody can be looked up, and the browsers of a
// desk that come back in that time must not be turned away: emergencies reach them all the same.

import type { Session } from '../records/sessions.ts'

/** Many times the desks of the largest centre. */
const KEPT_MAX = 10_000
/**
 * Whoever follows the feed is looked up every few seconds. A session that the records confirmed so long before their
 * last answer was not here, and may have been ended meanwhile: at another gateway, or by an administrator.
 */
export const CONFIRMED_WITHIN_MS = 10 * 60_000

export type SessionMemory = {
  /** The records have answered at `at` that it holds. */
  remember(session: Session, at: number): void
  /** The records no longer know it, or its user signed out here. */
  forget(tokenHash: string): void
  /** The session as it was last known, unless it has run out at `at` or was not confirmed of late. */
  recall(tokenHash: string, at: number): Session | undefined
}

export function createSessionMemory(): SessionMemory {
  const sessions = new Map<string, { session: Session; confirmedAt: number }>()
  /** When the records answered last, for anybody: what was ended before they went away is measured from there. */
  let answeredAt = Number.NEGATIVE_INFINITY
  return {
    remember(session, at) {
      answeredAt = at
      sessions.delete(session.tokenHash)
      sessions.set(session.tokenHash, { session, confirmedAt: at })
      const [oldest] = sessions.keys()
      if (sessions.size > KEPT_MAX && oldest !== undefined) sessions.delete(oldest)
    },
    forget: tokenHash => void sessions.delete(tokenHash),
    recall(tokenHash, at) {
      const kept = sessions.get(tokenHash)
      if (!kept || kept.session.expiresAt <= at) return undefined
      return answeredAt - kept.confirmedAt <= CONFIRMED_WITHIN_MS ? kept.session : undefined
    },
  }
}
