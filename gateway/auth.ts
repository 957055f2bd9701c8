// Who sends a request, and may they? One function decides for HTTP and for WebSocket upgrades alike; it runs
// before a body is read.

import type { IncomingHttpHeaders } from 'node:http'
import { HubError } from '../model/error.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { extendSessions, findSessions, hashToken, isWorthNoting, type Session } from '../records/sessions.ts'
import { credentialsOf, originOf } from './credentials.ts'
import { type Access, may } from './permissions.ts'

/** GET and HEAD change nothing, so a foreign page gains nothing by having them sent. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export type Asked = {
  headers: IncomingHttpHeaders
  /** `UPGRADE` for a WebSocket: it is answered to whoever opened it, so its origin counts. */
  method: string
  access: Access
}

/**
 * The session behind a request, null where none is needed and none is given.
 * @throws HubError UNAUTHENTICATED without a session that holds; FORBIDDEN when the role may not, or when a
 * cookie comes from another site's page.
 */
export async function admit(
  { records, clock }: { records: Records; clock: Clock },
  { headers, method, access }: Asked,
): Promise<Session | null> {
  if (access === 'anyone') return null
  const credentials = credentialsOf(headers)
  if (!credentials) throw new HubError('UNAUTHENTICATED', 'sign in first')
  const session = await sessionOf({ records, clock }, credentials.token)
  if (credentials.via === 'cookie' && !READS.has(method)) requireOwnOrigin(headers)
  if (!may(session.user.role, access)) {
    throw new HubError('FORBIDDEN', `the role ${session.user.role} may not do this`)
  }
  return session
}

async function sessionOf(
  { records, clock }: { records: Records; clock: Clock },
  token: string,
): Promise<Session> {
  const at = clock.now()
  const tokenHashes = [hashToken(token)]
  const [session] = await findSessions(records.read, { tokenHashes, at })
  if (!session) throw new HubError('UNAUTHENTICATED', 'the session is not known or has ended')
  if (isWorthNoting(session, at)) await extendSessions(records.db, { tokenHashes, at })
  return session
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
