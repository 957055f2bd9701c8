// A request whose answer was lost is sent again, and is done once: whoever names it by an `Idempotency-Key` is answered
// as the first time. That it was done is written in the very transaction that does it, as the audit log's entry is.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import {
  type AskedOnce,
  type DoneRequest,
  findDone,
  forgetDone,
  keepAnswer,
  markDone,
} from '../records/once.ts'
import { badField } from '../records/scope.ts'
import type { App } from './app.ts'
import { seal, unseal } from './sealed.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** A request that is done once; null for all others. */
    once: Once | null
  }
  interface FastifyContextConfig {
    /**
     * What a request that was done already is answered with: how things are now. Without it, what it was answered with
     * the first time.
     */
    again?: (request: FastifyRequest) => Promise<unknown>
    /** Doing it again is what somebody wants who asks again: a key makes no difference. */
    isRepeatable?: boolean
  }
}

type Once = { key: string; asked: AskedOnce; release(): void }

/** For how long it is known what was done. */
export const KNOWN_FOR_MS = 24 * 3_600_000
const FORGET_EVERY_MS = 10 * 60_000
/** What is longer is not kept: a request that comes again is told that it was done. */
export const KEPT_ANSWER_MAX = 64 * 1_024
/** Long enough that nobody guesses it: an answer that is kept opens with it. */
const KEY_FORM = /^[\x21-\x7e]{16,128}$/
const HEADER = 'idempotency-key'
const JSON_TYPE = 'application/json; charset=utf-8'

/** Call it after `auditDeeds`, and before the routes that it is for: POSTs that are written down. */
export function doOnce(
  app: App,
  { records, clock, log }: { records: Records; clock: Clock; log: Log },
): void {
  /** Requests that are being done, by whose and which. */
  const running = new Map<string, Promise<void>>()
  let forgottenAt = clock.now()
  app.decorateRequest('once', null)

  app.addHook('preHandler', async (request, reply) => {
    const { deed } = request
    const named = deed ? askedOnce(request) : undefined
    if (!deed || !named) return
    const once = { ...named, release: await takeTurn(running, named.asked) }
    request.once = once
    const done = await findDone(records.feed, once.asked)
    if (done) {
      deed.isWritten = true // it was, the first time
      return answerAgain(done, { request, reply, once })
    }
    const { append } = deed
    deed.append = async (tx, result) => {
      const isFirst = await markDone(tx, { ...once.asked, at: clock.now() })
      if (!isFirst) throw alreadyDone()
      await append(tx, result)
    }
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const { once, routeOptions } = request
    if (!once) return
    request.once = null
    const isFirst = reply.statusCode < 300 && !reply.hasHeader(REPLAYED)
    if (isFirst && routeOptions.config.again === undefined)
      await keep(once, { status: reply.statusCode, payload })
    if (isFirst) await forgetOld()
    once.release()
  })

  async function keep({ key, asked }: Once, { status, payload = '' }: { status: number; payload: unknown }) {
    if (typeof payload !== 'string' || payload.length > KEPT_ANSWER_MAX) return
    try {
      await keepAnswer(records.db, asked, { status, sealedAnswer: seal(payload, key) })
    } catch (error) {
      log.warn({ error }, 'an answer could not be kept; whoever asks again is told that it was done')
    }
  }

  async function forgetOld(): Promise<void> {
    const now = clock.now()
    if (Math.abs(now - forgottenAt) < FORGET_EVERY_MS) return
    forgottenAt = now
    try {
      await forgetDone(records.db, { before: now - KNOWN_FOR_MS })
    } catch (error) {
      log.warn({ error }, 'requests of more than a day ago could not be forgotten; it is tried again')
    }
  }
}

const REPLAYED = 'idempotency-replayed'

/** @throws HubError BAD_REQUEST for a key that is none. */
function askedOnce({ method, url, headers, body, session, routeOptions }: FastifyRequest) {
  const key = headers[HEADER]
  if (key === undefined || method !== 'POST' || !session || routeOptions.config.isRepeatable) return undefined
  if (typeof key !== 'string' || !KEY_FORM.test(key))
    throw badField(`headers.${HEADER}`, 'is 16 to 128 printable ASCII characters', 'invalid_format')
  // With the key: of a password alone a hash would be found out by trying.
  const requestHash = hashOf(`${key}\n${url}\n${JSON.stringify(body) ?? ''}`)
  return { key, asked: { actorId: session.user.id, keyHash: hashOf(key), requestHash } }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Waits until no other request with this key is being done; returns the way to let the next one go on. */
async function takeTurn(
  running: Map<string, Promise<void>>,
  { actorId, keyHash }: AskedOnce,
): Promise<() => void> {
  const place = `${actorId} ${keyHash}`
  for (let other = running.get(place); other; other = running.get(place)) await other
  const { promise, resolve } = Promise.withResolvers<void>()
  running.set(place, promise)
  return () => {
    running.delete(place)
    resolve()
  }
}

async function answerAgain(
  { requestHash, status, sealedAnswer }: DoneRequest,
  { request, reply, once }: { request: FastifyRequest; reply: FastifyReply; once: Once },
): Promise<FastifyReply> {
  if (requestHash !== once.asked.requestHash)
    throw badField(`headers.${HEADER}`, 'this key was used for another request', 'used')
  reply.header(REPLAYED, 'true')
  const { again } = request.routeOptions.config
  if (again) return reply.code(200).send(await again(request))
  if (status === null || sealedAnswer === null) throw alreadyDone()
  const text = unseal(sealedAnswer, once.key)
  return text === '' ? reply.code(status).send() : reply.code(status).type(JSON_TYPE).send(text)
}

const alreadyDone = (): HubError =>
  new HubError('ALREADY_DONE', 'this was done already; what it was answered with is not known any more')
