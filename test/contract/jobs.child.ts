// A process that works on the queue of its argument and is killed in the middle: it writes what it was handed, a line
// each, and ends nothing. JOBS_REDIS_URL, JOBS_DATABASE_URL or JOBS_DATA_DIR says where the jobs are.

import { openBullJobs } from '../../alerts/jobs.bullmq.ts'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import type { Jobs } from '../../alerts/jobs.ts'
import { systemClock as clock } from '../../clock.ts'
import { startLog } from '../../log.ts'
import { openRecords } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { connectRedis } from '../../redis.ts'

const log = startLog({ level: 'silent' })
const { JOBS_REDIS_URL: redisUrl, JOBS_DATABASE_URL: databaseUrl, JOBS_DATA_DIR: dataDir = '' } = process.env
const times = { lockMs: 600 }

async function open(): Promise<Jobs> {
  if (redisUrl !== undefined) {
    const { client: redis } = await connectRedis({ url: redisUrl, log })
    return openBullJobs({ redis, log, ...times })
  }
  const nudge = startNudge()
  const records = await (databaseUrl === undefined
    ? openRecords({ dataDir, clock, nudge })
    : openPostgresRecords({ url: databaseUrl, nudge, log }))
  return openSqliteJobs({ records, clock, log, ...times })
}

const jobs = await open()
jobs.work(process.argv[2] ?? '', {
  concurrency: 2,
  attempts: 1,
  backoff: { firstMs: 10, mostMs: 100 },
  handle({ id, attempt }) {
    process.stdout.write(`${id}#${attempt}\n`)
    return new Promise(() => undefined)
  },
})
