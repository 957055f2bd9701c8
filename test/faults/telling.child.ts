// The part of a hub that climbs ladders and tells people, as a process of its own that is killed: the real sweep, the
// real sending, the real engines. It says a line when it is at work.
//
//   TELLING_DATA_DIR, or TELLING_DATABASE_URL and TELLING_REDIS_URL

import { allowedBy } from '../../alerts/channels/addresses.ts'
import { createGuard } from '../../alerts/channels/guard.ts'
import { openBullJobs } from '../../alerts/jobs.bullmq.ts'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import { startNotify } from '../../alerts/notify.ts'
import { startSweep } from '../../alerts/sweep.ts'
import { systemClock as clock } from '../../clock.ts'
import { startLog } from '../../log.ts'
import { startMetrics } from '../../metrics.ts'
import { openRecords } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { connectRedis } from '../../redis.ts'

/** So short that what was cut off is taken up within the story. */
const LOCK_MS = 1_500
const EVERY_MS = 100

const log = startLog({ level: 'silent' })
const { TELLING_DATA_DIR: dataDir = '', TELLING_DATABASE_URL: url, TELLING_REDIS_URL: redisUrl } = process.env
const nudge = startNudge()
const records = await (url === undefined
  ? openRecords({ dataDir, clock, nudge })
  : openPostgresRecords({ url, nudge, log }))
const jobs =
  redisUrl === undefined
    ? openSqliteJobs({ records, clock, log, lockMs: LOCK_MS })
    : openBullJobs({ redis: (await connectRedis({ url: redisUrl, log })).client, log, lockMs: LOCK_MS })
const { metrics } = startMetrics()
const guard = createGuard({ allowed: allowedBy(['127.0.0.1']) })
const parts = { records, clock, log, metrics, everyMs: EVERY_MS }
await startNotify({ ...parts, jobs, guard })
startSweep(parts)
process.stdout.write('at work\n')
