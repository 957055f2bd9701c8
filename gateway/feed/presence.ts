// Who is there: a live connection keeps its user's alarms and session, and a session that has ended keeps no
// connection.

import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { extendSessions, findSessions, isWorthNoting, type Session } from '../../records/sessions.ts'
import type { AlarmDesk } from '../alarms.ts'
import { may } from '../permissions.ts'
import type { SessionMemory } from '../session-memory.ts'
import type { FeedConsole } from './console.ts'
import { readBounds } from './greeting.ts'
import { CLOSE, type FeedLimits } from './limits.ts'

/** Sessions of one query; engines bound the length of a list. */
const SESSIONS_AT_ONCE = 500

export type Presence = {
  /** A console has connected: its user is there from now on. */
  arrived(): void
  /** Closes the consoles of a session. */
  signOut(tokenHash: string): void
  stop(): Promise<void>
}

export function startPresence({
  consoles,
  records,
  clock,
  log,
  alarms,
  memory,
  limits,
}: {
  consoles: ReadonlySet<FeedConsole>
  records: Records
  clock: Clock
  log: Log
  alarms: Pick<AlarmDesk, 'renewLeases'>
  memory: SessionMemory
  limits: Pick<FeedLimits, 'presenceMs' | 'sessionsMs'>
}): Presence {
  const renew = startRounds(async () => {
    // A browser that does not answer may be gone: what it owns must not wait for its socket to end.
    const answering = [...consoles].filter(({ unanswered }) => unanswered === 0)
    const userIds = new Set(answering.map(({ session }) => session.user.id))
    if (userIds.size > 0) await alarms.renewLeases([...userIds])
  }, log)
  const review = startRounds(() => reviewSessions({ consoles, records, clock, memory }), log)

  const timers = [setInterval(renew.ask, limits.presenceMs), setInterval(review.ask, limits.sessionsMs)]
  const unsubscribe = records.nudge.subscribe('registry', review.ask)
  return {
    arrived: renew.ask,
    signOut(tokenHash) {
      memory.forget(tokenHash)
      for (const console of consoles) if (console.session.tokenHash === tokenHash) signedOut(console)
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      unsubscribe()
      await Promise.all([renew.done(), review.done()])
    },
  }
}

/**
 * One round at a time, however often it is asked for; asking during a round has another one follow. That they fail is
 * said once, when it begins.
 */
export function startRounds(round: () => Promise<void>, log: Log) {
  let asked = false
  let running: Promise<void> | undefined
  let isFailing = false
  const run = async (): Promise<void> => {
    while (asked) {
      asked = false
      try {
        await round()
        isFailing = false
      } catch (error) {
        if (!isFailing)
          log.error({ error }, 'presence could not be kept; connections stay, and it is tried again')
        isFailing = true
      }
    }
    running = undefined
  }
  const ask = (): void => {
    asked = true
    running ??= run()
  }
  return {
    ask,
    /** Resolves when the round that is running has ended; none follows. */
    async done(): Promise<void> {
      asked = false
      await running
    },
  }
}

/** Ends what must not go on, and lets the sessions of connected people run on: to watch the queue is to use it. */
async function reviewSessions({
  consoles,
  records,
  clock,
  memory,
}: {
  consoles: ReadonlySet<FeedConsole>
  records: Records
  clock: Clock
  memory: SessionMemory
}): Promise<void> {
  const at = clock.now()
  const looked = [...consoles]
  const sessions = await sessionsOf(records, { consoles: looked, at })
  const moved: FeedConsole[] = []
  for (const console of looked) {
    const session = sessions.get(console.session.tokenHash)
    if (session) memory.remember(session, at)
    else memory.forget(console.session.tokenHash)
    if (!session) signedOut(console)
    else if (!may(session.user.role, 'feed:read')) console.socket.close(CLOSE.FORBIDDEN, 'not with this role')
    else {
      if (session.scope.path !== console.session.scope.path) moved.push(console)
      console.session = session
    }
  }
  if (moved.length > 0) {
    const bounds = await readBounds(records)
    for (const console of moved) console.send({ type: 'reset', ...bounds }) // other areas: other lists
  }
  const tokenHashes = [...sessions.values()].filter(s => isWorthNoting(s, at)).map(s => s.tokenHash)
  await extendSessions(records.db, { tokenHashes, at })
}

async function sessionsOf(
  records: Records,
  { consoles, at }: { consoles: readonly FeedConsole[]; at: number },
): Promise<Map<string, Session>> {
  const found = new Map<string, Session>()
  const asked = [...new Set(consoles.map(console => console.session.tokenHash))]
  for (let from = 0; from < asked.length; from += SESSIONS_AT_ONCE) {
    const tokenHashes = asked.slice(from, from + SESSIONS_AT_ONCE)
    for (const session of await findSessions(records.read, { tokenHashes, at })) {
      found.set(session.tokenHash, session)
    }
  }
  return found
}

const signedOut = ({ socket }: FeedConsole): void => socket.close(CLOSE.SIGNED_OUT, 'the session has ended')
