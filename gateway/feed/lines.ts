// The sockets of a side door: heartbeats, sessions that end, and the goodbye.

import type { WebSocket } from 'ws'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { extendSessions, findSessions, isWorthNoting, type Session } from '../../records/sessions.ts'
import { may, type Permission } from '../permissions.ts'
import { CLOSE } from './limits.ts'
import { startRounds } from './presence.ts'

/** Heartbeats that may go unanswered. */
const UNANSWERED_MAX = 2

export type Line = { readonly socket: WebSocket; session: Session; unanswered: number }

export type Lines<L extends Line> = {
  readonly open: ReadonlySet<L>
  /** Keeps a socket until it closes. */
  add(line: L): void
  signOut(tokenHash: string): void
  /** Says goodbye to all of them; resolves when they are gone. */
  stop(): Promise<void>
}

/** `onBeat` is called with each heartbeat of a socket that is open, for what its own page is to see of it. */
export function startLines<L extends Line>({
  records,
  clock,
  log,
  access,
  heartbeatMs,
  onBeat = () => undefined,
}: {
  records: Pick<Records, 'db' | 'read' | 'nudge'>
  clock: Clock
  log: Log
  /** Who may stay. */
  access: Permission
  heartbeatMs: number
  onBeat?: (line: L) => void
}): Lines<L> {
  const open = new Set<L>()

  function beat(): void {
    for (const line of open) {
      const { socket } = line
      if (line.unanswered >= UNANSWERED_MAX) socket.terminate()
      else if (socket.readyState === socket.OPEN) {
        socket.ping()
        onBeat(line)
      }
      line.unanswered++
    }
    review.ask()
  }

  /** An account that was archived, signed out or changed does not go on; one that is there is in use. */
  const review = startRounds(async () => {
    const at = clock.now()
    const tokenHashes = [...new Set([...open].map(({ session }) => session.tokenHash))]
    const found = await findSessions(records.read, { tokenHashes, at })
    const byToken = new Map(found.map(session => [session.tokenHash, session]))
    for (const line of open) {
      const session = byToken.get(line.session.tokenHash)
      if (!session) line.socket.close(CLOSE.SIGNED_OUT, 'the session has ended')
      else if (!may(session.user.role, access)) line.socket.close(CLOSE.FORBIDDEN, 'not with this role')
      else line.session = session
    }
    const used = found.filter(session => isWorthNoting(session, at))
    await extendSessions(records.db, { tokenHashes: used.map(({ tokenHash }) => tokenHash), at })
  }, log)
  const timer = setInterval(beat, heartbeatMs)
  const unsubscribe = records.nudge.subscribe('registry', review.ask)

  return {
    open,
    add(line) {
      const { socket } = line
      open.add(line)
      socket.on('error', error => log.debug({ error }, 'a socket of a side door failed')) // 'close' follows
      socket.on('close', () => open.delete(line))
      const answered = (): void => {
        line.unanswered = 0
      }
      socket.on('pong', answered)
      socket.on('message', answered)
    },
    signOut(tokenHash) {
      for (const { session, socket } of open)
        if (session.tokenHash === tokenHash) socket.close(CLOSE.SIGNED_OUT, 'the session has ended')
    },
    async stop() {
      clearInterval(timer)
      unsubscribe()
      const sockets = [...open].map(({ socket }) => socket)
      for (const socket of sockets) socket.close(CLOSE.GOING_AWAY, 'the hub stops')
      await Promise.all(sockets.map(goneSoon))
      await review.done()
    },
  }
}

/** Who does not answer the goodbye is let go after this long; ms. */
const GOODBYE_MS = 1_000

async function goneSoon(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(() => socket.terminate(), GOODBYE_MS)
  socket.once('close', () => resolve())
  await promise
  clearTimeout(timer)
}
