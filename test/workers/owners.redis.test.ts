// Two processes of workers on a real Redis, each with connections of its own: the roll, the leases and the fence are
// those of the engine here.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OpenStream } from '../../broker/stream.ts'
import { workersCheck } from '../../gateway/checks.ts'
import { startMetrics } from '../../metrics.ts'
import { epochMs } from '../../model/units.ts'
import { openRecords, type Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { startWorkers } from '../../workers/consume.ts'
import { RULES } from '../../workers/rules/index.ts'
import { openOn, redisPlace } from '../contract/redis.place.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { type RedisServer, startRedisServer } from '../servers/redis.ts'
import { pressesOn, SOON } from './presses.ts'
import { silentLog } from './silent.ts'

const clock = { now: () => epochMs(Date.now()) }

describe.runIf(needs('redis-server'))('workers on Redis', () => {
  let server: RedisServer
  let folder: string
  let records: Records
  const opened: { stop(): Promise<void> }[] = []

  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server.remove())
  beforeEach(async () => {
    await (await redisPlace(server.url)).remove()
    folder = await mkdtemp(join(tmpdir(), 'anxin-owners-'))
    records = await openRecords({ dataDir: folder, clock, nudge: startNudge() })
  })
  afterEach(async () => {
    for (const { stop } of opened.splice(0).reverse()) await stop()
    await records.close()
    await rm(folder, { recursive: true })
  })

  async function open(): Promise<OpenStream> {
    const engine = await openOn(server.url)
    opened.push({ stop: engine.close })
    return engine
  }

  async function start(owner: string) {
    const engine = await open()
    const { stream, partitions } = engine
    const { metrics } = startMetrics()
    const rest = { rules: RULES, records, clock, log: silentLog, metrics, owner }
    const workers = startWorkers({ stream, roll: engine, partitions, ...rest })
    opened.push(workers)
    return workers
  }

  test('share it, hand it over, and find every press once', { timeout: 60_000 }, async () => {
    const { pressing, ownersAre, foundAll } = pressesOn(await open())
    await start('a')
    const presses = pressing()
    await ownersAre({ a: 4 })
    const b = await start('b')
    await ownersAre({ a: 2, b: 2 })
    await b.stop()
    await ownersAre({ a: 4 })
    await foundAll(await presses.stop())
  })

  test('go on after Redis was killed, each with their own', { timeout: 60_000 }, async () => {
    const engine = await open()
    const { pressing, ownersAre, foundAll } = pressesOn(engine)
    await start('a')
    await start('b')
    await ownersAre({ a: 2, b: 2 })
    const presses = pressing()
    await server.kill()
    await server.start()
    await ownersAre({ a: 2, b: 2 })
    await foundAll(await presses.stop())
    const { check } = workersCheck({ engine })
    await eventually(async () => expect(await check()).toMatchObject({ ok: true }), SOON)
  })
})
