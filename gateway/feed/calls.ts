// The pop-up: calls as consoles are told of them. What goes on to a console that comes, then whatever changes, each to
// those who may see the elder; what a console was told of it is told the end of.

import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import {
  type CallRow,
  callsOfDesk,
  OPEN_AT_MOST_MS,
  type SightedCall,
  seenBy,
  sightCalls,
} from '../../records/calls.ts'
import type { Records } from '../../records/db.ts'
import { may } from '../permissions.ts'
import type { FeedConsole } from './console.ts'
import type { FeedLimits } from './limits.ts'
import { startRounds } from './presence.ts'

/** What has changed since then is told, also when it is over already: one that rang once is seen. */
const RECENT_MS = 10_000

export type Calls = {
  /** A console can be told from now on. */
  arrived(): void
  stop(): Promise<void>
}

/** Tells `live` consoles; looks when it is nudged, and every `sweepMs` because a nudge may be lost. */
export function startCalls({
  live,
  records,
  clock,
  log,
  limits,
}: {
  live: ReadonlySet<FeedConsole>
  records: Pick<Records, 'read' | 'nudge'>
  clock: Clock
  log: Log
  limits: Pick<FeedLimits, 'sweepMs'>
}): Calls {
  /** What each console was told of each call last. */
  const told = new WeakMap<FeedConsole, Map<string, string>>()
  /** Calls that went on when they were told of: their end is told, however late it is read. */
  const unended = new Set<string>()

  const look = startRounds(async () => {
    const consoles = [...live].filter(({ session }) => may(session.user.role, 'calls:read'))
    if (consoles.length === 0) return
    const now = clock.now()
    const since = { since: now - RECENT_MS, openSince: now - OPEN_AT_MOST_MS }
    const asked = await callsOfDesk(records.read, { ...since, ids: [...unended] })
    const rows = asked.map(row => endedIfLost(row, since.openSince))
    const sighted = await sightCalls(records.read, rows)
    for (const console of consoles) tell(console, sighted)
    noteUnended(rows)
  }, log)

  function tell(console: FeedConsole, sighted: readonly SightedCall[]): void {
    const { user, scope } = console.session
    const before = told.get(console)
    const after = new Map<string, string>()
    for (const one of sighted) {
      const seen = seenBy(one, { scope, userId: user.id })
      if (!seen) continue
      const { call } = seen
      const text = JSON.stringify(seen)
      after.set(call.id, text)
      if (before?.get(call.id) !== text) console.send({ type: 'call', ...seen })
    }
    told.set(console, after)
  }

  function noteUnended(rows: readonly CallRow[]): void {
    unended.clear()
    for (const row of rows) if (row.endedAt === null && row.missedAt === null) unended.add(row.id)
  }

  const timer = setInterval(look.ask, limits.sweepMs)
  const unsubscribe = records.nudge.subscribe('calls', look.ask)
  return {
    arrived: look.ask,
    async stop() {
      clearInterval(timer)
      unsubscribe()
      await look.done()
    },
  }
}

/** A call of which nothing was heard for so long is over: whoever was told that it goes on is told so. */
const endedIfLost = (row: CallRow, openSince: number): CallRow =>
  row.endedAt === null && row.changedAt <= openSince ? { ...row, endedAt: row.changedAt } : row
