// The composition root: opens the engines, starts every role in the order of the river, and stops them in
// reverse. Nothing here decides anything.

import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Registry } from 'prom-client'
import { adoptStream } from './alerts/adopt.ts'
import { handleAlarm } from './alerts/handle.ts'
import { startIntake } from './alerts/intake.ts'
import { renewLeases } from './alerts/lease.ts'
import { startSweep } from './alerts/sweep.ts'
import { startCredentials } from './broker/credentials.ts'
import { startIngest } from './broker/ingest.ts'
import { startMqtt } from './broker/mqtt.ts'
import { openSqliteStream } from './broker/stream.sqlite.ts'
import type { OpenStream } from './broker/stream.ts'
import type { Config } from './config.ts'
import { lockDataDir } from './datadir.ts'
import { ensureAdmin } from './gateway/admin.ts'
import type { AlarmDesk } from './gateway/alarms.ts'
import { diskCheck } from './gateway/disk.ts'
import { startHeartbeat } from './gateway/heartbeat.ts'
import { startGateway } from './gateway/http.ts'
import { type Check, startReadiness } from './gateway/readiness.ts'
import { startMetrics } from './metrics.ts'
import { newId } from './model/id.ts'
import type { Log } from './model/log.ts'
import type { Metrics } from './model/metrics.ts'
import type { Clock } from './model/time.ts'
import { lastSeq, openRecords, proveWritable, type Records } from './records/db.ts'
import { startNudge } from './records/nudge.ts'
import { startWorkers, type Workers } from './workers/consume.ts'
import { RULES } from './workers/rules/index.ts'

const CONSOLE_DIR = fileURLToPath(new URL('./console/dist', import.meta.url))
/** A partition that cannot be opened must not keep the others' elders outside. */
const START_WITHIN_MS = 10_000
/** Long enough to be unique among all runs of a broker; it is part of every receipt id. */
const RUN_LENGTH = 12

export type Hub = {
  httpPort: number
  mqttPort: number
  /** The administrator's password, when it was made up at this first start. */
  oneTimePassword?: string
  /** Resolves when an engine has failed for good: the process should end, so that it is started again. */
  failed: Promise<Error>
  /** Takes nothing more in, finishes what is on its way, and gives the data folder free. */
  stop(): Promise<void>
}

/** A hub with its engines open and no role started yet. */
export type OpenHub = {
  startWorkers(): Promise<Workers>
  startAlerts(): Promise<void>
  /** Returns the port. */
  startGateway(): Promise<number>
  /** Returns the port. */
  startBroker(): Promise<number>
  oneTimePassword?: string
  failed: Promise<Error>
  /** Stops what was started, in reverse, and closes the engines. */
  stop(): Promise<void>
}

type Start = { config: Config; clock: Clock; log: Log }

/** Starts an embedded hub with all roles. @throws HubError with one line on what to do. */
export async function startHub(start: Start): Promise<Hub> {
  const hub = await openHub(start)
  try {
    await hub.startWorkers()
    await hub.startAlerts()
    const httpPort = await hub.startGateway()
    // The door opens last: whatever comes in finds the whole river behind it.
    const mqttPort = await hub.startBroker()
    const { oneTimePassword, failed, stop } = hub
    return { httpPort, mqttPort, ...(oneTimePassword !== undefined && { oneTimePassword }), failed, stop }
  } catch (error) {
    await hub.stop()
    throw error
  }
}

/** Opens the engines in the data folder. @throws HubError with one line on what to do. */
export async function openHub({ config, clock, log }: Start): Promise<OpenHub> {
  const opened = startTeardown(log)
  try {
    const dataDir = lockDataDir(config.dataDir)
    opened.add('data folder', async () => dataDir.unlock())
    const { metrics, registry } = startMetrics()
    const records = await openRecords({ dataDir: dataDir.path, clock, nudge: startNudge() })
    opened.add('records', records.close)
    const { partitions, routineBytesMax: boundBytes } = config
    const engine = await openSqliteStream({ dataDir: dataDir.path, partitions, boundBytes, clock })
    opened.add('stream', engine.close)
    const admin = await ensureAdmin(records, { clock, password: config.adminPassword })
    const deps: Deps = { config, clock, log, metrics, registry, records, engine, opened, owner: newId('hub') }
    const oneTimePassword = 'oneTimePassword' in admin ? { oneTimePassword: admin.oneTimePassword } : {}
    const failed = Promise.race([records.failed, engine.failed])
    return { ...rolesOf(deps), ...oneTimePassword, failed, stop: opened.close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

type Deps = Start & {
  metrics: Metrics
  registry: Registry
  records: Records
  engine: OpenStream
  opened: ReturnType<typeof startTeardown>
  /** This process, as leases know it. */
  owner: string
}

function rolesOf({ config, clock, log, metrics, registry, records, engine, opened, owner }: Deps) {
  const { stream, partitions } = engine
  const roleDeps = (role: string) => ({ records, clock, log: log.child({ role }), metrics })
  let workers: Workers | undefined

  return {
    async startWorkers() {
      workers = startWorkers({
        ...roleDeps('workers'),
        stream,
        roll: engine,
        partitions,
        rules: RULES,
        owner,
      })
      opened.add('workers', workers.stop)
      const started = await Promise.race([
        workers.ready.then(() => true),
        wait(START_WITHIN_MS, false, { ref: false }),
      ])
      if (!started)
        log.error({}, 'not every partition is worked on yet; the hub starts all the same, and is not ready')
      return workers
    },

    async startAlerts() {
      const deps = roleDeps('alerts')
      await adoptStream({ ...deps, engine })
      const intake = startIntake({ ...deps, stream, partitions, owner })
      opened.add('intake', intake.stop)
      const sweep = startSweep(deps)
      opened.add('sweep', sweep.stop)
    },

    async startGateway() {
      const deps = roleDeps('gateway')
      const { heartbeatUrl, heartbeatEveryMs, routineBytesMax: boundBytes } = config
      const checks = [
        recordsCheck(records),
        streamCheck({ engine, metrics, boundBytes }),
        workersCheck(() => workers?.owned() ?? 0, partitions),
        diskCheck({ dataDir: config.dataDir, minFreeBytes: config.diskFreeMinBytes, metrics }),
      ]
      const readiness = startReadiness({ log: deps.log, checks })
      metrics.ready.set(1)
      readiness.subscribe(problems => metrics.ready.set(problems.length === 0 ? 1 : 0))
      opened.add('readiness', async () => readiness.stop())
      const alarms: AlarmDesk = {
        handle: command => handleAlarm(deps, command),
        renewLeases: userIds => renewLeases(records, userIds),
      }
      const at = { host: config.bind, port: config.httpPort, consoleDir: CONSOLE_DIR }
      const gateway = await startGateway({ ...deps, registry, readiness, alarms, config: at })
      opened.add('gateway', gateway.stop)
      if (heartbeatUrl !== undefined) {
        const heartbeat = startHeartbeat({ ...deps, url: heartbeatUrl, everyMs: heartbeatEveryMs, readiness })
        opened.add('heartbeat', async () => heartbeat.stop())
      }
      return gateway.address.port
    },

    async startBroker() {
      const deps = roleDeps('broker')
      const credentials = await startCredentials(deps)
      opened.add('credentials', async () => credentials.stop())
      const ingest = startIngest({ ...deps, stream, partitions, run: newId('b').slice(0, RUN_LENGTH) })
      opened.add('ingest', ingest.stop)
      const mqtt = await startMqtt({ ...deps, host: config.bind, port: config.mqttPort, credentials, ingest })
      opened.add('mqtt', mqtt.stop)
      return mqtt.port
    },
  }
}

/** What was opened, closed in reverse; one that fails does not keep the others open. */
function startTeardown(log: Log) {
  const opened: { name: string; close: () => Promise<void> }[] = []
  return {
    add: (name: string, close: () => Promise<void>) => void opened.push({ name, close }),
    async close() {
      for (const { name, close } of opened.splice(0).reverse()) {
        await close().catch((error: unknown) =>
          log.error({ error, part: name }, 'a part did not stop cleanly'),
        )
      }
    },
  }
}

/** Writes as well as reads: a database that only answers cannot take an alarm. */
const recordsCheck = (records: Records): Check => ({
  name: 'records',
  async check() {
    await proveWritable(records.db)
    return { ok: true, detail: `${await lastSeq(records.read, 'feed')} timeline entries` }
  },
})

/** From here on entries may no longer fit, and samples are dropped. */
const FULL_PERCENT = 99

/** Red when the bounded lanes are full, too. */
function streamCheck({
  engine,
  metrics,
  boundBytes,
}: {
  engine: OpenStream
  metrics: Metrics
  boundBytes: number
}): Check {
  return {
    name: 'stream',
    async check() {
      const { motionBytes, routineBytes } = await engine.usage()
      metrics.routineBytes.set(routineBytes)
      const percent = Math.round((Math.max(motionBytes, routineBytes) / boundBytes) * 100)
      const ok = percent < FULL_PERCENT
      return {
        ok,
        detail: `${percent} % of the room for routine messages is used${ok ? '' : ': they are dropped'}`,
      }
    },
  }
}

const workersCheck = (owned: () => number, partitions: number): Check => ({
  name: 'workers',
  check: async () => ({
    ok: owned() === partitions,
    detail: `${owned()} of ${partitions} partitions are worked on`,
  }),
})
