// The composition root: opens the engines, starts every role in the order of the river, and stops them in
// reverse. Nothing here decides anything.

import { fileURLToPath } from 'node:url'
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
import { diskCheck } from './gateway/disk.ts'
import { startHeartbeat } from './gateway/heartbeat.ts'
import { startGateway } from './gateway/http.ts'
import { type Check, startReadiness } from './gateway/readiness.ts'
import { startMetrics } from './metrics.ts'
import { newId } from './model/id.ts'
import type { Log } from './model/log.ts'
import type { Metrics } from './model/metrics.ts'
import type { Clock } from './model/time.ts'
import { lastSeq, openRecords, type Records } from './records/db.ts'
import { startNudge } from './records/nudge.ts'
import { startWorkers, type Workers } from './workers/consume.ts'
import { RULES } from './workers/rules/index.ts'

const CONSOLE_DIR = fileURLToPath(new URL('./console/dist', import.meta.url))
/** Long enough to be unique among all runs of a broker; it is part of every receipt id. */
const RUN_LENGTH = 12

export type Hub = {
  httpPort: number
  mqttPort: number
  /** The administrator's password, when it was made up at this first start. */
  oneTimePassword?: string
  /** Takes nothing more in, finishes what is on its way, and gives the data folder free. */
  stop(): Promise<void>
}

/** Starts an embedded hub with all roles. @throws HubError with one line on what to do. */
export async function startHub({
  config,
  clock,
  log,
}: {
  config: Config
  clock: Clock
  log: Log
}): Promise<Hub> {
  const opened = startTeardown(log)
  try {
    const dataDir = lockDataDir(config.dataDir)
    opened.add('data folder', async () => dataDir.unlock())
    const { metrics, registry } = startMetrics()
    const nudge = startNudge()
    const records = await openRecords({ dataDir: dataDir.path, clock, nudge })
    opened.add('records', records.close)
    const { partitions, routineBytesMax: boundBytes } = config
    const engine = await openSqliteStream({ dataDir: dataDir.path, partitions, boundBytes, clock })
    opened.add('stream', engine.close)
    const { stream } = engine
    const admin = await ensureAdmin(records, { clock, password: config.adminPassword })
    const owner = newId('hub')
    const role = (name: string) => log.child({ role: name })

    const workers = startWorkers({
      stream,
      partitions,
      rules: RULES,
      records,
      clock,
      log: role('workers'),
      metrics,
      owner,
    })
    opened.add('workers', workers.stop)
    await workers.ready
    const alerts = { records, clock, log: role('alerts'), metrics }
    const intake = startIntake({ ...alerts, stream, partitions, owner })
    opened.add('intake', intake.stop)
    const sweep = startSweep(alerts)
    opened.add('sweep', sweep.stop)

    const readiness = startReadiness({
      log: role('gateway'),
      checks: [
        recordsCheck(records),
        streamCheck({ engine, metrics, boundBytes }),
        workersCheck(workers, partitions),
        diskCheck({ dataDir: dataDir.path, minFreeBytes: config.diskFreeMinBytes, metrics }),
      ],
    })
    opened.add('readiness', async () => readiness.stop())
    const gateway = await startGateway({
      records,
      clock,
      log: role('gateway'),
      metrics,
      registry,
      readiness,
      alarms: {
        handle: command => handleAlarm(alerts, command),
        renewLeases: userIds => renewLeases(records, userIds),
      },
      config: { host: config.bind, port: config.httpPort, consoleDir: CONSOLE_DIR },
    })
    opened.add('gateway', gateway.stop)
    if (config.heartbeatUrl !== undefined) {
      const { heartbeatUrl: url, heartbeatEveryMs: everyMs } = config
      const heartbeat = startHeartbeat({ url, everyMs, readiness, clock, log: role('gateway'), metrics })
      opened.add('heartbeat', async () => heartbeat.stop())
    }

    // The door opens last: whatever comes in finds the whole river behind it.
    const broker = { clock, log: role('broker'), metrics }
    const credentials = await startCredentials({ ...broker, records })
    opened.add('credentials', async () => credentials.stop())
    const ingest = startIngest({ ...broker, stream, partitions, run: newId('b').slice(0, RUN_LENGTH) })
    opened.add('ingest', ingest.stop)
    const mqtt = await startMqtt({ ...broker, host: config.bind, port: config.mqttPort, credentials, ingest })
    opened.add('mqtt', mqtt.stop)

    const oneTimePassword = 'oneTimePassword' in admin ? { oneTimePassword: admin.oneTimePassword } : {}
    return { httpPort: gateway.address.port, mqttPort: mqtt.port, ...oneTimePassword, stop: opened.close }
  } catch (error) {
    await opened.close()
    throw error
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

const recordsCheck = (records: Records): Check => ({
  name: 'records',
  check: async () => ({ ok: true, detail: `${await lastSeq(records.read, 'feed')} timeline entries` }),
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

const workersCheck = (workers: Workers, partitions: number): Check => ({
  name: 'workers',
  check: async () => ({
    ok: workers.owned() === partitions,
    detail: `${workers.owned()} of ${partitions} partitions are worked on`,
  }),
})
