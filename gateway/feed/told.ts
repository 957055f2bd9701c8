// What consoles are told once, and again whenever it changes: everything to one that comes, then what is otherwise than
// they were told last.

import type { FeedMessage } from '../../model/feed.ts'
import type { Log } from '../../model/log.ts'
import type { Nudge } from '../../records/nudge.ts'
import type { Session } from '../../records/sessions.ts'
import { may, type Permission } from '../permissions.ts'
import type { FeedConsole } from './console.ts'
import { startRounds } from './presence.ts'

export type Told = {
  /** A console can be told from now on. */
  arrived(): void
  stop(): Promise<void>
}

/** What is told: who may hear it, when it is looked at, and how each of its rows reads for somebody. */
export type Telling<Row> = {
  access: Permission
  topic: Parameters<Nudge['subscribe']>[0]
  /** A nudge may be lost, and some changes are nobody's word. */
  everyMs: number
  read(): Promise<readonly Row[]>
  /** Undefined for who may not see it. */
  messageFor(row: Row, session: Session): { id: string; message: FeedMessage } | undefined
}

/** Tells `live` consoles; looks when it is nudged, and every `everyMs`. */
export function startTold<Row>(
  { access, topic, everyMs, read, messageFor }: Telling<Row>,
  { live, nudge, log }: { live: ReadonlySet<FeedConsole>; nudge: Nudge; log: Log },
): Told {
  /** What each console was told of each row last. */
  const told = new WeakMap<FeedConsole, Map<string, string>>()

  const look = startRounds(async () => {
    const consoles = [...live].filter(({ session }) => may(session.user.role, access))
    if (consoles.length === 0) return
    const rows = await read()
    for (const console of consoles) tell(console, rows)
  }, log)

  function tell(console: FeedConsole, rows: readonly Row[]): void {
    const before = told.get(console)
    const after = new Map<string, string>()
    for (const row of rows) {
      const seen = messageFor(row, console.session)
      if (!seen) continue
      const text = JSON.stringify(seen.message)
      after.set(seen.id, text)
      if (before?.get(seen.id) !== text) console.send(seen.message)
    }
    told.set(console, after)
  }

  const timer = setInterval(look.ask, everyMs)
  const unsubscribe = nudge.subscribe(topic, look.ask)
  return {
    arrived: look.ask,
    async stop() {
      clearInterval(timer)
      unsubscribe()
      await look.done()
    },
  }
}
