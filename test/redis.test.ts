import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLog } from '../log.ts'
import { connectRedis } from '../redis.ts'
import { eventually } from './eventually.ts'
import { needs } from './needs.ts'
import { type RedisServer, startRedisCluster, startRedisServer } from './servers/redis.ts'

const silent = startLog({ level: 'silent' })
const connect = (url: string) => connectRedis({ url, log: silent })

describe('REDIS_URL that is wrong', () => {
  it.each([
    ['', 'empty'],
    ['127.0.0.1:6379', 'no scheme'],
    ['http://127.0.0.1:6379', 'another scheme'],
    ['redis://', 'no host'],
    ['redis://host/cache', 'a database that is no number'],
    ['redis://a:6379,http://b:6379', 'one of several'],
    ['redis://:100%@a:6379', 'a sign of its own in the password'],
  ])('%s is refused with one line: %s', async url => {
    await expect(connect(url)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^REDIS_URL is .*; allowed: redis:.*$/),
    })
  })

  it.each([
    ['http://me:s3cret@host:1', 'with a host'],
    ['redis://me:s3cret@ho st', 'no URL at all'],
    ['redis://me:s3cret%@host:1', 'with a stray sign'],
    ['redis://me:s3cret@host/db/s3cret', 'in a path'],
    ['redis://me/s3cret@host:1', 'with a slash of its own'],
    ['redis://me:4711/s3cret@host:1', 'with a slash behind what could be a port'],
  ])('%s never comes back with its password: %s', async url => {
    const error = await connect(url).catch((error: Error) => error)
    expect(
      JSON.stringify({ ...error, message: (error as Error).message }).replace('/db/s3cret', ''),
    ).not.toContain('s3cret')
  })

  it('names the host where nothing answers', async () => {
    await expect(connect('redis://127.0.0.1:1')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /^Redis at 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED.*\): .*REDIS_URL$/,
      ),
    })
  })
})

describe.runIf(needs('redis-server'))('a connection', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer({ password: 'p@ss/w:rd' })
  })
  afterAll(() => server.remove())
  const urlWith = (password: string) => `redis://:${encodeURIComponent(password)}@127.0.0.1:${server.port}`

  it.each([
    ['a wrong password', () => urlWith('wr0ng')],
    ['none', () => `redis://127.0.0.1:${server.port}`],
  ])('with %s is refused with one line that does not hold it', async (_, url) => {
    const error = await connect(url()).catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `Redis at 127.0.0.1:${server.port} refuses the login: correct user and password in REDIS_URL`,
    })
    expect((error as Error).cause).toBeUndefined()
  })

  it('to a database that this Redis does not have is refused: it would be in another one', async () => {
    await expect(connect(`${server.url}/99`)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `Redis at 127.0.0.1:${server.port} has no database 99 (ERR DB index is out of range): name another one in REDIS_URL`,
    })
  })

  it('of a user who may not ask what Redis is', async () => {
    const admin = await connect(server.url)
    await admin.client.call('ACL', ['SETUSER', 'some', 'on', '>x', '~*', '&*', '+@all', '-info'])
    await admin.close()
    await expect(connect(`redis://some:x@127.0.0.1:${server.port}`)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/ does not let its user do what the hub must \(NOPERM .*\): allow it, /),
    })
  })

  it('of a user who may choose no database is let in where none is named', async () => {
    const admin = await connect(server.url)
    await admin.client.call('ACL', ['SETUSER', 'one', 'on', '>x', '~*', '&*', '+@all', '-select'])
    await admin.close()
    const { close } = await connect(`redis://one:x@127.0.0.1:${server.port}`)
    await close()
  })

  it('takes a password of any signs', async () => {
    const { client, close } = await connect(server.url)
    expect(client).toBeInstanceOf(Redis)
    expect(await client.call('PING')).toBe('PONG')
    await close()
  })

  it('is refused when several are named that are no cluster: processes could take different ones', async () => {
    await expect(connect(`redis://127.0.0.1:1,${server.url}`)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'REDIS_URL names several, but they are no Redis Cluster: name one',
    })
  })

  it('fails what it is asked while Redis is away, says so once, and goes on when it is back', async () => {
    const lines: string[] = []
    const log = startLog({ level: 'info', destination: { write: line => void lines.push(line) } })
    const { client, close } = await connectRedis({ url: server.url, log })
    await server.kill()
    await eventually(() => expect(client.status).not.toBe('ready'))
    await expect(client.call('PING')).rejects.toThrow()
    await eventually(() => expect(lines).toHaveLength(1))
    await server.start()
    await eventually(async () => expect(await client.call('PING')).toBe('PONG'))
    expect(lines.map(line => JSON.parse(line).msg)).toEqual([
      'Redis is away; trying until it is back',
      'Redis is back',
    ])
    await close()
  })

  it('finds out that it speaks to a cluster, which has no databases', async () => {
    const cluster = await startRedisCluster()
    const one = await connect(cluster.url)
    const all = await connect(`redis://127.0.0.1:1,${cluster.seedsUrl}`)
    expect([one.client, all.client]).toEqual([expect.any(Cluster), expect.any(Cluster)])
    await one.close()
    await all.close()
    await expect(connect(`${cluster.url}/3`)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await cluster.remove()
  })
})
