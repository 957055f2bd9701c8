// Opens what a process stores in and hears by: embedded in the data folder, or on the Redis and the PostgreSQL
// that the processes of a hub share. What comes out is the same either way.

import { openBullJobs } from './alerts/jobs.bullmq.ts'
import { openSqliteJobs } from './alerts/jobs.sqlite.ts'
import type { Jobs } from './alerts/jobs.ts'
import { openRedisStream } from './broker/stream.redis.ts'
import { openSqliteStream } from './broker/stream.sqlite.ts'
import type { OpenStream } from './broker/stream.ts'
import { type Config, ROLES, type Role } from './config.ts'
import { lockDataDir } from './datadir.ts'
import type { Log } from './model/log.ts'
import type { Clock } from './model/time.ts'
import { openRecords, type Records } from './records/db.ts'
import { startRedisNudge } from './records/nudge.redis.ts'
import { type Nudge, startNudge } from './records/nudge.ts'
import { openPostgresRecords } from './records/postgres.ts'
import { checkRedis } from './redis.check.ts'
import { connectRedis, type RedisConnection } from './redis.ts'
import type { Teardown } from './teardown.ts'
import { openInfluxHistory } from './workers/history.influx.ts'
import { openSqliteHistory } from './workers/history.sqlite.ts'
import type { OpenHistory } from './workers/history.ts'

export type Engines = {
  records: Records
  engine: OpenStream
  /** undefined: this process has nothing to do with it. */
  jobs: Jobs | undefined
  /** undefined: this hub keeps none, or this process has nothing to do with it. */
  history: OpenHistory | undefined
  /** The data folder, locked; undefined when this process keeps nothing on a disk of its own. */
  dataDir: string | undefined
}

type Opening = { config: Config; clock: Clock; log: Log; opened: Teardown }

/** Opens the engines and registers each to be closed. @throws HubError with one line on what to do. */
export async function openEngines(opening: Opening): Promise<Engines> {
  const dataDir = openDataDir(opening)
  const { stream: openStream, nudge, redis } = await openRedis(opening, dataDir)
  const records = await openRecordsOf(opening, { dataDir, nudge })
  const engine = await openStream()
  opening.opened.add('stream', engine.close)
  const jobs = openJobs(opening, { records, redis })
  return { records, engine, jobs, dataDir, history: openHistory(opening, dataDir) }
}

/** Whoever carries them out, and whoever shows them and sends them again. */
function openJobs(
  { config, clock, log, opened }: Opening,
  { records, redis }: { records: Records; redis: RedisConnection | undefined },
): Jobs | undefined {
  if (!config.roles.includes('alerts') && !config.roles.includes('gateway')) return undefined
  const jobs = redis ? openBullJobs({ redis: redis.client, log }) : openSqliteJobs({ records, clock, log })
  opened.add('jobs', jobs.close)
  return jobs
}

/** Whoever writes it, shows it, or erases from it. Several processes need one that all of them reach, or do without. */
function openHistory({ config, log, opened }: Opening, dataDir: string | undefined): OpenHistory | undefined {
  const { influx, roles } = config
  if (!roles.some(role => role !== 'broker')) return undefined
  if (influx === undefined && (roles.length < ROLES.length || dataDir === undefined)) {
    log.warn({}, 'INFLUX_URL is not set: a hub of several processes keeps no history then, and has no charts')
    return undefined
  }
  const history =
    influx === undefined
      ? openSqliteHistory({ dataDir: dataDir ?? '' })
      : openInfluxHistory({ place: influx })
  opened.add('history', history.close)
  return history
}

/** Embedded engines live in it, and the broker's copy of what devices sign in with. */
function openDataDir({ config, opened }: Opening): string | undefined {
  const { redisUrl, databaseUrl, roles } = config
  const isNeeded = redisUrl === undefined || databaseUrl === undefined || roles.includes('broker')
  if (!isNeeded) return undefined
  const dataDir = lockDataDir(config.dataDir)
  opened.add('data folder', async () => dataDir.unlock())
  return dataDir.path
}

type RedisParts = {
  stream: () => Promise<OpenStream>
  nudge: Nudge
  redis: RedisConnection | undefined
}

async function openRedis({ config, clock, log, opened }: Opening, dataDir = ''): Promise<RedisParts> {
  const { redisUrl, partitions, routineBytesMax: boundBytes } = config
  if (redisUrl === undefined)
    return {
      redis: undefined,
      nudge: startNudge(),
      stream: () => openSqliteStream({ dataDir, partitions, boundBytes, clock }),
    }
  const redis = await connectRedis({ url: redisUrl, log })
  opened.add('Redis', redis.close)
  await checkRedis({ client: redis.client, boundBytes, log })
  const nudge = await startRedisNudge({ redis: redis.client, log })
  opened.add('nudge', nudge.close)
  return { redis, nudge, stream: () => openRedisStream({ redis: redis.client, partitions, boundBytes, log }) }
}

async function openRecordsOf(
  { config, clock, log, opened }: Opening,
  { dataDir = '', nudge }: { dataDir: string | undefined; nudge: Nudge },
): Promise<Records> {
  const { databaseUrl: url } = config
  const records =
    url === undefined
      ? await openRecords({ dataDir, clock, nudge, log })
      : await openPostgresRecords({ url, nudge, log, mayBeAway: config.roles.every(worksWithoutRecords) })
  opened.add('records', records.close)
  return records
}

/** A broker knows its devices by a snapshot, and workers what they need by their state. */
const worksWithoutRecords = (role: Role): boolean => role === 'broker' || role === 'workers'
