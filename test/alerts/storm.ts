// A storm of messages against a receiver that fails and hangs, with an SOS in the middle of it: real records, a real
// queue, real sockets. As many as are asked for; the figures come back.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { applyFindings } from '../../alerts/apply.ts'
import { NOTHING_ALLOWED, parseAllowed } from '../../alerts/channels/addresses.ts'
import { createGuard } from '../../alerts/channels/guard.ts'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import { startNotify } from '../../alerts/notify.ts'
import { startMetrics } from '../../metrics.ts'
import type { Finding } from '../../model/finding.ts'
import { epochMs } from '../../model/units.ts'
import { type Records, writeDesk } from '../../records/db.ts'
import { testLog } from '../gateway/desk.ts'
import { newRecords } from '../records/started.ts'
import { finding, settle } from './desk.ts'

const CHANNELS = 10
const SHARE = { fails: 0.3, hangs: 0.05 }
const TRY_WITHIN_MS = 400
const LANE = { concurrency: 32, attempts: 25, backoff: { firstMs: 50, mostMs: 1_000 } }
const LANES = { urgent: LANE, routine: LANE }
const PER_BATCH = 100

export type StormFigures = {
  deliveries: number
  /** Keys that the receiver has taken, and how often it was called. */
  taken: number
  takenTwice: number
  calls: number
  failed: number
  seconds: number
  /** From the SOS at the desk to its first request at the receiver. */
  sosMs: number
  /** How many were taken before it: that it was in the middle. */
  takenBeforeSos: number
}

export async function storm({ deliveries }: { deliveries: number }): Promise<StormFigures> {
  const receiver = await startReceiver()
  const clock = { now: () => epochMs(Date.now()) } // sockets and queues know the real time only
  const records = await newRecords(clock)
  const log = testLog([])
  await settle(records.db)
  await addChannels(records, receiver.url)
  const jobs = openSqliteJobs({ records, clock, log })
  const guard = createGuard({ allowed: parseAllowed(['127.0.0.0/8']) ?? NOTHING_ALLOWED })
  const deps = {
    records,
    jobs,
    clock,
    log,
    metrics: startMetrics().metrics,
    guard,
    lanes: LANES,
    timeoutMs: TRY_WITHIN_MS,
  }
  const notify = await startNotify(deps)
  try {
    const startedAt = performance.now()
    const alarms = Math.ceil(deliveries / CHANNELS)
    await raise(records, alarms)
    await until(() => receiver.taken.size >= deliveries / 2)
    const takenBeforeSos = receiver.taken.size
    const pressedAt = performance.now()
    await take(records, [finding({ receivedAt: Date.now() })])
    await until(() => receiver.urgentAt !== undefined)
    const sosMs = (receiver.urgentAt ?? 0) - pressedAt
    const all = (alarms + 1) * CHANNELS
    await until(async () => (await countOf(records, 'queued')) === 0)
    return {
      deliveries: all,
      taken: receiver.taken.size,
      takenTwice: [...receiver.taken.values()].filter(times => times > 1).length,
      calls: receiver.calls(),
      failed: await countOf(records, 'failed'),
      seconds: (performance.now() - startedAt) / 1_000,
      sosMs,
      takenBeforeSos,
    }
  } finally {
    await notify.stop()
    await jobs.close()
    await records.close()
    receiver.close()
  }
}

/** Alarms that are serious, and not critical: what can wait a little. */
async function raise(records: Records, alarms: number): Promise<void> {
  for (let from = 0; from < alarms; from += PER_BATCH) {
    const some = Array.from({ length: Math.min(PER_BATCH, alarms - from) }, (_, i) =>
      finding({
        deviceId: `storm-${from + i}`,
        kind: 'no_movement',
        severity: 'high',
        receivedAt: Date.now(),
      }),
    )
    await records.db
      .insertInto('devices')
      .values(
        some.map(({ deviceId: id }) => ({
          id,
          kind: 'bracelet' as const,
          protocol: 'mqtt' as const,
          areaId: 'root',
          secretHash: '',
          createdAt: 0,
          archivedAt: null,
        })),
      )
      .execute()
    await take(records, some)
  }
}

async function take(records: Records, findings: readonly Finding[]): Promise<void> {
  await writeDesk(records, tx => applyFindings(tx, findings, Date.now()))
  records.nudge.publish('feed')
}

async function addChannels(records: Records, url: string): Promise<void> {
  const config = JSON.stringify({ url, secret: 'sixteen characters' })
  await records.db
    .insertInto('channels')
    .values(
      Array.from({ length: CHANNELS }, (_, i) => ({
        id: `hook-${i}`,
        kind: 'webhook' as const,
        name: `hook-${i}`,
        areaId: 'root',
        configJson: config,
        enabled: 1,
        changedAt: 0,
        archivedAt: null,
      })),
    )
    .execute()
}

async function countOf(records: Records, state: 'queued' | 'failed'): Promise<number> {
  const { count } = await records.feed
    .selectFrom('deliveries')
    .select(e => e.fn.countAll().as('count'))
    .where('state', '=', state)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Fails and hangs by chance; whatever it has answered with 200 it has taken. */
async function startReceiver() {
  const taken = new Map<string, number>()
  let calls = 0
  const receiver = {
    taken,
    calls: () => calls,
    urgentAt: undefined as number | undefined,
    url: '',
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key'])
    let body = ''
    request.setEncoding('utf8')
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      calls++
      if (receiver.urgentAt === undefined && (JSON.parse(body) as { urgent: boolean }).urgent)
        receiver.urgentAt = performance.now()
      const chance = Math.random()
      if (chance < SHARE.hangs) return // until its caller gives up
      response.statusCode = chance < SHARE.hangs + SHARE.fails ? 503 : 200
      if (response.statusCode === 200) taken.set(key, (taken.get(key) ?? 0) + 1)
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return receiver
}

async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fits())) await new Promise(resolve => setTimeout(resolve, 10))
}
