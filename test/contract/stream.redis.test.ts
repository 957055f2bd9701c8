import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaseKey, META_KEY, rollKey } from '../../broker/stream.redis.keys.ts'
import { ownerLease } from '../../broker/stream.ts'
import { connectRedis } from '../../redis.ts'
import { needs } from '../needs.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'
import { openOn, redisPlace, silent } from './redis.place.ts'
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

  it('lets nobody be there by a clock that was ahead', async () => {
    const place = await redisPlace(server.url)
    const open = await place.open()
    const { client, close } = await connectRedis({ url: server.url, log: silent })
    const take = (owner: string) => open.stream.lease({ name: ownerLease(1), owner, ttlMs: 3_000 })
    const inAnHour = Date.now() + 3_600_000
    expect(await take('dead')).toEqual({ fence: 1 })
    await client.hset(leaseKey(ownerLease(1)), 'until', inAnHour)
    expect(await open.owners()).toEqual([null, null, null, null])
    expect(await take('b')).toEqual({ fence: 2 })
    expect(await open.owners()).toEqual([null, 'b', null, null])
    const answers = { group: 'workers', member: 'b', ttlMs: 3_000 }
    await client.zadd(rollKey('workers'), inAnHour, 'dead')
    expect(await open.rollCall(answers)).toEqual(['b'])
    await Promise.all([open.close(), close(), place.remove()])
  })

  it('refuses a number of partitions other than the one it was made with', async () => {
    const place = await redisPlace(server.url)
    await (await place.open()).close()
    await expect(openOn(server.url, { partitions: 16 })).rejects.toMatchObject({
      code: 'PARTITIONS_CHANGED',
      message: expect.stringContaining('PARTITIONS=4'),
    })
    await place.remove()
  })

  it('says in one line why Redis will not keep it', async () => {
    const { client, close } = await connectRedis({ url: server.url, log: silent })
    const refused = (url: string, message: RegExp) =>
      expect(openOn(url)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(message),
      })
    await client.call('ACL', ['SETUSER', 'some', 'on', '>x', '&*', '~other:*', '+@all'])
    await refused(server.url.replace('//', '//some:x@'), /allow it every command and key \(NOPERM .*\)$/)
    await client.set(META_KEY, 'of somebody else')
    await refused(server.url, /name another database in REDIS_URL \(WRONGTYPE .*\)$/)
    await client.del(META_KEY)
    await close()
  })
})
