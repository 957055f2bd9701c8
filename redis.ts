// The connection to Redis, made once by the edge and passed in: from REDIS_URL to a client that reconnects for
// ever, fails every command within a deadline, and finds out by itself whether it speaks to a cluster.
//
// A command is never sent again behind the caller's back on a single Redis: whatever was on its way when the
// connection broke fails at once, and the caller, who knows what a second try does, tries again.

import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { HubError } from './model/error.ts'
import type { Log } from './model/log.ts'

export type RedisConnection = {
  client: Redis | Cluster
  /** Another connection of the same kind, for whoever must not share this one. Its owner closes it. */
  duplicate(): Redis | Cluster
  close(): Promise<void>
}

/** A command without an answer after this long has failed; it may still be executed. */
export const COMMAND_WITHIN_MS = 2_000
/** A connection that owes answers and brings none for this long is dead, whatever TCP says. */
const SILENT_FOR_MS = 5_000
const CONNECT_WITHIN_MS = 2_000
/** Redis may be reading its log back at the start. */
const READY_WITHIN_MS = 15_000
const RETRY_FIRST_MS = 50
const RETRY_LONGEST_MS = 2_000
/** Which node holds what is asked again this often, besides whenever a node says that it moved. */
const SLOTS_EVERY_MS = 5_000

const ALLOWED =
  'redis://[user:password@]host[:port][/db] or rediss://…, several of a cluster separated by commas'

/**
 * Connects to what `url` names. @throws HubError with one line that never holds the password: CONFIG_INVALID
 * when the URL or the login is wrong, UNAVAILABLE when Redis cannot be reached.
 */
export async function connectRedis({ url, log }: { url: string; log: Log }): Promise<RedisConnection> {
  const seeds = parseSeeds(url)
  const isCluster = (await askAny(seeds)) === 'cluster'
  if (!isCluster && seeds.length > 1) {
    // Whichever answers first would be another one for another process.
    throw new HubError('CONFIG_INVALID', 'REDIS_URL names several, but they are no Redis Cluster: name one')
  }
  if (isCluster && seeds.some(({ db }) => db !== 0)) {
    throw new HubError(
      'CONFIG_INVALID',
      'REDIS_URL names a database, but a Redis Cluster has none: leave /db out',
    )
  }
  const connect = (): Redis | Cluster => watched(isCluster ? toCluster(seeds) : toSingle(seeds), log)
  const client = connect()
  await readyWithin(client, seeds)
  return {
    client,
    duplicate: connect,
    async close() {
      client.disconnect()
    },
  }
}

type Seed = { host: string; port: number; db: number; username: string; password: string; isTls: boolean }

function parseSeeds(url: string): [Seed, ...Seed[]] {
  const [first, ...others] = url.split(',').map(part => parseSeed(part.trim()))
  return [first as Seed, ...others]
}

function parseSeed(text: string): Seed {
  const url = URL.parse(text)
  const [, db] = /^\/?([0-9]{0,4})$/.exec(url?.pathname ?? '') ?? []
  const isTls = url?.protocol === 'rediss:'
  if (!url || (!isTls && url.protocol !== 'redis:') || url.hostname === '' || db === undefined) {
    // Never user and password: a slash of their own begins the path, and what is before it looks like a host.
    const isWhole = url !== null && !url.pathname.includes('@')
    const given = isWhole ? `${url.protocol}//${url.host}${url.pathname}` : 'not a URL'
    throw new HubError('CONFIG_INVALID', `REDIS_URL is ${given}; allowed: ${ALLOWED}`)
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(db),
    username: decoded(url.username),
    password: decoded(url.password),
    isTls,
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new HubError(
      'CONFIG_INVALID',
      `REDIS_URL is no URL: a "%" of its own is written %25; allowed: ${ALLOWED}`,
    )
  }
}

const common = ({ username, password, isTls }: Seed) =>
  ({
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(isTls && { tls: {} }),
    protocol: 2,
    commandTimeout: COMMAND_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
    connectTimeout: CONNECT_WITHIN_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A failover behind one address: the connection still leads to the former master.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  }) satisfies RedisOptions

const backoff = (times: number): number =>
  Math.min(RETRY_FIRST_MS * 2 ** Math.min(times, 10), RETRY_LONGEST_MS)

function toSingle([seed]: readonly [Seed, ...Seed[]]): Redis {
  const { host, port, db } = seed
  return new Redis({ ...common(seed), host, port, db, enableOfflineQueue: false, retryStrategy: backoff })
}

function toCluster(seeds: readonly [Seed, ...Seed[]]): Cluster {
  return new Cluster(
    seeds.map(({ host, port }) => ({ host, port })),
    {
      redisOptions: common(seeds[0]),
      enableOfflineQueue: false,
      clusterRetryStrategy: backoff,
      slotsRefreshInterval: SLOTS_EVERY_MS,
    },
  )
}

/** Says once that Redis is away, and once that it is back. */
function watched<C extends Redis | Cluster>(client: C, log: Log): C {
  let isAway = false
  client.on('error', (error: Error) => {
    // Only what it says: ioredis hangs the command on the error, and the first one carries the password.
    if (!isAway) log.warn({ reason: error.message }, 'Redis is away; trying until it is back')
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) log.info({}, 'Redis is back')
    isAway = false
  })
  return client
}

/** Asks the seeds, one after the other, what they are. @throws HubError what the last one failed with */
async function askAny(seeds: readonly [Seed, ...Seed[]]): Promise<'single' | 'cluster'> {
  let failure: unknown
  for (const seed of seeds) {
    try {
      return await ask(seed)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

async function ask(seed: Seed): Promise<'single' | 'cluster'> {
  const { host, port, db } = seed
  const probe = new Redis({ ...common(seed), host, port, db, lazyConnect: true, retryStrategy: null })
  let reason = ''
  probe.on('error', (error: Error) => {
    reason ||= error.message
  })
  try {
    await within(READY_WITHIN_MS, probe.connect())
    if ((await probe.info('cluster')).includes('cluster_enabled:1')) return 'cluster'
    if (db !== 0) await probe.select(db) // the client itself would go on in database 0
    return 'single'
  } catch (error) {
    throw connectFailure(seed, reason || (error as Error).message)
  } finally {
    probe.disconnect()
  }
}

/** One line on why Redis does not let us in. The original error is left out: it may hold the password. */
function connectFailure({ host, port, db }: Seed, reason: string): HubError {
  const where = `Redis at ${host}:${port}`
  const [, says] = REFUSALS.find(([refusal]) => refusal.test(reason)) ?? []
  if (says !== undefined) return new HubError('CONFIG_INVALID', `${where} ${says(reason, db)}`)
  return new HubError('UNAVAILABLE', `${where} cannot be reached (${reason}): start it or correct REDIS_URL`)
}

/** What Redis answers when it is there, and what to do then. */
const REFUSALS: readonly [RegExp, (reason: string, db: number) => string][] = [
  [
    /^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/,
    () => 'refuses the login: correct user and password in REDIS_URL',
  ],
  [
    /^NOPERM/,
    reason => `does not let its user do what the hub must (${reason}): allow it, or correct REDIS_URL`,
  ],
  [
    /^ERR (DB index is out of range|invalid DB index)/,
    (reason, db) => `has no database ${db} (${reason}): name another one in REDIS_URL`,
  ],
]

async function readyWithin(client: Redis | Cluster, [seed]: readonly [Seed, ...Seed[]]): Promise<void> {
  if (client.status === 'ready') return
  const ready = new Promise<void>(resolve => client.once('ready', () => resolve()))
  let reason = ''
  const note = (error: Error): void => {
    reason = error.message
  }
  client.on('error', note)
  try {
    await within(READY_WITHIN_MS, ready)
  } catch (error) {
    client.disconnect()
    throw connectFailure(seed, reason || (error as Error).message)
  } finally {
    client.off('error', note)
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
