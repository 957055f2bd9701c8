import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { START } from '../../broker/stream.ts'
import type { HubError } from '../../model/error.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { type RedisCluster, startRedisCluster } from '../servers/redis.ts'
import { redisPlace } from './redis.place.ts'
import { describeStream } from './stream.contract.ts'
import { bytes } from './stream.place.ts'
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

  it('goes on by itself when a node is killed and comes back, and loses nothing of it', async () => {
    const place = await redisPlace(cluster.url)
    const open = await place.open()
    onTestFinished(async () => {
      await open.close()
      await place.remove()
    })
    const everywhere = [0, 1, 2, 3].map(
      partition => ({ partition, lane: 'urgent', data: bytes('sos') }) as const,
    )
    const read = (partition: number) =>
      open.stream.read({ partition, side: 'in', after: { urgent: START }, maxBytes: 1_000, waitMs: 0 })
    await open.stream.append(everywhere)
    const waiting = [0, 1, 2, 3].map(partition =>
      open.stream
        .read({ partition, side: 'out', after: { urgent: START }, maxBytes: 1_000, waitMs: 1_000 })
        .catch((error: unknown) => error),
    )
    for (const node of cluster.nodes.slice(0, 2)) await node.kill()
    await expect(open.stream.append(everywhere)).rejects.toMatchObject({ code: 'STREAM_FAILED' })
    for (const node of cluster.nodes.slice(0, 2)) await node.start()
    for (const wait of waiting) expect([[], { code: 'STREAM_FAILED' }]).toContainEqual(outcome(await wait))
    await eventually(() => open.stream.append(everywhere), { interval: 50 })
    for (let partition = 0; partition < 4; partition++) {
      expect((await read(partition)).length).toBeGreaterThanOrEqual(2)
    }
    await expect(Promise.race([open.failed, 'the same data'])).resolves.toBe('the same data')
  })
})

const outcome = (answer: unknown): unknown =>
  Array.isArray(answer) ? answer : { code: (answer as HubError).code }
