// The telephone switch's WebSocket: the same reports as `POST /calls`, a frame each, answered in the order in which they
// came. A switch that sends faster than they are written waits.

import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { CallDesk } from '../../alerts/calls.ts'
import { callReportSchema } from '../../model/call.ts'
import { HubError } from '../../model/error.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { extendSessions, findSessions, isWorthNoting, type Session } from '../../records/sessions.ts'
import { may } from '../permissions.ts'
import { type Problem, type ProblemFacts, problem, statusOf } from '../problem.ts'
import { CLOSE } from './limits.ts'
import { startRounds } from './presence.ts'

export const SWITCH_PATH = '/ws/switch'
/** Reports that wait to be written; with more the socket is not read. */
const WAITING_MAX = 100
/** Heartbeats that may go unanswered. */
const UNANSWERED_MAX = 2

export type CallSwitch = {
  welcome(socket: WebSocket, session: Session): void
  signOut(tokenHash: string): void
  stop(): Promise<void>
}

type Line = { socket: WebSocket; session: Session; waiting: number; unanswered: number; last: Promise<void> }

export function startCallSwitch({
  records,
  clock,
  log,
  calls,
  heartbeatMs,
}: {
  records: Pick<Records, 'db' | 'read' | 'nudge'>
  clock: Clock
  log: Log
  calls: Pick<CallDesk, 'report'>
  heartbeatMs: number
}): CallSwitch {
  const lines = new Set<Line>()

  function welcome(socket: WebSocket, session: Session): void {
    const line: Line = { socket, session, waiting: 0, unanswered: 0, last: Promise.resolve() }
    lines.add(line)
    socket.on('error', error => log.debug({ error }, 'a socket of a switch failed')) // 'close' follows
    socket.on('close', () => lines.delete(line))
    socket.on('pong', () => {
      line.unanswered = 0
    })
    socket.on('message', (data, isBinary) => {
      line.unanswered = 0
      const text = isBinary ? undefined : String(data)
      line.waiting++
      if (line.waiting === WAITING_MAX) socket.pause()
      line.last = line.last.then(() => answer(line, text))
    })
  }

  async function answer(line: Line, text: string | undefined): Promise<void> {
    const { socket, session } = line
    const said = await answerTo(text, session).catch((error: unknown) => failure(error, text))
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(said))
    line.waiting--
    if (line.waiting === WAITING_MAX - 1) socket.resume()
  }

  async function answerTo(text: string | undefined, { user, scope }: Session): Promise<object> {
    const parsed = callReportSchema.safeParse(parse(text))
    if (!parsed.success) throw misfit(parsed.error)
    return calls.report(parsed.data, { accountId: user.id, areaId: user.areaId, scope })
  }

  function failure(error: unknown, text: string | undefined): object {
    const told = problemOf(error)
    if (told.status >= 500) log.error({ error }, 'a report of a switch could not be taken')
    return { ok: false, ...callIdOf(text), problem: told }
  }

  function beat(): void {
    for (const line of lines) {
      if (line.unanswered >= UNANSWERED_MAX) line.socket.terminate()
      else if (line.socket.readyState === line.socket.OPEN) line.socket.ping()
      line.unanswered++
    }
    review.ask()
  }

  /** An account that was archived, signed out or changed does not go on; one that reports is in use. */
  const review = startRounds(async () => {
    const at = clock.now()
    const tokenHashes = [...new Set([...lines].map(({ session }) => session.tokenHash))]
    const found = await findSessions(records.read, { tokenHashes, at })
    const byToken = new Map(found.map(session => [session.tokenHash, session]))
    for (const line of lines) {
      const session = byToken.get(line.session.tokenHash)
      if (!session) line.socket.close(CLOSE.SIGNED_OUT, 'the session has ended')
      else if (!may(session.user.role, 'calls:report'))
        line.socket.close(CLOSE.FORBIDDEN, 'not with this role')
      else line.session = session
    }
    const used = found.filter(session => isWorthNoting(session, at))
    await extendSessions(records.db, { tokenHashes: used.map(({ tokenHash }) => tokenHash), at })
  }, log)
  const timer = setInterval(beat, heartbeatMs)
  const unsubscribe = records.nudge.subscribe('registry', review.ask)

  return {
    welcome,
    signOut(tokenHash) {
      for (const { session, socket } of lines)
        if (session.tokenHash === tokenHash) socket.close(CLOSE.SIGNED_OUT, 'the session has ended')
    },
    /** What came is written and answered first. */
    async stop() {
      clearInterval(timer)
      unsubscribe()
      const open = [...lines]
      await Promise.all(open.map(({ last }) => last))
      for (const { socket } of open) socket.close(CLOSE.GOING_AWAY, 'the hub stops')
      await Promise.all(open.map(({ socket }) => goneSoon(socket)))
      await review.done()
    },
  }
}

/** A switch that does not answer the goodbye is let go after this long; ms. */
const GOODBYE_MS = 1_000

async function goneSoon(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(() => socket.terminate(), GOODBYE_MS)
  socket.once('close', () => resolve())
  await promise
  clearTimeout(timer)
}

const misfit = (error: z.ZodError): HubError =>
  new HubError('BAD_REQUEST', 'the report does not fit its schema', {
    errors: error.issues.map(({ path, message }) => ({ path: path.join('.') || 'report', message })),
  })

function problemOf(error: unknown): Problem {
  if (error instanceof HubError && statusOf(error.code) < 500) {
    const { errors } = error.context as ProblemFacts
    return problem(error.code, `${error.message}.`, errors && { errors })
  }
  if (error instanceof HubError && statusOf(error.code) === 503)
    return problem('UNAVAILABLE', 'The hub cannot do this right now: send it again.')
  return problem('INTERNAL', 'The hub failed at this report; its log knows more.')
}

/** So that a switch knows which of its calls was refused, as far as that can be read. */
function callIdOf(text: string | undefined): { callId?: string } {
  const callId = z.object({ callId: z.string().max(128) }).safeParse(parse(text)).data?.callId
  return callId === undefined ? {} : { callId }
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined // the schema says so
  }
}
