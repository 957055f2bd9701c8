// `node bench/jobs.ts`: what the queues of jobs carry, on each of their engines in turn, with disks that sync every
// write, and how long a single job takes from being added to being handed out.

import { openBullJobs } from '../alerts/jobs.bullmq.ts'
import { openSqliteJobs } from '../alerts/jobs.sqlite.ts'
import type { Jobs, NewJob } from '../alerts/jobs.ts'
import { systemClock as clock } from '../clock.ts'
import { startLog } from '../log.ts'
import { openRecords } from '../records/db.ts'
import { startNudge } from '../records/nudge.ts'
import { connectRedis } from '../redis.ts'
import { startRedisServer } from '../test/servers/redis.ts'
import { makeFolder } from './process/folder.ts'
import { short, spreadOf, waitsOf } from './report/figures.ts'
import { describeMachine } from './report/machine.ts'
import { programVersions } from './report/programs.ts'
import { table, withSpread } from './report/table.ts'

const JOBS = 10_000
const AT_ONCE = 32
const ONE_BY_ONE = 100
const ROUNDS = 3
const POLICY = { concurrency: AT_ONCE, attempts: 3, backoff: { firstMs: 10, mostMs: 100 } }

const log = startLog({ level: 'warn' })

type Opened = { jobs: Jobs; close(): Promise<void> }
type Round = { addedPerSecond: number; donePerSecond: number; microsAJob: number; waitsMs: number[] }

const ENGINES: Record<string, () => Promise<Opened>> = {
  async SQLite() {
    const folder = makeFolder()
    const records = await openRecords({ dataDir: folder.path, clock, nudge: startNudge() })
    const jobs = openSqliteJobs({ records, clock, log })
    const close = async (): Promise<void> => {
      await jobs.close()
      await records.close()
      await folder.remove()
    }
    return { jobs, close }
  },
  async BullMQ() {
    const server = await startRedisServer()
    const redis = await connectRedis({ url: server.url, log })
    const jobs = openBullJobs({ redis: redis.client, log })
    const close = async (): Promise<void> => {
      await jobs.close()
      await redis.close()
      await server.remove()
    }
    return { jobs, close }
  },
}

const { cpu, node, loadBefore, programs } = describeMachine(programVersions())
console.log(`${cpu}, Node ${node}, ${programs[0]}, load ${loadBefore.toFixed(1)}`)
console.log(`${JOBS} jobs, ${AT_ONCE} at once, ${ROUNDS} rounds; median (from–to)\n`)

const rows: string[][] = []
for (const [engine, open] of Object.entries(ENGINES)) {
  const { jobs, close } = await open()
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(jobs, round))
  await close()
  rows.push(rowOf(engine, rounds))
}
const columns = [
  'jobs on',
  'added a second',
  'done a second',
  'µs of processor a job',
  'one alone, p50 · p99 ms',
]
console.log(table(columns, rows))

async function measure(jobs: Jobs, round: number): Promise<Round> {
  const before = performance.now()
  await jobs.add('many', named(JOBS, round))
  const added = performance.now()
  const cpu = process.cpuUsage()
  const { promise, resolve } = Promise.withResolvers<void>()
  let done = 0
  const worker = jobs.work('many', {
    ...POLICY,
    handle: async () => (++done === JOBS ? resolve() : undefined),
  })
  await promise
  await worker.stop() // what has ended is written by then
  const seconds = (performance.now() - added) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return {
    addedPerSecond: (JOBS / (added - before)) * 1_000,
    donePerSecond: JOBS / seconds,
    microsAJob: (user + system) / JOBS,
    waitsMs: await waits(jobs),
  }
}

/** From adding one job, while nothing else is there, to its being handed out. */
async function waits(jobs: Jobs): Promise<number[]> {
  let handed = (): void => undefined
  const worker = jobs.work('single', { ...POLICY, handle: async () => handed() })
  const took: number[] = []
  for (const job of named(ONE_BY_ONE, 0)) {
    const { promise, resolve } = Promise.withResolvers<void>()
    handed = resolve
    const before = performance.now()
    await Promise.all([jobs.add('single', [job]), promise])
    took.push(performance.now() - before)
  }
  await worker.stop()
  return took
}

function named(count: number, round: number): NewJob[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `dlv_${round}_${n}`,
    data: { delivery: `dlv_${n}` },
  }))
}

function rowOf(engine: string, rounds: readonly Round[]): string[] {
  const { p50 = Number.NaN, p99 = Number.NaN } = waitsOf(rounds.flatMap(({ waitsMs }) => waitsMs)) ?? {}
  return [
    engine,
    withSpread(spreadOf(rounds.map(round => round.addedPerSecond))),
    withSpread(spreadOf(rounds.map(round => round.donePerSecond))),
    withSpread(spreadOf(rounds.map(round => round.microsAJob))),
    `${short(p50)} · ${short(p99)}`,
  ]
}
