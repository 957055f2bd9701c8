// What an error of PostgreSQL means for whoever asked: the database is away, busy or shutting down — that passes,
// and is told as UNAVAILABLE — or the statement itself was wrong. An outage is said once, and its end once.

import pg from 'pg'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'

/**
 * SQLSTATEs of what passes: connections that broke; sessions that were ended, also for standing still in a
 * transaction; a server without room or memory; a wait for a lock or for an answer that was cut off; a server
 * that has become a standby.
 */
const PASSING = /^(08...|53...|57...|25P03|25006|55P03)$/
/** After these the session is gone, or is one with the wrong server. */
const LOST = /^(08...|57P..|25P03|25006)$/

/**
 * What this connection keeps parsed is not what its session has, and would not be tomorrow. The next one begins anew.
 * "cached plan must not change result type": somebody has brought the tables up to date; "does not exist" and "already
 * exists": a pooler has given it another session.
 */
const OUTDATED = /^(0A000|26000|42P05)$/

export type Outage = {
  /** What to throw for `error`, and whether its connection is of no more use. Notes an outage when it is one. */
  judge(error: unknown): { error: unknown; isLost: boolean }
  /** The database has answered. */
  over(): void
  /** Connections that end from here on are closed on purpose. */
  close(): void
}

export function startOutage(log: Log): Outage {
  // Until it has answered once there is no outage to speak of: whoever opens it is told why it did not.
  let state: 'unknown' | 'here' | 'away' | 'closed' = 'unknown'

  function note(error: HubError): void {
    if (state !== 'here') return
    state = 'away'
    log.error({ error }, 'the records database cannot be reached; it is tried again with every query')
  }

  return {
    judge(error) {
      // What the hub itself says, and values that no row can hold, have nothing to do with the connection.
      if (error instanceof HubError || error instanceof RangeError || error instanceof TypeError)
        return { error, isLost: error instanceof HubError }
      const code = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined
      if (code !== undefined && !OUTDATED.test(code) && !PASSING.test(code)) return { error, isLost: false }
      const isLost = code === undefined || LOST.test(code)
      const away = new HubError('UNAVAILABLE', `the records database: ${messageOf(error)}`, { cause: error })
      if (isLost) note(away)
      return { error: away, isLost: isLost || OUTDATED.test(code) }
    },
    over() {
      if (state === 'away') log.info({}, 'the records database is back')
      if (state !== 'closed') state = 'here'
    },
    close() {
      state = 'closed'
    },
  }
}

/** A host with several addresses fails with several errors and no message of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
