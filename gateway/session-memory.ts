// Sessions as this gateway saw them last. While the records are away nobody can be looked up, and the browsers of a
// desk that come back in that time must not be turned away: emergencies reach them all the same.

import type { Session } from '../records/sessions.ts'

/** Many times the desks of the largest centre. */
const KEPT_MAX = 10_000

export type SessionMemory = {
  remember(session: Session): void
  /** The records no longer know it, or its user signed out here. */
  forget(tokenHash: string): void
  /** The session as it was last known, unless it has run out at `at`. */
  recall(tokenHash: string, at: number): Session | undefined
}

export function createSessionMemory(): SessionMemory {
  const sessions = new Map<string, Session>()
  return {
    remember(session) {
      sessions.delete(session.tokenHash)
      sessions.set(session.tokenHash, session)
      const [oldest] = sessions.keys()
      if (sessions.size > KEPT_MAX && oldest !== undefined) sessions.delete(oldest)
    },
    forget: tokenHash => void sessions.delete(tokenHash),
    recall(tokenHash, at) {
      const session = sessions.get(tokenHash)
      return session && session.expiresAt > at ? session : undefined
    },
  }
}
