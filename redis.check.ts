// What the hub asks of a Redis that holds its stream, looked at once at the start: an acknowledged alarm must
// outlive the power of that machine. A setting that could lose one stops the start; what only narrows the room
// is said.

import { Cluster, type Redis } from 'ioredis'
import { HubError } from './model/error.ts'
import type { Log } from './model/log.ts'

/** One master as it describes itself. `undefined`: it does not tell (managed services forbid CONFIG). */
export type RedisSettings = {
  address: string
  version: string
  isReplica: boolean
  replicas: number
  appendonly: boolean
  appendfsync: string | undefined
  noAppendfsyncOnRewrite: string | undefined
  minReplicasToWrite: number | undefined
  maxmemoryPolicy: string
  /** 0: no limit. */
  maxmemoryBytes: number
}

export type Concern = { gravity: 'refuse' | 'warn'; reason: string; says: string }

/** Script flags, by which urgent is stored above maxmemory. */
const OLDEST_VERSION = 7

/**
 * Looks at every master behind `client`; warns of what narrows the room for messages.
 * @throws HubError CONFIG_INVALID with one line when what is acknowledged could be lost.
 */
export async function checkRedis({
  client,
  boundBytes,
  log,
}: {
  client: Redis | Cluster
  /** What each of the two bounded lanes may hold. */
  boundBytes: number
  log: Log
}): Promise<void> {
  const masters = client instanceof Cluster ? client.nodes('master') : [client]
  const settings = await Promise.all(masters.map(settingsOf))
  const concerns = concernsAbout(settings, boundBytes)
  const refused = concerns.find(({ gravity }) => gravity === 'refuse')
  if (refused) throw new HubError('CONFIG_INVALID', refused.says, { reason: refused.reason })
  for (const { reason, says } of concerns) log.warn({ reason }, says)
}

/** Everything that is wrong with these masters, the gravest of a setting only. */
export function concernsAbout(masters: readonly RedisSettings[], boundBytes: number): Concern[] {
  return masters.flatMap(settings =>
    CHECKS.flatMap(check => {
      const concern = check(settings, boundBytes / masters.length)
      return concern ? [{ ...concern, says: `Redis at ${settings.address} ${concern.says}` }] : []
    }),
  )
}

type Check = (settings: RedisSettings, boundBytes: number) => Concern | undefined

const refuse = (reason: string, says: string): Concern => ({ gravity: 'refuse', reason, says })
const warn = (reason: string, says: string): Concern => ({ gravity: 'warn', reason, says })

const CHECKS: readonly Check[] = [
  ({ version }) =>
    Number.parseInt(version, 10) >= OLDEST_VERSION
      ? undefined
      : refuse('version', `is version ${version}: the hub needs ${OLDEST_VERSION} or newer`),
  ({ isReplica }) =>
    isReplica
      ? refuse('replica', 'is a replica and takes no writes: let REDIS_URL name its master')
      : undefined,
  ({ appendonly }) =>
    appendonly
      ? undefined
      : refuse(
          'appendonly',
          'has appendonly no: a restart loses every alarm on its way; set appendonly yes and appendfsync always',
        ),
  ({ appendfsync, appendonly }) => {
    if (!appendonly || appendfsync === 'always') return undefined
    if (appendfsync === undefined) {
      return warn(
        'appendfsync_unknown',
        'does not tell its appendfsync: unless it is always, a power cut loses acknowledged alarms',
      )
    }
    return refuse(
      'appendfsync',
      `has appendfsync ${appendfsync}: a power cut loses acknowledged alarms; set appendfsync always`,
    )
  },
  ({ noAppendfsyncOnRewrite }) =>
    noAppendfsyncOnRewrite === 'yes'
      ? refuse(
          'no_appendfsync_on_rewrite',
          'has no-appendfsync-on-rewrite yes: a power cut during a rewrite loses acknowledged alarms; set it to no',
        )
      : undefined,
  ({ maxmemoryPolicy }) =>
    maxmemoryPolicy === 'noeviction'
      ? undefined
      : refuse(
          'maxmemory_policy',
          `has maxmemory-policy ${maxmemoryPolicy}: it may delete alarms to make room; set noeviction`,
        ),
  ({ maxmemoryBytes }, boundBytes) => {
    if (maxmemoryBytes === 0) {
      return warn(
        'maxmemory_unset',
        'has no maxmemory: it may grow until the system ends it; set one above ROUTINE_BYTES_MAX',
      )
    }
    if (boundBytes >= maxmemoryBytes) {
      return refuse(
        'maxmemory_below_bound',
        `has ${mib(maxmemoryBytes)} of maxmemory, but routine messages alone may take ${mib(boundBytes)}: ` +
          'raise maxmemory or lower ROUTINE_BYTES_MAX',
      )
    }
    if (2 * boundBytes < maxmemoryBytes) return undefined
    return warn(
      'maxmemory_below_both',
      `has ${mib(maxmemoryBytes)} of maxmemory: routine messages and motion together may fill it, and are ` +
        `dropped then before each has its ${mib(boundBytes)}`,
    )
  },
  ({ replicas, minReplicasToWrite }) =>
    replicas > 0 && minReplicasToWrite === 0
      ? warn(
          'min_replicas',
          'has replicas and min-replicas-to-write 0: a failover loses acknowledged alarms; set it to 1',
        )
      : undefined,
]

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`

async function settingsOf(node: Redis): Promise<RedisSettings> {
  const info = factsOf(await node.info())
  const config = await configOf(node)
  const minReplicas = config.get('min-replicas-to-write')
  return {
    address: `${node.options.host}:${node.options.port}`,
    version: info.get('redis_version') ?? '0',
    isReplica: info.get('role') === 'slave',
    replicas: Number(info.get('connected_slaves') ?? 0),
    appendonly: info.get('aof_enabled') === '1',
    appendfsync: config.get('appendfsync'),
    noAppendfsyncOnRewrite: config.get('no-appendfsync-on-rewrite'),
    minReplicasToWrite: minReplicas === undefined ? undefined : Number(minReplicas),
    maxmemoryPolicy: info.get('maxmemory_policy') ?? 'noeviction',
    maxmemoryBytes: Number(info.get('maxmemory') ?? 0),
  }
}

/** The lines `name:value` of INFO. */
const factsOf = (info: string): Map<string, string> =>
  new Map(
    info
      .split('\r\n')
      .map(line => line.split(':', 2))
      .filter(parts => parts.length === 2) as [string, string][],
  )

/** Settings that INFO does not hold; empty where CONFIG is forbidden, which the checks then say. */
async function configOf(node: Redis): Promise<Map<string, string>> {
  const asked = ['appendfsync', 'no-appendfsync-on-rewrite', 'min-replicas-to-write']
  try {
    const flat = (await node.call('CONFIG', ['GET', ...asked])) as string[]
    return new Map(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? ''] as const] : [])))
  } catch (error) {
    if (/^(NOPERM|ERR unknown command|ERR unknown subcommand)/i.test((error as Error).message))
      return new Map()
    throw error
  }
}
