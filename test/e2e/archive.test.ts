// The history goes away while devices speak, and comes back: alarms do not notice, and afterwards every sample is
// there, once. It is away for as long as that takes to be seen, or for longer:
//
//   HISTORY_OUTAGE_MS=60000 vitest run test/e2e/archive.test.ts        the figures are printed

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openInfluxHistory } from '../../workers/history.influx.ts'
import { openSqliteHistory } from '../../workers/history.sqlite.ts'
import type { OpenHistory } from '../../workers/history.ts'
import { eventually } from '../eventually.ts'
import { needs } from '../needs.ts'
import { startInflux } from '../servers/influx.ts'
import { startPostgresServer } from '../servers/postgres.ts'
import { startRedisServer } from '../servers/redis.ts'
import { startVictoria } from '../servers/victoria.ts'
import { startTestHub, type TestHub } from './hub.ts'

const DEVICES = 12
const BUCKET = 'anxin'
/** Between two presses of a longer outage. */
const PRESS_EVERY_MS = 250
/** For so long at least; what comes in meanwhile is written afterwards, at some thousands of samples a second. */
const OUTAGE_MS = Number(process.env.HISTORY_OUTAGE_MS ?? 0)
const STORY_WITHIN_MS = 180_000 + 4 * OUTAGE_MS

/** A sample as it was sent, and as it is stored: `device seq ts`. */
type Line = string

type Stage = {
  env: Record<string, string>
  /** Takes the history away, and gives it back. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  /** Every sample that is stored. */
  stored(span: { from: number; to: number }): Promise<Line[]>
}

async function embedded(): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-archive-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  let lock: DatabaseSync | undefined
  return {
    env: { DATA_DIR: dataDir },
    async goAway() {
      lock = new DatabaseSync(join(dataDir, 'history.db'), { timeout: 20_000 }) // somebody writes to it
      lock.exec('BEGIN IMMEDIATE')
    },
    async comeBack() {
      lock?.exec('ROLLBACK')
      lock?.close()
    },
    async stored(span) {
      const open = openSqliteHistory({ dataDir })
      const lines = await linesOf(open, span)
      await open.close()
      return lines
    },
  }
}

async function onInflux(): Promise<Stage> {
  const influx = await startInflux()
  onTestFinished(influx.remove)
  await influx.createDatabase(BUCKET)
  const place = { url: influx.url, token: undefined, org: 'anxin', bucket: BUCKET }
  return {
    env: { INFLUX_URL: influx.url, INFLUX_BUCKET: BUCKET },
    // Killed: what it was just told is on its disk or not, and the answer is lost.
    goAway: influx.kill,
    comeBack: influx.start,
    async stored(span) {
      const open = openInfluxHistory({ place })
      const lines = await linesOf(open, span)
      await open.close()
      return lines
    },
  }
}

/** The log in Redis and the records in PostgreSQL, as several processes have them. */
async function onSharedEngines(): Promise<Stage> {
  const started = [startRedisServer({ args: ['--maxmemory', '3gb'] }), startPostgresServer()] as const
  const [redis, postgres] = await Promise.all(started)
  onTestFinished(async () => {
    await Promise.all([redis.remove(), postgres.remove()])
  })
  const stage = await onInflux()
  const databaseUrl = await postgres.createDatabase('hub')
  return { ...stage, env: { ...stage.env, REDIS_URL: redis.url, DATABASE_URL: databaseUrl } }
}

async function onVictoria(): Promise<Stage> {
  const victoria = await startVictoria()
  onTestFinished(victoria.remove)
  return {
    env: { INFLUX_URL: victoria.url, INFLUX_BUCKET: BUCKET },
    // Frozen: it takes what it is sent and answers nothing, and does all of it when it goes on. Not killed: it answers
    // before what it was told is on its disk.
    goAway: async () => victoria.freeze(),
    comeBack: async () => victoria.thaw(),
    async stored() {
      const series = await victoria.exported('sample_seq')
      return series.flatMap(({ labels, times, values }) =>
        times.map((time, index) => `${labels.device} ${values[index]} ${time}`),
      )
    },
  }
}

async function linesOf(open: OpenHistory, span: { from: number; to: number }): Promise<Line[]> {
  const lines: Line[] = []
  for (let number = 0; number < DEVICES; number++) {
    for await (const some of open.history.read({ deviceId: `d${number}`, type: 'sample', ...span })) {
      for (const kept of some)
        if (kept.type === 'sample') lines.push(`${kept.deviceId} ${kept.sample.seq} ${kept.at}`)
    }
  }
  return lines
}

/** Devices that speak until they are told to stop; every sample that was acknowledged is noted. */
function speak(clients: readonly MqttClient[]) {
  const acknowledged: Line[] = []
  let isOver = false
  async function one(client: MqttClient, deviceId: string): Promise<void> {
    let last = 0
    for (let seq = 0; !isOver; seq++) {
      // A time of its own for each: one of the engines counts in milliseconds.
      const ts = Math.max(Date.now(), last + 1)
      last = ts
      const sample = { ts, seq, vitals: { hr: 60 + (seq % 40) }, steps: seq }
      await client.publishAsync(`hub/v1/${deviceId}/telemetry`, JSON.stringify(sample), { qos: 1 })
      acknowledged.push(`${deviceId} ${seq} ${ts}`)
    }
  }
  const ended = Promise.all(clients.map((client, number) => one(client, `d${number}`)))
  ended.catch(() => undefined) // a connection that breaks fails the story where it stops them
  return {
    acknowledged,
    async stop() {
      isOver = true
      await ended
    },
  }
}

async function connectAll(hub: TestHub): Promise<MqttClient[]> {
  const clients: MqttClient[] = []
  for (let number = 0; number < DEVICES; number++) {
    const id = `d${number}`
    clients.push(await hub.connect(id, await hub.desk.register(id)))
  }
  return clients
}

const until = (check: () => unknown, timeout = 60_000 + 2 * OUTAGE_MS) =>
  eventually(check, { timeout, interval: 50 })

/** Presses so often and for so long at least; ms from each press to the feed. */
function presses(hub: TestHub, phone: MqttClient) {
  let press = 0
  return async ({ times, forMs }: { times: number; forMs: number }): Promise<number[]> => {
    const tookMs: number[] = []
    const since = performance.now()
    while (tookMs.length < times || performance.now() - since < forMs) {
      const id = `press-${++press}`
      const pressedAt = performance.now()
      await phone.publishAsync('hub/v1/p1/event', JSON.stringify({ id, kind: 'sos' }), { qos: 1 })
      await hub.feed.waitFor(({ entry }) => entry.eventId === id)
      tookMs.push(performance.now() - pressedAt)
      await wait(Math.min(forMs, PRESS_EVERY_MS))
    }
    return tookMs
  }
}

type Told = {
  awayMs: number
  usualAlarms: number[]
  awayAlarms: number[]
  samples: number
  caughtUpMs: number
}

function tell(name: string, { awayMs, usualAlarms, awayAlarms, samples, caughtUpMs }: Told): void {
  process.stdout.write(
    `${name}: away for ${seconds(awayMs)}; alarms on the feed ${spread(awayAlarms)}, before ${spread(usualAlarms)};` +
      ` ${samples} samples, each there once ${seconds(caughtUpMs)} after it was back\n`,
  )
}

function spread(tookMs: readonly number[]): string {
  const sorted = tookMs.toSorted((a, b) => a - b)
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0]
  return `${sorted.length} after ${median.toFixed(0)} ms (worst ${worst.toFixed(0)})`
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

const STAGES: [string, boolean, () => Promise<Stage>][] = [
  ['SQLite', true, embedded],
  ['InfluxDB', needs('influxd'), onInflux],
  ['InfluxDB, behind Redis and PostgreSQL,', needs('influxd', 'redis-server', 'postgres'), onSharedEngines],
  ['VictoriaMetrics', needs('victoria-metrics'), onVictoria],
]

describe.each(STAGES.filter(([, isThere]) => isThere))(
  'while the history on %s is away',
  (name, _isThere, make) => {
    it(
      'alarms arrive, and afterwards no sample is missing and none is doubled',
      async () => {
        const from = Date.now() - 60_000
        const stage = await make()
        const hub = await startTestHub(stage.env)
        const phone = await hub.connect('p1', await hub.desk.register('p1'))
        const speaking = speak(await connectAll(hub))
        const press = presses(hub, phone)
        const archived = () => hub.metric('anxin_archived_total', { type: 'sample' })
        const failures = () => hub.metric('anxin_archive_failures_total')
        await until(async () => expect(await archived()).toBeGreaterThan(0))

        const usualAlarms = await press({ times: 1, forMs: OUTAGE_MS / 4 })
        await stage.goAway()
        await until(async () => expect(await failures()).toBeGreaterThan(5))
        const before = speaking.acknowledged.length
        const awaySince = performance.now()
        const awayAlarms = await press({ times: 3, forMs: OUTAGE_MS })
        // All of that, and samples meanwhile, while the history was still away.
        await until(() => expect(speaking.acknowledged.length).toBeGreaterThan(before + 1_000))
        const ready = await fetch(`${hub.httpUrl}/readyz`)
        expect({ status: ready.status, text: await ready.text() }).toMatchObject({ status: 200 })
        await until(async () => expect(await hub.metric('anxin_archive_lag_seconds')).toBeGreaterThan(0))

        const awayMs = performance.now() - awaySince
        await stage.comeBack()
        await speaking.stop()
        const backAt = performance.now()
        const all = speaking.acknowledged.toSorted()
        const span = { from, to: Date.now() + 60_000 }
        await until(async () => expect(await archived()).toBeGreaterThanOrEqual(all.length))
        const caughtUpAt = performance.now()
        await until(async () => expect(await stage.stored(span)).toHaveLength(all.length))
        expect((await stage.stored(span)).sort()).toEqual(all)
        expect(await hub.metric('anxin_archive_given_up_total')).toBe(0)
        await until(async () =>
          expect(await hub.metric('anxin_archived_total', { type: 'event' })).toBeGreaterThanOrEqual(
            usualAlarms.length + awayAlarms.length,
          ),
        )
        if (OUTAGE_MS > 0)
          tell(name, {
            awayMs,
            usualAlarms,
            awayAlarms,
            samples: all.length,
            caughtUpMs: caughtUpAt - backAt,
          })
      },
      STORY_WITHIN_MS,
    )
  },
)
