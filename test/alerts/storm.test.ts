// A storm of messages: everything is delivered once by key, within the tries that a message has, and an SOS waits behind
// none of it. Embedded, on PostgreSQL, and on PostgreSQL with the jobs in Redis.
//
//   npm run storm                                           ten thousand on each, with the bar of 200 ms
//   STORM_DELIVERIES=500 npx vitest run --project 'on postgres' -t BullMQ test/alerts/storm.test.ts

import { expect, onTestFinished, test } from 'vitest'
import { openBullJobs } from '../../alerts/jobs.bullmq.ts'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import { connectRedis } from '../../redis.ts'
import { needs } from '../needs.ts'
import { ENGINE } from '../records/started.ts'
import { startRedisServer } from '../servers/redis.ts'
import { type OpenJobs, storm } from './storm.ts'

const ASKED = Number(process.env.STORM_DELIVERIES ?? 0)
const DELIVERIES = ASKED || 120
/** The bar. The machine of a test run is busy with other tests: what is meant there is "not behind the storm". */
const SOS_WITHIN_MS = ASKED > 0 ? 200 : 2_000

async function holds(openJobs: OpenJobs): Promise<void> {
  const figures = await storm({ deliveries: DELIVERIES, openJobs })
  const { deliveries, takenBeforeSos, sosMs, mostTries, triesAllowed } = figures
  if (ASKED > 0) process.stdout.write(`${JSON.stringify(figures)}\n`)
  // Every message is taken under its own key, no other key is known, and its alarm says once that it was told.
  expect(figures).toMatchObject({ taken: deliveries, missing: 0, strange: 0, told: deliveries, untold: 0 })
  // On a busy machine an answer may come after its time limit: then, and only then, a key is sent once more.
  if (ASKED > 0) expect(figures.takenTwice).toBe(0)
  expect(mostTries).toBeLessThanOrEqual(triesAllowed)
  for (const taken of takenBeforeSos) expect(taken).toBeLessThan(deliveries)
  for (const ms of sosMs) expect(ms).toBeLessThan(SOS_WITHIN_MS)
}

const inRecords: OpenJobs = async ({ records, clock, log }) => openSqliteJobs({ records, clock, log })

const inRedis: OpenJobs = async ({ log }) => {
  const server = await startRedisServer()
  onTestFinished(() => server.remove())
  const redis = await connectRedis({ url: server.url, log })
  onTestFinished(() => redis.close())
  return openBullJobs({ redis: redis.client, log })
}

/** Redis has the jobs of hubs that share their records as well. */
const ENGINES: [name: string, openJobs: OpenJobs][] = [['the records', inRecords]]
if (ENGINE === 'postgres' && needs('redis-server')) ENGINES.push(['Redis (BullMQ)', inRedis])

test.each(ENGINES)(
  `a receiver that fails 30 % and hangs 5 % gets everything once, and an SOS leaves at once: ${ENGINE}, jobs in %s`,
  { timeout: ASKED > 0 ? 1_200_000 : 120_000 },
  async (_engine, openJobs) => holds(openJobs),
)
