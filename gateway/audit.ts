// Every request that changes something is written down, in one place: no route can forget it. Where the deed is done
// in a transaction of the registry or the desk, it is written in that one; else before it is answered.

import type { FastifyRequest } from 'fastify'
import { idSchema } from '../model/id.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { appendAudit, type NewAudit } from '../records/audit.ts'
import type { Records, Tx } from '../records/db.ts'
import { type Deed, doing } from '../records/deeds.ts'
import { areaOfScope } from '../records/scope.ts'
import type { App } from './app.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What is written down of it; null where that is nothing. */
    deed: RequestDeed | null
  }
  interface FastifyContextConfig {
    /**
     * Whether it is written down: by itself all but GET and HEAD are. `true` for a read that shows what is
     * confidential; `own` where the handler does it, by other names.
     */
    audit?: boolean | 'own'
  }
}

export type RequestDeed = Deed & { entry: NewAudit }

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What paths begin with, as the log calls it. What is not named here is called as it is. */
const NOUNS: Readonly<Record<string, string>> = {
  alarms: 'alarm',
  areas: 'area',
  calls: 'call',
  channels: 'channel',
  contacts: 'contact',
  deliveries: 'delivery',
  devices: 'device',
  dispatches: 'dispatch',
  ladders: 'ladder',
  procedures: 'procedure',
  residents: 'resident',
  shifts: 'shift',
  users: 'user',
  zones: 'zone',
}
/** About whoever asks. */
const OWN: ReadonlySet<string> = new Set(['session', 'sessions', 'presence', 'push'])

/** Fields that no hash is made of. */
const SECRET = /password|secret|token|code|key/i

/** Call it after `guard`, and before the routes that it is for. */
export function auditDeeds(
  app: App,
  { records, clock, log }: { records: Pick<Records, 'db'>; clock: Clock; log: Log },
): void {
  const write = (entry: NewAudit) => records.db.transaction().execute(tx => appendAudit(tx, entry))
  app.decorateRequest('deed', null)

  app.addHook('preHandler', (request, _reply, done) => {
    if (!isWrittenDown(request)) return done()
    request.deed = deedOf(request, clock.now())
    doing(request.deed, done)
  })

  app.addHook('onSend', async (request, reply) => {
    const { deed } = request
    const isDue = deed?.isWritten === false
    if (deed) deed.isWritten = true // whatever the request has set off goes on without it
    if (deed && isDue && reply.statusCode < 300)
      await records.db.transaction().execute(tx => deed.append(tx, undefined))
    if (reply.statusCode !== 403 || request.session === null) return
    const entry = { ...(deed?.entry ?? entryOf(request, clock.now())), reason: 'FORBIDDEN' }
    // It is refused in any case.
    await write(entry).catch((error: unknown) => log.error({ error }, 'a refusal could not be written down'))
  })
}

/** Says why something confidential is shown: a named reason, such as `incident:inc_4k1x`. */
export function noteReason({ deed }: FastifyRequest, reason: string): void {
  if (deed) deed.entry.reason = reason
}

/** Names what the deed is about, where the path does not. */
export function noteTarget({ deed }: FastifyRequest, target: { type: string; id: string }): void {
  if (!deed) return
  deed.entry.targetType = target.type
  deed.entry.targetId = target.id
}

function isWrittenDown({ method, routeOptions }: FastifyRequest): boolean {
  const { audit = !READS.has(method) } = routeOptions.config
  return audit === true
}

function deedOf(request: FastifyRequest, at: number): RequestDeed {
  const entry = entryOf(request, at)
  return {
    isWritten: false,
    entry,
    append: (tx: Tx, done) =>
      appendAudit(tx, { ...entry, targetId: entry.targetId ?? madeId(done, entry.targetType) }),
  }
}

function entryOf(request: FastifyRequest, at: number): NewAudit {
  const { method, session, params, query, body } = request
  const url = (request.routeOptions.url ?? '').replace(/^\/api\/v1/, '')
  const actorId = session?.user.id ?? null
  const detail = { params, query, body: withoutSecrets(body) }
  return {
    at,
    actorId,
    action: `${method} ${url}`,
    ...targetOf(url, { params: params as Record<string, string>, actorId }),
    ...(session && { areaId: areaOfScope(session.scope) }),
    reason: null,
    detail,
  }
}

function targetOf(
  url: string,
  { params, actorId }: { params: Readonly<Record<string, string>>; actorId: string | null },
): { targetType: string | null; targetId: string | null } {
  const first = url.split('/')[1] ?? ''
  if (OWN.has(first)) return { targetType: 'user', targetId: actorId }
  const id = idSchema.safeParse(params?.id) // one that is refused at the door was not looked at yet
  return { targetType: NOUNS[first] ?? first, targetId: id.success ? id.data : null }
}

/** The id of what was made: its own, or that of the part which has the name of its kind. */
function madeId(done: unknown, type: string | null | undefined): string | null {
  if (typeof done !== 'object' || done === null) return null
  if ('id' in done && typeof done.id === 'string') return done.id
  const part: unknown = (done as Record<string, unknown>)[type ?? '']
  return part === undefined ? null : madeId(part, null)
}

/** What was asked, without what nobody may find out by trying: a hash of a password is one. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !SECRET.test(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutSecrets(inner)]))
}
