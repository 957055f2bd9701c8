import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startLog } from '../../log.ts'
import { startRedisNudge } from '../../records/nudge.redis.ts'
import { connectRedis } from '../../redis.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { type RedisServer, startRedisCluster, startRedisServer } from '../servers/redis.ts'

const silent = startLog({ level: 'silent' })

/** A process that nudges, and how often it was nudged about the feed. */
async function listening(url: string) {
  const lines: string[] = []
  const log = startLog({ level: 'warn', destination: { write: line => void lines.push(line) } })
  const connection = await connectRedis({ url, log: silent })
  const nudge = await startRedisNudge({ redis: connection.client, log })
  const heard = { feed: 0, registry: 0 }
  nudge.subscribe('feed', () => heard.feed++)
  nudge.subscribe('registry', () => heard.registry++)
  onTestFinished(async () => {
    await nudge.close()
    await connection.close()
  })
  return { nudge, heard, lines }
}

describe.runIf(needs('redis-server'))('nudges through Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server.remove())

  it('reach every process once, the own one too', async () => {
    const one = await listening(server.url)
    const other = await listening(server.url)
    one.nudge.publish('feed')
    await eventually(() => expect(other.heard).toEqual({ feed: 1, registry: 0 }))
    other.nudge.publish('registry') // what came before it has come
    await eventually(() => expect(one.heard).toEqual({ feed: 1, registry: 1 }))
    expect(other.heard).toEqual({ feed: 1, registry: 1 })
  })

  it('reach nobody who has stopped to listen', async () => {
    const one = await listening(server.url)
    const other = await listening(server.url)
    const stop = other.nudge.subscribe('feed', () => expect.unreachable())
    stop()
    one.nudge.publish('feed')
    await eventually(() => expect(other.heard.feed).toBe(1))
  })

  it('reach their own process while Redis is away, which is said once each; afterwards everybody looks', async () => {
    const one = await listening(server.url)
    const other = await listening(server.url)
    await server.kill()
    for (let i = 0; i < 3; i++) one.nudge.publish('feed')
    await eventually(() => expect(one.heard.feed).toBe(3))
    await eventually(() => expect(one.lines).toHaveLength(2)) // neither heard nor hearing
    await server.start()
    await eventually(() => expect(other.heard.feed).toBe(1))
    await eventually(() => expect(one.heard.feed).toBe(4))
    one.nudge.publish('feed')
    await eventually(() => expect(other.heard.feed).toBeGreaterThan(1))
    expect(one.lines).toHaveLength(2)
  })
})

describe.runIf(needs('redis-server'))('nudges through a Redis Cluster', () => {
  it('reach every process, whatever node each has its connection to', async () => {
    const cluster = await startRedisCluster()
    onTestFinished(cluster.remove)
    const all = [await listening(cluster.url), await listening(cluster.url), await listening(cluster.url)]
    all[0]?.nudge.publish('feed')
    await eventually(() => expect(all.map(({ heard }) => heard.feed)).toEqual([1, 1, 1]))
  })
})
