import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLog } from '../log.ts'
import { checkRedis, concernsAbout, type RedisSettings } from '../redis.check.ts'
import { connectRedis } from '../redis.ts'
import { needs } from './needs.ts'
import { type RedisServer, startRedisServer } from './servers/redis.ts'

const MIB = 2 ** 20
const right: RedisSettings = {
  address: 'redis:6379',
  version: '7.0.15',
  isReplica: false,
  replicas: 0,
  appendonly: true,
  appendfsync: 'always',
  noAppendfsyncOnRewrite: 'no',
  minReplicasToWrite: 0,
  maxmemoryPolicy: 'noeviction',
  maxmemoryBytes: 300 * MIB,
}

describe('what the hub says of a Redis', () => {
  it('is nothing when all is right', () => {
    expect(concernsAbout([right], 100 * MIB)).toEqual([])
  })

  it.each<[wrong: Partial<RedisSettings>, gravity: 'refuse' | 'warn', reason: string, says: string]>([
    [{ version: '6.2.1' }, 'refuse', 'version', 'the hub needs 7'],
    [{ isReplica: true }, 'refuse', 'replica', 'let REDIS_URL name its master'],
    [{ appendonly: false }, 'refuse', 'appendonly', 'set appendonly yes'],
    [{ appendfsync: 'everysec' }, 'refuse', 'appendfsync', 'set appendfsync always'],
    [{ appendfsync: 'no' }, 'refuse', 'appendfsync', 'a power cut loses acknowledged alarms'],
    [{ appendfsync: undefined }, 'warn', 'appendfsync_unknown', 'does not tell'],
    [{ noAppendfsyncOnRewrite: 'yes' }, 'refuse', 'no_appendfsync_on_rewrite', 'set it to no'],
    [{ maxmemoryPolicy: 'allkeys-lru' }, 'refuse', 'maxmemory_policy', 'may delete alarms'],
    [{ maxmemoryBytes: 0 }, 'warn', 'maxmemory_unset', 'set one above ROUTINE_BYTES_MAX'],
    [
      { maxmemoryBytes: 100 * MIB },
      'refuse',
      'maxmemory_below_bound',
      'raise maxmemory or lower ROUTINE_BYTES_MAX',
    ],
    [{ maxmemoryBytes: 150 * MIB }, 'warn', 'maxmemory_below_both', 'together may fill it'],
    [{ replicas: 1 }, 'warn', 'min_replicas', 'a failover loses'],
  ])('%j: %s, %s', (wrong, gravity, reason, says) => {
    const concerns = concernsAbout([{ ...right, ...wrong }], 100 * MIB)
    expect(concerns).toEqual([{ gravity, reason, says: expect.stringContaining(says) }])
    expect(concerns[0]?.says).toMatch(/^Redis at redis:6379 [^\n]+$/)
  })

  it('is one line: without persistence nothing is said of its fsync', () => {
    const concerns = concernsAbout([{ ...right, appendonly: false, appendfsync: 'everysec' }], 100 * MIB)
    expect(concerns.map(({ reason }) => reason)).toEqual(['appendonly'])
  })

  it('counts the room of all masters of a cluster, and names the one that is wrong', () => {
    const masters = [right, { ...right, address: 'other:6379', appendfsync: 'no' }]
    expect(concernsAbout(masters, 200 * MIB).map(({ says }) => says.split(' ')[2])).toEqual(['other:6379'])
  })
})

describe.runIf(needs('redis-server'))('a real Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer({ args: ['--maxmemory', '300mb'] })
  })
  afterAll(() => server.remove())

  /** Checks it after a CONFIG SET, and returns the lines that were logged. */
  async function checked(...settings: [name: string, value: string][]): Promise<string[]> {
    const lines: string[] = []
    const log = startLog({ level: 'info', destination: { write: line => void lines.push(line) } })
    const { client, close } = await connectRedis({ url: server.url, log })
    try {
      for (const [name, value] of settings) await client.call('CONFIG', ['SET', name, value])
      await checkRedis({ client, boundBytes: 100 * MIB, log })
    } finally {
      await client.call('CONFIG', ['SET', 'appendfsync', 'always', 'maxmemory', '300mb'])
      await close()
    }
    return lines
  }

  it('passes with the settings that the hub asks for', async () => {
    expect(await checked()).toEqual([])
  })

  it('is refused when it may lose what was acknowledged', async () => {
    await expect(checked(['appendfsync', 'everysec'])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('set appendfsync always'),
    })
  })

  it('is taken with a warning when only room is at stake', async () => {
    expect(await checked(['maxmemory', '0'])).toEqual([expect.stringContaining('maxmemory_unset')])
  })

  it('is taken with a warning when it forbids CONFIG', async () => {
    const managed = await startRedisServer({
      args: ['--rename-command', 'CONFIG', '', '--maxmemory', '300mb'],
    })
    const lines: string[] = []
    const log = startLog({ level: 'info', destination: { write: line => void lines.push(line) } })
    const { client, close } = await connectRedis({ url: managed.url, log })
    await checkRedis({ client, boundBytes: 100 * MIB, log })
    await close()
    await managed.remove()
    expect(lines).toEqual([expect.stringContaining('appendfsync_unknown')])
  })
})
