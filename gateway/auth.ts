// Who sends a request, and may they? One function decides for HTTP and for WebSocket upgrades alike; it runs
// before a body is read.

import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { HubError } from '../model/error.ts'
import type { Clock } from '../model/time.ts'
import { type Role, STAFF } from '../model/user.ts'
import type { Records } from '../records/db.ts'
import { extendSessions, findSessions, hashToken, isWorthNoting, type Session } from '../records/sessions.ts'
import { credentialsOf, originOf } from './credentials.ts'
import { type Access, may } from './permissions.ts'
import type { SessionMemory } from './session-memory.ts'

/** GET and HEAD change nothing, so a foreign page gains nothing by having them sent. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export type Asked = {
  headers: IncomingHttpHeaders
  /** `UPGRADE` for a WebSocket: it is answered to whoever opened it, so its origin counts. */
  method: string
  access: Access
  /** Belongs to setting up a second factor: open also to those who have to, and may do nothing else. */
  isEnrolling?: boolean
}

/** Records that have not answered by then are away, for a session that is remembered. */
const ANSWER_WITHIN_MS = 2_000

export type Door = {
  records: Pick<Records, 'db' | 'feed'>
  clock: Clock
  memory: SessionMemory
  /** Staff without a second factor can set one up and nothing else. */
  requiresSecondFactor?: boolean
}

/**
 * The session behind a request, null where none is needed and none is given.
 * While the records are away, one that this gateway has seen lately counts for what needs no records, which is to be
 * told of emergencies (docs/decisions/0016).
 * @throws HubError UNAUTHENTICATED without a session that holds; FORBIDDEN when the role may not, or when a
 * cookie comes from another site's page; SECOND_FACTOR_MISSING.
 */
export async function admit(door: Door, asked: Asked): Promise<Session | null> {
  const session = await identify(door, asked)
  if (session) permit(door, { ...asked, session })
  return session
}

/** Whose session it is. @throws HubError as above, before it is asked what the role may. */
export async function identify(door: Door, asked: Asked): Promise<Session | null> {
  const { headers, method, access } = asked
  if (access === 'anyone') return null
  const credentials = credentialsOf(headers)
  if (!credentials) throw new HubError('UNAUTHENTICATED', 'sign in first')
  const session = await sessionOf(door, { token: credentials.token, mayBeRemembered: needsNoRecords(asked) })
  if (credentials.via === 'cookie' && !READS.has(method)) requireOwnOrigin(headers)
  return session
}

/** @throws HubError FORBIDDEN, SECOND_FACTOR_MISSING */
export function permit(
  { requiresSecondFactor = false }: Pick<Door, 'requiresSecondFactor'>,
  { session, access, isEnrolling = false }: Pick<Asked, 'access' | 'isEnrolling'> & { session: Session },
): void {
  const { role } = session.user
  if (!may(role, access)) throw new HubError('FORBIDDEN', `the role ${role} may not do this`)
  if (requiresSecondFactor && !isEnrolling && lacksSecondFactor(session))
    throw new HubError('SECOND_FACTOR_MISSING', 'this hub demands a second factor: set one up first')
}

/** Whether a hub that demands second factors demands one of this role. */
export const isAskedForSecondFactor = (role: Role): boolean => STAFF.includes(role)

export const lacksSecondFactor = ({ user, hasSecondFactor }: Session): boolean =>
  isAskedForSecondFactor(user.role) && !hasSecondFactor

/** To follow the feed, and to ask whether one still may: a browser does so before it connects again. */
const needsNoRecords = ({ method, access }: Asked): boolean =>
  method === 'UPGRADE' || (method === 'GET' && access === 'signed-in')

async function sessionOf(
  { records, clock, memory }: Door,
  { token, mayBeRemembered }: { token: string; mayBeRemembered: boolean },
): Promise<Session> {
  const at = clock.now()
  const tokenHash = hashToken(token)
  const remembered = mayBeRemembered ? memory.recall(tokenHash, at) : undefined
  const found = await findSession({ records, remembered }, { tokenHash, at })
  if (found === 'away' && remembered) return remembered
  if (!found || found === 'away') {
    memory.forget(tokenHash)
    throw new HubError('UNAUTHENTICATED', 'the session is not known or has ended')
  }
  memory.remember(found, at)
  if (isWorthNoting(found, at)) await noteUse(records, { tokenHash, at })
  return found
}

async function noteUse(
  records: Pick<Records, 'db'>,
  { tokenHash, at }: { tokenHash: string; at: number },
): Promise<void> {
  try {
    await extendSessions(records.db, { tokenHashes: [tokenHash], at })
  } catch {
    // Readiness says that nothing can be written. A full disk must turn nobody away from the queue, and the next use
    // is noted as well.
  }
}

/** `away`: the records do not answer; where nothing is remembered instead, that is the caller's failure. */
async function findSession(
  { records, remembered }: { records: Pick<Records, 'feed'>; remembered: Session | undefined },
  { tokenHash, at }: { tokenHash: string; at: number },
): Promise<Session | 'away' | undefined> {
  // Every accept comes through here: it waits behind no list.
  const finding = findSessions(records.feed, { tokenHashes: [tokenHash], at }).then(([session]) => session)
  if (!remembered) return finding
  const late = wait(ANSWER_WITHIN_MS, 'away' as const, { ref: false })
  return Promise.race([finding.catch(() => 'away' as const), late])
}

function requireOwnOrigin(headers: IncomingHttpHeaders): void {
  const origin = originOf(headers)
  if (origin === 'own') return
  const why =
    origin === 'foreign'
      ? "a session cookie counts only for the hub's own pages"
      : 'with the session cookie, Origin or Sec-Fetch-Site must be sent; programs use the token as Bearer'
  throw new HubError('FORBIDDEN', why)
}

/** Signing in is also refused to other sites' pages, so that nobody is signed in as somebody else unawares. */
export function refuseForeignPage(headers: IncomingHttpHeaders): void {
  if (originOf(headers) === 'foreign') throw new HubError('FORBIDDEN', 'this comes from another site')
}
