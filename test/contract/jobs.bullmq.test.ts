import { afterAll, beforeAll, describe } from 'vitest'
import { openBullJobs } from '../../alerts/jobs.bullmq.ts'
import { connectRedis, type RedisConnection } from '../../redis.ts'
import { needs } from '../needs.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'
import { describeJobs } from './jobs.contract.ts'
import { silent } from './redis.place.ts'

describe.runIf(needs('redis-server'))('a Redis of its own', () => {
  let server: RedisServer
  let redis: RedisConnection
  beforeAll(async () => {
    server = await startRedisServer()
    redis = await connectRedis({ url: server.url, log: silent })
  })
  afterAll(async () => {
    await redis.close()
    await server.remove()
  })

  describeJobs('BullMQ', () => ({
    open: times => openBullJobs({ redis: redis.client, log: silent, ...times }),
    env: () => ({ JOBS_REDIS_URL: server.url }),
    clear: async () => void (await redis.client.flushall()),
  }))
})
