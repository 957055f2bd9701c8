import { afterAll, beforeAll, describe } from 'vitest'
import { needs } from '../needs.ts'
import { type RedisCluster, startRedisCluster } from '../servers/redis.ts'
import { redisPlace } from './redis.place.ts'
import { describeStream } from './stream.contract.ts'
import { describeSharedStream } from './stream.shared.ts'

describe.runIf(needs('redis-server'))('a Redis Cluster of three masters', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster()
  })
  afterAll(() => cluster.remove())

  // One URL of one node: that it is a cluster is found out.
  describeStream('Redis Cluster', () => redisPlace(cluster.url))
  describeSharedStream('Redis Cluster', () => redisPlace(cluster.url))
})
