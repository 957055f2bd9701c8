// The two kinds of engines that a whole hub runs on, for stories that have to hold on both.

import { Redis } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { needs } from '../needs.ts'
import { type PostgresServer, startPostgresServer } from '../servers/postgres.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'

export type EngineKind = 'embedded' | 'shared'

/** Shared engines only where their servers are installed. */
export const ENGINE_KINDS: readonly EngineKind[] = needs('redis-server', 'postgres')
  ? ['embedded', 'shared']
  : ['embedded']

/** Far above what a story stores, and still a limit, as the hub wants one. */
const MAXMEMORY = '3gb'

/**
 * Call it in a `describe`. Returns what gives the environment of a hub on engines in which nothing is yet; the
 * servers of the shared kind live as long as the suite.
 */
export function useEngines(kind: EngineKind): () => Promise<Record<string, string>> {
  if (kind === 'embedded') return async () => ({})
  let redis: RedisServer
  let postgres: PostgresServer
  let databases = 0
  beforeAll(async () => {
    const started = [startRedisServer({ args: ['--maxmemory', MAXMEMORY] }), startPostgresServer()] as const
    ;[redis, postgres] = await Promise.all(started)
  })
  afterAll(async () => {
    await Promise.all([redis.remove(), postgres.remove()])
  })
  return async () => {
    const client = new Redis(redis.url)
    await client.flushall()
    client.disconnect()
    const databaseUrl = await postgres.createDatabase(`hub_${++databases}`)
    return { REDIS_URL: redis.url, DATABASE_URL: databaseUrl }
  }
}
