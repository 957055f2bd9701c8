// A storm of messages against a receiver that fails and hangs, with an SOS now and then in the middle of it: real records,
// a real queue, real sockets. As many as are asked for; the figures come back.

import { performance } from 'node:perf_hooks'
import { applyFindings } from '../../alerts/apply.ts'
import { NOTHING_ALLOWED, parseAllowed } from '../../alerts/channels/addresses.ts'
import { createGuard } from '../../alerts/channels/guard.ts'
import type { Jobs } from '../../alerts/jobs.ts'
import { LANES, startNotify } from '../../alerts/notify.ts'
import { keyOf } from '../../alerts/notify-message.ts'
import { startMetrics } from '../../metrics.ts'
import type { Finding } from '../../model/finding.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import { epochMs } from '../../model/units.ts'
import { type Records, writeDesk } from '../../records/db.ts'
import { testLog } from '../gateway/desk.ts'
import { newRecords } from '../records/started.ts'
import { finding, settle } from './desk.ts'
import { startReceiver } from './storm.receiver.ts'

const CHANNELS = 10
/** Far from what a busy machine needs for an answer, so that only what hangs runs into it. */
const TRY_WITHIN_MS = 2_000
/** The hub's own number of workers and of tries; its pauses are shorter. */
const quick = ({ concurrency, attempts }: (typeof LANES)['urgent']) => ({
  concurrency,
  attempts,
  backoff: { firstMs: 50, mostMs: 1_000 },
})
const QUICK_LANES = { urgent: quick(LANES.urgent), routine: quick(LANES.routine) }
const PER_BATCH = 100
/** When so much of the storm has got through, somebody presses the red key. */
const PRESSED_AT = [0.25, 0.5, 0.75]

export type OpenJobs = (deps: { records: Records; clock: Clock; log: Log }) => Promise<Jobs>

export type StormFigures = {
  deliveries: number
  /** Keys that the receiver has taken, and how many of them it was sent again after that. */
  taken: number
  takenTwice: number
  calls: number
  /** Messages whose own key was not taken, and keys that are of none: both have to be 0. */
  missing: number
  strange: number
  /** As the timelines say. */
  told: number
  untold: number
  /** Tries of the message that needed most, and how many the lane has for each. */
  mostTries: number
  triesAllowed: number
  seconds: number
  /** From each SOS at the desk to its first request at the receiver, and how many were taken before it. */
  sosMs: number[]
  takenBeforeSos: number[]
}

export async function storm({
  deliveries,
  openJobs,
}: {
  deliveries: number
  openJobs: OpenJobs
}): Promise<StormFigures> {
  const receiver = await startReceiver()
  const clock = { now: () => epochMs(Date.now()) } // sockets and queues know the real time only
  const records = await newRecords(clock)
  const log = testLog([])
  await settle(records.db)
  await addChannels(records, receiver.url)
  const alarms = Math.ceil(deliveries / CHANNELS)
  await addDevices(records, [...devicesOf('storm', alarms), ...devicesOf('sos', PRESSED_AT.length)])
  const jobs = await openJobs({ records, clock, log })
  const guard = createGuard({ allowed: parseAllowed(['127.0.0.0/8']) ?? NOTHING_ALLOWED })
  const { metrics } = startMetrics()
  const lanes = { lanes: QUICK_LANES, timeoutMs: TRY_WITHIN_MS }
  const notify = await startNotify({ records, jobs, clock, log, metrics, guard, ...lanes })
  try {
    const startedAt = performance.now()
    await raise(records, devicesOf('storm', alarms))
    const presses: { pressedAt: number; takenBefore: number }[] = []
    for (const [n, part] of PRESSED_AT.entries()) {
      await until(() => receiver.taken.size >= alarms * CHANNELS * part)
      presses.push({ pressedAt: performance.now(), takenBefore: receiver.taken.size })
      await take(records, [finding({ deviceId: `sos-${n}`, receivedAt: clock.now() })])
    }
    await until(async () => (await queued(records)) === 0)
    const seconds = (performance.now() - startedAt) / 1_000
    const rows = await sentRows(records)
    const keys = new Set(rows.map(keyOf))
    const count = await countEntries(records)
    return {
      deliveries: (alarms + PRESSED_AT.length) * CHANNELS,
      taken: receiver.taken.size,
      takenTwice: [...receiver.taken.values()].filter(times => times > 1).length,
      calls: receiver.calls(),
      missing: [...keys].filter(key => !receiver.taken.has(key)).length,
      strange: [...receiver.taken.keys()].filter(key => !keys.has(key)).length,
      told: count.told ?? 0,
      untold: count.untold ?? 0,
      mostTries: Math.max(...rows.map(({ attempts }) => attempts)),
      triesAllowed: QUICK_LANES.routine.attempts,
      seconds,
      sosMs: presses.map(({ pressedAt }, n) => {
        const own = rows.filter(({ deviceId }) => deviceId === `sos-${n}`)
        return Math.min(...own.map(row => receiver.calledAt(keyOf(row)))) - pressedAt
      }),
      takenBeforeSos: presses.map(({ takenBefore }) => takenBefore),
    }
  } finally {
    await notify.stop()
    await jobs.close()
    await records.close()
    receiver.close()
  }
}

const devicesOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${name}-${n}`)

/** Alarms that are serious, and not critical: what can wait a little. */
async function raise(records: Records, devices: readonly string[]): Promise<void> {
  const high = { kind: 'no_movement', severity: 'high' } as const
  for (let from = 0; from < devices.length; from += PER_BATCH) {
    const some = devices.slice(from, from + PER_BATCH)
    await take(
      records,
      some.map(deviceId => finding({ deviceId, ...high, receivedAt: Date.now() })),
    )
  }
}

async function take(records: Records, findings: readonly Finding[]): Promise<void> {
  await writeDesk(records, tx => applyFindings(tx, findings, Date.now()))
  records.nudge.publish('feed')
}

async function addDevices({ db }: Records, ids: readonly string[]): Promise<void> {
  const device = { kind: 'bracelet', protocol: 'mqtt', areaId: 'root', secretHash: '' } as const
  for (let from = 0; from < ids.length; from += PER_BATCH) {
    const some = ids.slice(from, from + PER_BATCH)
    await db
      .insertInto('devices')
      .values(some.map(id => ({ id, ...device, createdAt: 0, archivedAt: null })))
      .execute()
  }
}

async function addChannels({ db }: Records, url: string): Promise<void> {
  const configJson = JSON.stringify({ url, secret: 'sixteen characters' })
  const row = {
    kind: 'webhook',
    areaId: 'root',
    configJson,
    enabled: 1,
    changedAt: 0,
    archivedAt: null,
  } as const
  await db
    .insertInto('channels')
    .values(devicesOf('hook', CHANNELS).map(id => ({ id, name: id, ...row })))
    .execute()
}

async function queued({ feed }: Records): Promise<number> {
  const { count } = await feed
    .selectFrom('deliveries')
    .select(e => e.fn.countAll().as('count'))
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  return Number(count)
}

const sentRows = ({ feed }: Records) =>
  feed
    .selectFrom('deliveries')
    .innerJoin('incidents', 'incidents.id', 'deliveries.incidentId')
    .select(['deliveries.id', 'sending', 'attempts', 'incidents.deviceId'])
    .execute()

async function countEntries({ feed }: Records): Promise<Partial<Record<string, number>>> {
  const rows = await feed
    .selectFrom('timeline')
    .select(['kind', e => e.fn.countAll().as('count')])
    .groupBy('kind')
    .execute()
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, Number(count)]))
}

const LOOK_EVERY_MS = 20

async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fits())) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
}
