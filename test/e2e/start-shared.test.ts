// What goes wrong before a hub runs on Redis and PostgreSQL: one line that says what to do, exit code 1.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { needs } from '../needs.ts'
import { type PostgresServer, startPostgresServer } from '../servers/postgres.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))

type Ended = { code: number | null; lines: string[] }

/** Starts a hub that is expected to end by itself; `lines` is what it says on stderr. */
async function start(env: Record<string, string>): Promise<Ended> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-start-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      BIND: '127.0.0.1',
      HTTP_PORT: '0',
      MQTT_PORT: '0',
      LOG_LEVEL: 'silent',
      DATA_DIR: dataDir,
      ...env,
    },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stderr.on('data', chunk => {
    output += chunk
  })
  const [code] = await once(child, 'exit')
  return { code, lines: output.split('\n').filter(line => line !== '') }
}

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** On a busy machine a process takes half a minute to start. */
const STARTS_TWO = { timeout: 120_000 }

describe.runIf(needs('redis-server', 'postgres'))('a hub on shared engines that cannot start', () => {
  let redis: RedisServer
  let postgres: PostgresServer
  beforeAll(async () => {
    const servers = [startRedisServer({ args: ['--maxmemory', '3gb'] }), startPostgresServer()] as const
    ;[redis, postgres] = await Promise.all(servers)
  })
  afterAll(async () => {
    await Promise.all([redis.remove(), postgres.remove()])
  })

  async function refused(env: Record<string, string>): Promise<string> {
    const { code, lines } = await start(env)
    expect(lines).toHaveLength(1)
    expect(code).toBe(1)
    return lines[0] ?? ''
  }

  it('names Redis and where it was looked for when nothing answers there', async () => {
    const port = await closedPort()
    const line = await refused({ REDIS_URL: `redis://:secret@127.0.0.1:${port}` })
    expect(line).toContain(`127.0.0.1:${port}`)
    expect(line).toContain('REDIS_URL')
    expect(line).not.toContain('secret')
  })

  it('names PostgreSQL and where it was looked for when nothing answers there', async () => {
    const port = await closedPort()
    const line = await refused({ DATABASE_URL: `postgres://hub:secret@127.0.0.1:${port}/anxin` })
    expect(line).toContain(`127.0.0.1:${port}`)
    expect(line).toContain('DATABASE_URL')
    expect(line).not.toContain('secret')
  })

  it('names the database that is not there', async () => {
    const line = await refused({ DATABASE_URL: postgres.url.replace(/postgres$/, 'elsewhere') })
    expect(line).toContain('elsewhere')
  })

  it.each([
    ['without an append-only file', ['--appendonly', 'no'], 'appendonly'],
    ['that syncs once a second', ['--appendfsync', 'everysec'], 'appendfsync'],
    ['that evicts what was stored', ['--maxmemory-policy', 'allkeys-lru'], 'noeviction'],
  ])('does not trust a Redis %s', async (_what, args, setting) => {
    const careless = await startRedisServer({ args: ['--maxmemory', '3gb', ...args] })
    onTestFinished(() => careless.remove())
    expect(await refused({ REDIS_URL: careless.url })).toContain(setting)
  })

  it('keeps the number of partitions that the stream was made with', STARTS_TWO, async () => {
    const env = { REDIS_URL: redis.url, DATABASE_URL: await postgres.createDatabase('partitions') }
    const first = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...env, ROLES: 'workers', PARTITIONS: '4', HTTP_PORT: '0', BIND: '127.0.0.1' },
    })
    onTestFinished(() => void first.kill('SIGKILL'))
    const ended = once(first, 'exit').then(([code]) => {
      throw new Error(`the first ended with ${code}`)
    })
    ended.catch(() => undefined) // it is ended with the test, too
    await Promise.race([once(first.stdout, 'data'), ended])
    expect(await refused({ ...env, PARTITIONS: '8' })).toContain('PARTITIONS=4')
  })

  it('takes part of the roles only with engines that others reach', async () => {
    const line = await refused({ ROLES: 'workers', DATABASE_URL: postgres.url })
    expect(line).toContain('set REDIS_URL')
  })

  it('does not touch the records of a newer hub', async () => {
    const url = await postgres.createDatabase('newer')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(
      'CREATE TABLE kysely_migration (name varchar(255) PRIMARY KEY, timestamp varchar(255) NOT NULL)',
    )
    await client.query(
      "INSERT INTO kysely_migration VALUES ('9999-from-tomorrow', '2099-01-01T00:00:00.000Z')",
    )
    await client.end()
    expect(await refused({ DATABASE_URL: url })).toContain('newer')
  })
})
