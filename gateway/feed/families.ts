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
/** The door has room for so many sockets (door.ts), and the desk's must find theirs. */
const SOCKETS_OF_ONE = 4
const SOCKETS_OF_ALL = 400
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
  limits: { heartbeatMs, unsentMaxBytes },
}: {
  records: Records
  clock: Clock
  log: Log
  /** Up to where entries were handed out. */
  place: () => number
  limits: Pick<FeedLimits, 'heartbeatMs' | 'unsentMaxBytes'>
}): Families {
  const ping = (line: Line): void => say(line, { type: 'ping', at: clock.now() })
  const lines = startLines<Line>({ records, clock, log, access: 'family:read', heartbeatMs, onBeat: ping })
  let last: Promise<void> = Promise.resolve()

  function say({ socket }: Line, message: FamilyMessage): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > unsentMaxBytes) socket.close(CLOSE.TOO_SLOW, 'too slow: connect again')
    else socket.send(JSON.stringify(message))
  }

  /** In order. @throws whatever the records fail with */
  async function tell(items: readonly FeedItem[]): Promise<void> {
    const userIds = [...new Set([...lines.open].map(({ session }) => session.user.id))]
    if (userIds.length === 0) return
    const residentIds = [...new Set(items.map(({ alarm }) => alarm.subject.id))]
    const pairs = await lookingAfter(records.feed, { residentIds, userIds })
    const accountsOf = Map.groupBy(pairs, ({ residentId }) => residentId)
    for (const { seq, alarm, entry } of items) {
      const accounts = new Set(accountsOf.get(alarm.subject.id)?.map(({ userId }) => userId))
      const told = [...lines.open].filter(({ session }) => accounts.has(session.user.id))
      if (told.length === 0) continue
      const message = familyMessageSchema.parse({ type: 'alarm', seq, entry, alarm })
      for (const line of told) say(line, message)
    }
  }

  /** Whoever is let go asks for everything when they are back. */
  async function tellOrLetGo(items: readonly FeedItem[]): Promise<void> {
    try {
      await tell(items).catch(() => tell(items))
    } catch (error) {
      log.error({ error }, 'families could not be told; they are to ask')
      for (const { socket } of lines.open) socket.close(CLOSE.FAILED, 'connect again')
    }
  }

  return {
    welcome(socket, session) {
      const line: Line = { socket, session, unanswered: 0 }
      const own = [...lines.open].filter(open => open.session.user.id === session.user.id)
      const isFull = own.length >= SOCKETS_OF_ONE || lines.open.size >= SOCKETS_OF_ALL
      lines.add(line)
      if (isFull) return socket.close(CLOSE.TOO_MANY, 'too many sockets of families')
      say(line, { type: 'hello', epoch: records.epoch, seq: place(), oldest: 1 })
    },
    handOut(items) {
      const some = lines.open.size === 0 ? [] : items.filter(concernsFamily)
      if (some.length > 0) last = last.then(() => tellOrLetGo(some))
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
