// Who of the desk is there, as supervisors' consoles are told: everybody to a console that comes, then whoever changes.

import type { FeedMessage } from '../../model/feed.ts'
import type { Log } from '../../model/log.ts'
import type { Records } from '../../records/db.ts'
import { listPresence, type PresenceRow } from '../../records/presence.ts'
import { covers, WHOLE_HUB } from '../../records/scope.ts'
import { may } from '../permissions.ts'
import type { FeedConsole } from './console.ts'
import type { FeedLimits } from './limits.ts'
import { startRounds } from './presence.ts'

export type People = {
  /** A console can be told from now on. */
  arrived(): void
  stop(): Promise<void>
}

/** Tells `live` consoles; looks when it is nudged, and every `presenceMs` because nobody says that they are gone. */
export function startPeople({
  live,
  records,
  log,
  limits,
}: {
  live: ReadonlySet<FeedConsole>
  records: Pick<Records, 'read' | 'now' | 'nudge'>
  log: Log
  limits: Pick<FeedLimits, 'presenceMs'>
}): People {
  /** What each console was told of each user last. */
  const told = new WeakMap<FeedConsole, Map<string, string>>()

  const look = startRounds(async () => {
    const consoles = [...live].filter(({ session }) => may(session.user.role, 'presence:read'))
    if (consoles.length === 0) return
    const rows = await listPresence(records, records.read, { scope: WHOLE_HUB })
    for (const console of consoles) tell(console, rows)
  }, log)

  function tell(console: FeedConsole, rows: readonly PresenceRow[]): void {
    const known = told.get(console) ?? new Map<string, string>()
    told.set(console, known)
    for (const { presence, areaPath } of rows) {
      if (!covers(console.session.scope, areaPath)) continue
      const text = JSON.stringify(presence)
      if (known.get(presence.user.id) === text) continue
      known.set(presence.user.id, text)
      const message: FeedMessage = { type: 'presence', presence }
      console.send(message)
    }
  }

  const timer = setInterval(look.ask, limits.presenceMs)
  const unsubscribe = records.nudge.subscribe('presence', look.ask)
  return {
    arrived: look.ask,
    async stop() {
      clearInterval(timer)
      unsubscribe()
      await look.done()
    },
  }
}
