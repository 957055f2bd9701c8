import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needs } from '../needs.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'
import { openOn, redisPlace } from './redis.place.ts'
import { describeStream } from './stream.contract.ts'
import { describeSharedStream } from './stream.shared.ts'

describe.runIf(needs('redis-server'))('a Redis of its own', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server.remove())

  describeStream('Redis', () => redisPlace(server.url))
  describeSharedStream('Redis', () => redisPlace(server.url))

  it('refuses a number of partitions other than the one it was made with', async () => {
    const place = await redisPlace(server.url)
    await (await place.open()).close()
    await expect(openOn(server.url, { partitions: 16 })).rejects.toMatchObject({
      code: 'PARTITIONS_CHANGED',
      message: expect.stringContaining('PARTITIONS=4'),
    })
    await place.remove()
  })
})
