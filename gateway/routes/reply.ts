// Links that contacts answer by, without an account. To open one changes nothing, because messengers open links by
// themselves; the button on its page does.

import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { acceptReply, lookAtReply, type Reply } from '../../alerts/reply.ts'
import type { ErrorCode } from '../../model/error.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { replyKey } from '../../records/reply-key.ts'
import type { App } from '../app.ts'
import { problem, sendProblem, statusOf } from '../problem.ts'
import { replyPage, replyPolicy, type Shown, sentenceOf } from '../reply-page.ts'

const params = z.object({ token: z.string().max(100) })

/** What each state is answered with, apart from those that are well. */
const CODES = {
  unknown: 'NOT_FOUND',
  expired: 'LINK_EXPIRED',
  used: 'LINK_USED',
  over: 'LINK_EXPIRED',
} as const satisfies Partial<Record<Shown, ErrorCode>>

export async function replyRoutes(
  app: App,
  { records, clock }: { records: Records; clock: Clock },
): Promise<void> {
  const desk = { records, clock, key: await replyKey(records.db) }
  // A form without fields: what is sent with it is passed over.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, payload, done) => {
    payload.resume()
    done(null, undefined)
  })
  const schema = { hide: true, params }

  app.get('/r/:token', { schema }, async (request, answer) => {
    const reply = await lookAtReply(desk, request.params.token)
    return show(request, answer, { reply, shown: reply.state })
  })

  app.post('/r/:token', { schema }, async (request, answer) => {
    const reply = await acceptReply(desk, request.params.token)
    return show(request, answer, { reply, shown: reply.state === 'open' ? 'accepted' : reply.state })
  })
}

function show(
  request: FastifyRequest,
  answer: FastifyReply,
  { reply, shown }: { reply: Reply; shown: Shown },
): FastifyReply {
  const code = shown === 'open' || shown === 'accepted' ? undefined : CODES[shown]
  if (code !== undefined && !wantsPage(request))
    return sendProblem(answer, problem(code, sentenceOf(shown, 'en'), { requestId: request.id }))
  const nonce = randomBytes(16).toString('base64')
  return answer
    .code(code === undefined ? 200 : statusOf(code))
    .header('content-security-policy', replyPolicy(nonce))
    .type('text/html; charset=utf-8')
    .send(replyPage({ shown, reply, nonce }))
}

/** Programs that say nothing, or ask for JSON, get a problem. */
const wantsPage = ({ headers: { accept = '' } }: FastifyRequest): boolean => accept.includes('text/html')
