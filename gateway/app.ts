// The Fastify application: how requests are read, checked and answered, before any route is there.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import type { Session } from '../records/sessions.ts'
import { type Door, identify, permit } from './auth.ts'
import { type HttpLimits, refuseBytes, requireHost, serverOptions } from './door.ts'
import type { Access } from './permissions.ts'
import { errorHandler } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever is signed in; null on routes for anyone. */
    session: Session | null
  }
  interface FastifyContextConfig {
    /** Who may call the route. */
    access?: Access
    /** Belongs to setting up a second factor. */
    isEnrolling?: boolean
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** The largest body: twenty rings of a thousand points. */
const BODY_MAX_BYTES = 2 ** 20

/**
 * Sent with every answer; what an API says is never a page, a frame or a script, and it tells of people's health:
 * no browser and no proxy keeps it. Files that may be kept say so themselves.
 */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** An application without routes. Every error leaves it as problem details, also those before a route is found. */
export async function createApp({ log, limits }: { log: Log; limits: HttpLimits }): Promise<App> {
  const answerError = errorHandler(log)
  const app = Fastify({
    logger: false,
    http: serverOptions(limits),
    requestTimeout: limits.requestWithinMs,
    bodyLimit: BODY_MAX_BYTES,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => void answerError(error, request as FastifyRequest, reply),
    clientErrorHandler: refuseBytes,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.decorateRequest('session', null)
  acceptOnlyJson(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    requireHost(request.raw)
  })
  await app.register(cookie)
  return app
}

// Many clients name a content type also where they send nothing, as with DELETE: no body is no error.
function acceptOnlyJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else void parse(request, body as string, done)
  })
}

/** A route of the API, as the framework knows it. */
export type GuardedRoute = {
  method: string
  url: string
  access: Access
  /** Whether it is written down, where it says so itself (audit.ts). */
  audit: boolean | 'own' | undefined
}

/**
 * Lets nobody past who may not, and tells of each route to whom it is open.
 * @throws HubError INTERNAL for a route that does not say who may call it.
 */
export function guard(app: App, door: Door, onRoute: (route: GuardedRoute) => void = () => undefined): void {
  app.addHook('onRoute', ({ config, url, method }) => {
    const access = config?.access
    if (access === undefined) throw new HubError('INTERNAL', `${url} does not say who may call it`)
    for (const each of [method].flat()) onRoute({ method: each, url, access, audit: config?.audit })
  })
  app.addHook('onRequest', async request => {
    const { access, isEnrolling = false } = request.routeOptions.config
    if (access === undefined) throw new HubError('INTERNAL', 'a route without access')
    const { headers, method } = request
    const session = await identify(door, { headers, method, access })
    request.session = session // also where it is refused: who asked is written down
    if (session) permit(door, { session, access, isEnrolling })
  })
}

/** Whoever is signed in, on a route that needs an account. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session) return request.session
  throw new HubError('UNAUTHENTICATED', 'sign in first')
}
