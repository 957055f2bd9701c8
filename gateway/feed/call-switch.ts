// The telephone switch's WebSocket: the same reports as `POST /calls`, a frame each, answered in the order in which they
// came. A switch that sends faster than they are written waits.

import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { CallDesk } from '../../alerts/calls.ts'
import { callReportSchema } from '../../model/call.ts'
import { HubError } from '../../model/error.ts'
import { reasonOfCode } from '../../model/field-reason.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import type { Session } from '../../records/sessions.ts'
import { type Problem, type ProblemFacts, problem, statusOf } from '../problem.ts'
import { type Line, startLines } from './lines.ts'

export const SWITCH_PATH = '/ws/switch'
/** Reports that wait to be written; with more the socket is not read. */
const WAITING_MAX = 100

export type CallSwitch = {
  welcome(socket: WebSocket, session: Session): void
  signOut(tokenHash: string): void
  stop(): Promise<void>
}

type SwitchLine = Line & { waiting: number; last: Promise<void> }

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
  const lines = startLines<SwitchLine>({ records, clock, log, access: 'calls:report', heartbeatMs })

  function welcome(socket: WebSocket, session: Session): void {
    const line: SwitchLine = { socket, session, waiting: 0, unanswered: 0, last: Promise.resolve() }
    lines.add(line)
    socket.on('message', (data, isBinary) => {
      const text = isBinary ? undefined : String(data)
      line.waiting++
      if (line.waiting === WAITING_MAX) socket.pause()
      line.last = line.last.then(() => answer(line, text))
    })
  }

  async function answer(line: SwitchLine, text: string | undefined): Promise<void> {
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

  return {
    welcome,
    signOut: lines.signOut,
    /** What came is written and answered first. */
    async stop() {
      await Promise.all([...lines.open].map(({ last }) => last))
      await lines.stop()
    },
  }
}

const misfit = (error: z.ZodError): HubError =>
  new HubError('BAD_REQUEST', 'the report does not fit its schema', {
    errors: error.issues.map(({ path, message, code }) => ({
      path: path.join('.') || 'report',
      message,
      reason: reasonOfCode(code),
    })),
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
