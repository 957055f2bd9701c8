// What must be right before the hub trusts a PostgreSQL server, and the one line that says what is not. The
// password stands in no message.

import pg from 'pg'
import { HubError } from '../model/error.ts'
import type { Log } from '../model/log.ts'
import { messageOf } from './postgres.outage.ts'

/** Where the database is, without the password. */
export type Address = { server: string; user: string; database: string }

const FORM = 'postgres://user:password@host:5432/database'

/** @throws HubError CONFIG_INVALID when `url` is none of PostgreSQL. */
export function readAddress(url: string): Address {
  const parsed = URL.parse(url.trim())
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new HubError('CONFIG_INVALID', `DATABASE_URL is no address of PostgreSQL; it looks like ${FORM}`)
  const { hostname, port, username, pathname } = parsed
  const user = decoded(username) || 'postgres'
  return {
    server: `${hostname || 'localhost'}:${port || 5432}`,
    user,
    database: decoded(pathname.slice(1)) || user,
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new HubError(
      'CONFIG_INVALID',
      `DATABASE_URL has a stray "%": write it as %25; it looks like ${FORM}`,
    )
  }
}

/** What a session says of its server, read after it was set. */
export type SessionFacts = {
  fsync: 'on' | 'off'
  fullPageWrites: 'on' | 'off'
  synchronousCommit: string
  encoding: string
  isStandby: boolean
}

/** @throws HubError when what the hub acknowledges could be lost here, or not be written at all. */
export function checkSession(facts: SessionFacts, log: Log): void {
  const { fsync, fullPageWrites, synchronousCommit, encoding, isStandby } = facts
  if (isStandby)
    throw new HubError(
      'UNAVAILABLE',
      'PostgreSQL is a standby, which takes no writes; set DATABASE_URL to the primary',
    )
  if (fsync !== 'on')
    throw new HubError(
      'CONFIG_INVALID',
      'PostgreSQL runs with fsync off: alarms that were acknowledged are lost when its machine fails; set fsync = on',
    )
  if (synchronousCommit !== 'on')
    throw new HubError(
      'CONFIG_INVALID',
      `PostgreSQL keeps synchronous_commit at ${synchronousCommit}: the last alarms are lost when it fails; allow "on"`,
    )
  if (encoding !== 'UTF8')
    throw new HubError(
      'CONFIG_INVALID',
      `the database has the encoding ${encoding}, and names need UTF8; create it with ENCODING 'UTF8' TEMPLATE template0`,
    )
  if (fullPageWrites !== 'on')
    log.warn(
      {},
      'PostgreSQL runs with full_page_writes off: a power cut in the middle of a write can ruin its files',
    )
}

/** That passes: whoever works without the records need not wait for it. */
const TOO_MANY_CONNECTIONS = '53300'

/** Why the records could not be opened, in one line; other errors are given back as they are. */
export function startFailure(error: unknown, address: Address): unknown {
  const cause = error instanceof HubError && error.cause ? error.cause : error
  const why = refusalOf(cause, address)
  if (why !== undefined) return new HubError('CONFIG_INVALID', why, { cause })
  if (error instanceof HubError && error.code !== 'UNAVAILABLE') return error
  if (cause instanceof HubError) return cause // what the hub itself found there
  const reason = messageOf(cause)
  if (cause instanceof pg.DatabaseError && cause.code === TOO_MANY_CONNECTIONS)
    return new HubError(
      'UNAVAILABLE',
      `PostgreSQL at ${address.server} has no connection left (${reason}): raise max_connections, or the limit of ${address.user} or ${address.database}`,
      { cause },
    )
  if (!(error instanceof HubError) || cause instanceof pg.DatabaseError) return error
  return new HubError(
    'UNAVAILABLE',
    `PostgreSQL at ${address.server} cannot be reached (${reason}): start it, or set DATABASE_URL`,
    { cause },
  )
}

/** What the driver says of it. */
const NO_TLS = 'The server does not support SSL connections'

function refusalOf(cause: unknown, { server, user, database }: Address): string | undefined {
  const code = cause instanceof pg.DatabaseError ? cause.code : undefined
  const message = messageOf(cause)
  // The driver itself misses a password that the server asks for.
  if (code === '28P01' || code === '28000' || message.startsWith('SASL'))
    return `PostgreSQL at ${server} refuses the user ${user} (${message}): set user and password in DATABASE_URL`
  if (code === '3D000')
    return `PostgreSQL at ${server} has no database ${database}: create it (createdb ${database}), or set DATABASE_URL`
  if (message === NO_TLS)
    return `PostgreSQL at ${server} speaks no TLS: set ssl = on there, or leave sslmode out of DATABASE_URL`
  if (code === '42501')
    return `PostgreSQL at ${server} does not let ${user} make tables in ${database} (${message}): make it the owner`
  return undefined
}
