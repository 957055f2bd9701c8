// Every error of the HTTP side is told in one form: problem details (RFC 9457) with a stable `code`.

import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ERROR_CODES, type ErrorCode, HubError } from '../model/error.ts'
import { reasonOfCode } from '../model/field-reason.ts'
import { INCIDENT_STATES, ownerSchema } from '../model/incident.ts'
import type { Log } from '../model/log.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    /** The words of the HTTP status. */
    title: z.string(),
    status: z.number().int(),
    code: z.enum(ERROR_CODES).meta({ description: 'Stable: decide by this' }),
    detail: z.string().meta({ description: 'One sentence for people' }),
    requestId: z.string().optional().meta({ description: 'Finds the lines of this request in the log' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), reason: z.string().optional() }))
      .optional()
      .meta({ description: 'BAD_REQUEST: what is wrong with which field; `reason` is stable: decide by it' }),
    owner: ownerSchema.optional().meta({ description: 'ALARM_TAKEN, CALL_TAKEN: who has it' }),
    state: z.enum(INCIDENT_STATES).optional().meta({ description: 'ALARM_STATE: the state that it is in' }),
    seq: z.number().int().optional().meta({ description: 'ALARM_CHANGED: the place of what joined' }),
    retryAfterMs: z
      .number()
      .int()
      .optional()
      .meta({ description: 'TOO_MANY_REQUESTS: how long to wait; `Retry-After` says it in seconds' }),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457' })

export type Problem = z.infer<typeof problemSchema>
/** What an error adds to the problem beside code and detail. */
export type ProblemFacts = Partial<Pick<Problem, 'errors' | 'owner' | 'state' | 'seq' | 'retryAfterMs'>>

/** The HTTP status of each code; codes that are not named never leave the hub and become INTERNAL. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  SECOND_FACTOR_REQUIRED: 401,
  SECOND_FACTOR_MISSING: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  ALARM_TAKEN: 409,
  ALARM_STATE: 409,
  ALARM_CHANGED: 409,
  CALL_TAKEN: 409,
  ALREADY_DONE: 409,
  NO_HISTORY: 409,
  LINK_USED: 409,
  LINK_EXPIRED: 410,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  STOPPED: 503,
}

export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 500

/** A problem with these facts. `status` is that of the code where none is given. */
export function problem(
  code: ErrorCode,
  detail: string,
  { status = statusOf(code), ...facts }: ProblemFacts & { status?: number; requestId?: string } = {},
): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail, ...facts }
}

/** When nothing is known of how long it takes. */
const RETRY_AFTER_MS = 2_000

/** Answers with a problem. */
export function sendProblem(reply: FastifyReply, told: Problem): FastifyReply {
  if (told.status === 401) reply.header('www-authenticate', 'Bearer')
  if (told.status === 429 || told.status === 503)
    reply.header('retry-after', String(Math.ceil((told.retryAfterMs ?? RETRY_AFTER_MS) / 1_000)))
  return reply.code(told.status).type(PROBLEM_TYPE).send(JSON.stringify(told))
}

/** Turns whatever was thrown into a problem. What is the hub's own fault is logged and not told. */
export function errorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const told = problemOf(error, request)
    if (told.status >= 500) {
      const { method, url } = request
      log.error({ error, requestId: request.id, method, path: url.split('?')[0] }, 'a request failed')
    }
    return sendProblem(reply, told)
  }
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  const { id: requestId } = request
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'request'
    const given = givenAs(request, where)
    const errors = error.validation.flatMap(issue => fieldErrors(issue, { where, given }))
    return problem('BAD_REQUEST', 'The request does not fit its schema.', { errors, requestId })
  }
  if (error instanceof HubError && statusOf(error.code) < 500) {
    const { errors, retryAfterMs } = error.context as ProblemFacts
    const facts = { ...(errors && { errors }), ...(retryAfterMs !== undefined && { retryAfterMs }) }
    return problem(error.code, sentence(error.message), { ...facts, requestId })
  }
  if (error instanceof HubError && statusOf(error.code) === 503) {
    return problem('UNAVAILABLE', 'The hub cannot do this right now.', { requestId })
  }
  const { statusCode, message } = error as FastifyError
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return problem(codeOf(statusCode), sentence(message), { status: statusCode, requestId })
  }
  return problem('INTERNAL', 'The hub failed at this request; its log knows more.', { requestId })
}

type Issue = { keyword: string; instancePath: string; message?: string; params: Record<string, unknown> }

/** The part of a request that a validation speaks of. */
function givenAs({ body, query, params, headers }: FastifyRequest, where: string): unknown {
  return { body, querystring: query, params, headers }[where]
}

/** `body.shape.circle` style paths; a key that is not known is named itself. The reason is the code of the schema. */
function fieldErrors(
  { keyword, instancePath, message = 'is wrong', params }: Issue,
  { where, given }: { where: string; given: unknown },
) {
  const keys = instancePath.split('/').filter(part => part !== '')
  const path = [where, ...keys].join('.')
  const reason = reasonOfCode(keyword)
  if (!Array.isArray(params.keys))
    return [{ path, message, reason: isBlank(valueAt(given, keys)) ? 'required' : reason }]
  return params.keys.map(key => ({ path: `${path}.${key}`, message: 'is not known', reason }))
}

const valueAt = (given: unknown, keys: readonly string[]): unknown =>
  keys.reduce((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], given)

/** Left out, or empty where that is not enough: it is not wrong, it is missing. */
const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

function codeOf(status: number): ErrorCode {
  if (status === 404) return 'NOT_FOUND'
  if (status === 429) return 'TOO_MANY_REQUESTS'
  return 'BAD_REQUEST'
}

const sentence = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(whole) ? whole : `${whole}.`
}

/** A peer that does not close after its last answer is let go after this long; ms. */
const LINGER_MS = 1_000

/**
 * The same form for a socket that no request object exists for: bytes that are not HTTP, refused upgrades. It ends
 * the socket.
 */
export function writeProblem(socket: Socket, told: Problem, headers: Record<string, string> = {}): void {
  if (!socket.writable) return
  const body = JSON.stringify(told)
  const lines = Object.entries({
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...(told.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${told.status} ${told.title}\r\n${lines.join('')}\r\n${body}`)
  socket.resume() // what still comes is passed over: unread, it would cost the peer its answer
  const linger = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(linger))
}
