// The socket of families: whoever looks after an elder hears at once that something has happened to them. What it is
// worth knowing of it they ask for (`GET /family`); who works on it is not said here.

import type { WebSocket } from 'ws'
import { type FamilyMessage, familyMessageSchema } from '../../model/family.ts'
import type { EntryKind } from '../../model/incident.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { lookingAfter } from '../../records/family.ts'
import type { Session } from '../../records/sessions.ts'
import type { FeedItem } from './item.ts'
import { CLOSE, type FeedLimits } from './limits.ts'
import { type Line, startLines } from './lines.ts'

export const FAMILY_PATH = '/ws/family'
/** The desk's own: a family learns nothing from them. */
const NOT_TOLD: ReadonlySet<EntryKind> = new Set(['seen', 'noted'])

export type Families = {
  welcome(socket: WebSocket, session: Session): void
  /** Tells what concerns them of these. Does not throw. */
  handOut(items: readonly FeedItem[]): void
  signOut(tokenHash: string): void
  stop(): Promise<void>
}

export function startFamilies({
  records,
  clock,
  log,
  place,
  limits: { heartbeatMs, unsentMaxBytes, socketsPerSession },
}: {
  records: Records
  clock: Clock
  log: Log
  /** Up to where entries were handed out. */
  place: () => number
  limits: Pick<FeedLimits, 'heartbeatMs' | 'unsentMaxBytes' | 'socketsPerSession'>
}): Families {
  const ping = (line: Line): void => say(line, { type: 'ping', at: clock.now() })
  const lines = startLines<Line>({ records, clock, log, access: 'family:read', heartbeatMs, onBeat: ping })
  let last: Promise<void> = Promise.resolve()

  function say({ socket }: Line, message: FamilyMessage): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > unsentMaxBytes) socket.close(CLOSE.TOO_SLOW, 'too slow: connect again')
    else socket.send(JSON.stringify(message))
  }

  /** In order; whoever is let go asks for everything when they are back. */
  async function tell(item: FeedItem): Promise<void> {
    if (lines.open.size === 0) return
    const { seq, alarm, entry } = item
    try {
      const accounts = await lookingAfter(records.feed, alarm.subject.id)
      const told = [...lines.open].filter(({ session }) => accounts.has(session.user.id))
      if (told.length === 0) return
      const message = familyMessageSchema.parse({ type: 'alarm', seq, entry, alarm })
      for (const line of told) say(line, message)
    } catch (error) {
      log.error({ error }, 'families could not be told; they are to ask')
      for (const { socket } of lines.open) socket.close(CLOSE.FAILED, 'connect again')
    }
  }

  return {
    welcome(socket, session) {
      const line: Line = { socket, session, unanswered: 0 }
      const own = [...lines.open].filter(open => open.session.tokenHash === session.tokenHash)
      lines.add(line)
      if (own.length >= socketsPerSession)
        return socket.close(CLOSE.TOO_MANY, 'too many sockets of one session')
      say(line, { type: 'hello', epoch: records.epoch, seq: place(), oldest: 1 })
    },
    handOut(items) {
      if (lines.open.size === 0) return
      for (const item of items) if (concernsFamily(item)) last = last.then(() => tell(item))
    },
    signOut: lines.signOut,
    async stop() {
      await last
      await lines.stop()
    },
  }
}

const concernsFamily = ({ kind, alarm }: FeedItem): boolean =>
  alarm.subject.type === 'resident' && alarm.class !== 'technical' && !NOT_TOLD.has(kind)
