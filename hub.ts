// The composition root: opens the engines, starts the roles of this process in the order of the river, and stops
// them in reverse. Nothing here decides anything.

import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Registry } from 'prom-client'
import { adoptStream } from './alerts/adopt.ts'
import { startCallJoins } from './alerts/call-joins.ts'
import { allowedBy } from './alerts/channels/addresses.ts'
import { defaultChannels } from './alerts/channels/defaults.ts'
import { createGuard } from './alerts/channels/guard.ts'
import { openAlarmDesk } from './alerts/desk.ts'
import { startErasures } from './alerts/erasure.ts'
import { startIntake } from './alerts/intake.ts'
import { type NotifyDeps, startNotify } from './alerts/notify.ts'
import { startRetention } from './alerts/retention.ts'
import { startSweep } from './alerts/sweep.ts'
import { startCredentials } from './broker/credentials.ts'
import { startDownlink } from './broker/downlink.ts'
import { startIngest } from './broker/ingest.ts'
import { startMqtt } from './broker/mqtt.ts'
import { type Config, ROLES, type Role } from './config.ts'
import { type Engines, openEngines } from './engines.ts'
import { ensureAdmin } from './gateway/admin.ts'
import { startAttendance } from './gateway/attendance.ts'
import { historyCheck, jobsCheck, recordsCheck, streamCheck, workersCheck } from './gateway/checks.ts'
import { diskCheck } from './gateway/disk.ts'
import { startHeartbeat } from './gateway/heartbeat.ts'
import { startGateway } from './gateway/http.ts'
import { startProbes } from './gateway/probes.ts'
import { type Readiness, startReadiness } from './gateway/readiness.ts'
import { retentionCheck } from './gateway/retention-check.ts'
import { startMetrics } from './metrics.ts'
import { newId } from './model/id.ts'
import type { Log } from './model/log.ts'
import type { Metrics } from './model/metrics.ts'
import type { Clock } from './model/time.ts'
import type { Records } from './records/db.ts'
import { startTeardown, type Teardown } from './teardown.ts'
import { type Archive, startArchive, withoutArchive } from './workers/archive.ts'
import { startWorkers } from './workers/consume.ts'
import { RULES } from './workers/rules/index.ts'

const CONSOLE_DIR = fileURLToPath(new URL('./console/dist', import.meta.url))
/** A partition that cannot be opened must not keep the others' elders outside. */
const START_WITHIN_MS = 10_000
/** Long enough to be unique among all runs of a broker; it is part of every receipt id. */
const RUN_LENGTH = 12

export type Hub = {
  /** The console and the API where the gateway is; the probes everywhere. */
  httpPort: number
  /** undefined where no broker is. */
  mqttPort: number | undefined
  /** The administrator's password, when it was made up at this first start. */
  oneTimePassword: string | undefined
  /** Resolves when an engine has failed for good: the process should end, so that it is started again. */
  failed: Promise<Error>
  /** Takes nothing more in, finishes what is on its way, and gives the data folder free. */
  stop(): Promise<void>
}

/** A hub with its engines open and no role started yet. Ports are returned. */
export type OpenHub = {
  startWorkers(): Promise<void>
  startAlerts(): Promise<void>
  startGateway(): Promise<number>
  startBroker(): Promise<number>
  /** Where no gateway answers for this process. */
  startProbes(): Promise<number>
  records: Records
  oneTimePassword: string | undefined
  failed: Promise<Error>
  /** Stops what was started, in reverse, and closes the engines. */
  stop(): Promise<void>
}

/** `consoleDir`: where the built console lies, if not at its place. */
type Start = { config: Config; clock: Clock; log: Log; consoleDir?: string }

/**
 * Starts the roles of `config`; `before` is done to the records while nobody follows them yet.
 * @throws HubError with one line on what to do.
 */
export async function startHub({
  before,
  ...start
}: Start & { before?: (records: Records) => Promise<void> }): Promise<Hub> {
  const has = (role: Role): boolean => start.config.roles.includes(role)
  const hub = await openHub(start)
  try {
    await before?.(hub.records)
    if (has('workers')) await hub.startWorkers()
    if (has('alerts')) await hub.startAlerts()
    const httpPort = await (has('gateway') ? hub.startGateway() : hub.startProbes())
    // The door opens last: whatever comes in finds the whole river behind it.
    const mqttPort = has('broker') ? await hub.startBroker() : undefined
    const { oneTimePassword, failed, stop } = hub
    return { httpPort, mqttPort, oneTimePassword, failed, stop }
  } catch (error) {
    await hub.stop()
    throw error
  }
}

/** Opens the engines. @throws HubError with one line on what to do. */
export async function openHub({ config, clock, log, consoleDir = CONSOLE_DIR }: Start): Promise<OpenHub> {
  const opened = startTeardown(log)
  try {
    const { metrics, registry } = startMetrics()
    const engines = await openEngines({ config, clock, log, opened })
    const { records, engine } = engines
    const oneTimePassword = await makeAdmin({ config, clock, records })
    const deps: Deps = {
      config,
      clock,
      log,
      consoleDir,
      metrics,
      registry,
      ...engines,
      opened,
      owner: newId('hub'),
      begun: createBegun(),
    }
    const failed = Promise.race([records.failed, engine.failed])
    return { ...rolesOf(deps), records, oneTimePassword, failed, stop: opened.close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Who gives people a way in makes the first account. */
async function makeAdmin({
  config,
  clock,
  records,
}: Pick<Deps, 'config' | 'clock' | 'records'>): Promise<string | undefined> {
  if (!config.roles.includes('gateway')) return undefined
  const admin = await ensureAdmin(records, { clock, password: config.adminPassword })
  return admin.created ? admin.oneTimePassword : undefined
}

type Deps = Required<Start> &
  Engines & {
    metrics: Metrics
    registry: Registry
    opened: Teardown
    /** This process, as leases know it. */
    owner: string
    /** What it does by now. */
    begun: Begun
  }

/** The roles that have started, and who is told when another one has. */
type Begun = { roles(): readonly Role[]; add(role: Role): void; tell: () => void }

function createBegun(): Begun {
  const roles = new Set<Role>()
  const begun: Begun = {
    roles: () => [...roles],
    add(role) {
      roles.add(role)
      begun.tell()
    },
    tell: () => undefined,
  }
  return begun
}

function rolesOf(deps: Deps): Pick<OpenHub, `start${string}` & keyof OpenHub> {
  const { config, clock, log, metrics, registry, records, engine, dataDir, opened, owner, begun } = deps
  const { stream, partitions } = engine
  const roleDeps = (role: Role) => ({ records, clock, log: log.child({ role }), metrics })

  return {
    async startWorkers() {
      const archive = archiveOf(deps, roleDeps('workers').log)
      opened.add('archive', archive.stop)
      const parts = { stream, roll: engine, partitions, rules: RULES, owner, archive }
      const workers = startWorkers({ ...roleDeps('workers'), ...parts })
      opened.add('workers', workers.stop)
      const isReady = await Promise.race([
        workers.ready.then(() => true),
        wait(START_WITHIN_MS, false, { ref: false }),
      ])
      begun.add('workers')
      if (!isReady)
        log.error({}, 'not every partition is worked on yet; the hub starts all the same, and is not ready')
    },

    async startAlerts() {
      const parts = roleDeps('alerts')
      await adoptStream({ ...parts, engine })
      const intake = startIntake({ ...parts, stream, partitions, owner })
      opened.add('intake', intake.stop)
      const defaults = defaultChannels(config)
      await startTelling(deps, { ...parts, defaults })
      const sweep = startSweep({ ...parts, defaults })
      opened.add('sweep', sweep.stop)
      const joins = startCallJoins(parts)
      opened.add('joins', joins.stop)
      const erasures = startErasures({ ...parts, engine, stream, owner, history: deps.history?.history })
      opened.add('erasures', erasures.stop)
      const retention = startRetention({ ...parts, stream, owner, history: ownHistory(deps) })
      opened.add('retention', retention.stop)
      begun.add('alerts')
    },

    async startGateway() {
      const parts = roleDeps('gateway')
      const readiness = watchReadiness(deps, parts.log)
      const alarms = openAlarmDesk(parts)
      const findings = { stream, partitions }
      const { bind: host, httpPort: port, requiresSecondFactor } = config
      const at = { host, port, consoleDir: deps.consoleDir, requiresSecondFactor }
      const past = deps.history && { ...deps.history, partitions }
      const guard = createGuard({ allowed: allowedBy(config.webhookAllow) })
      const { country, recordingsHost, mapGround } = config
      const telephone = { country, recordingsHost }
      const defaults = defaultChannels(config)
      const shown = { findings, guard, defaults, telephone, mapGround, ...(past && { past }) }
      const gateway = await startGateway({ ...parts, registry, readiness, alarms, ...shown, config: at })
      opened.add('gateway', gateway.stop)
      startSwitch(deps, { readiness, log: parts.log })
      begun.add('gateway')
      return gateway.address.port
    },

    async startProbes() {
      const readiness = watchReadiness(deps, log)
      const probes = await startProbes({
        host: config.bind,
        port: config.httpPort,
        readiness,
        registry,
        metrics,
        log,
      })
      opened.add('probes', probes.stop)
      startSwitch(deps, { readiness, log })
      return probes.port
    },

    async startBroker() {
      const parts = roleDeps('broker')
      // For a broker that starts while the records are away; those of an embedded hub are not.
      const isApart = config.databaseUrl !== undefined
      const snapshot = isApart ? join(dataDir ?? config.dataDir, 'credentials') : undefined
      const credentials = await startCredentials({ ...parts, ...(snapshot && { snapshot }) })
      opened.add('credentials', async () => credentials.stop())
      const ingest = startIngest({ ...parts, stream, partitions, run: newId('b').slice(0, RUN_LENGTH) })
      opened.add('ingest', ingest.stop)
      const downlink = startDownlink(parts)
      opened.add('downlink', downlink.stop)
      const mqtt = await startMqtt({
        ...parts,
        host: config.bind,
        port: config.mqttPort,
        credentials,
        ingest,
        downlink,
      })
      opened.add('mqtt', mqtt.stop)
      begun.add('broker')
      return mqtt.port
    },
  }
}

/** Before the sweep: what that asks for is sent by this. */
async function startTelling(
  { config, jobs, opened }: Deps,
  parts: Pick<NotifyDeps, 'records' | 'clock' | 'log' | 'metrics' | 'defaults'>,
): Promise<void> {
  if (jobs === undefined) return // openEngines opens them for this role
  const guard = createGuard({ allowed: allowedBy(config.webhookAllow) })
  const notify = await startNotify({ ...parts, jobs, guard, publicUrl: config.publicUrl })
  opened.add('notify', notify.stop)
}

/** What the hub itself lets go of. */
const ownHistory = ({ history }: Deps) => (history?.keepsItself ? undefined : history?.history)

/** Beside the rules: it reads what they read. */
function archiveOf({ config, clock, metrics, records, engine, history }: Deps, log: Log): Archive {
  const { stream } = engine
  if (history === undefined) return withoutArchive({ stream, log })
  const { routineBytesMax: boundBytes, historyDays: days } = config
  return startArchive({ stream, engine, history, db: records.db, boundBytes, days, clock, log, metrics })
}

/** Every process watches the same things: a hub is well when all of it is. */
function watchReadiness(
  { config, clock, records, engine, jobs, history, dataDir, owner, metrics, opened, begun }: Deps,
  log: Log,
): Readiness {
  const { routineBytesMax: boundBytes, diskFreeMinBytes: minFreeBytes } = config
  const attendance = startAttendance({
    engine,
    roles: begun.roles,
    allRoles: ROLES,
    member: owner,
    log,
  })
  begun.tell = attendance.answer
  opened.add('attendance', attendance.stop)
  const checks = [
    recordsCheck(records),
    streamCheck({ engine, metrics, boundBytes }),
    attendance.check,
    workersCheck({ engine }),
    ...(history === undefined ? [] : [historyCheck(history)]),
    ...(jobs === undefined ? [] : [jobsCheck({ jobs, metrics })]),
    ...(config.roles.includes('alerts') ? [retentionCheck({ records, clock })] : []),
    ...(dataDir === undefined ? [] : [diskCheck({ dataDir, minFreeBytes, metrics })]),
  ]
  const readiness = startReadiness({ log, checks })
  metrics.ready.set(1)
  readiness.subscribe(problems => metrics.ready.set(problems.length === 0 ? 1 : 0))
  opened.add('readiness', async () => readiness.stop())
  return readiness
}

/** In every process: a gateway cannot tell that the broker has died. */
function startSwitch(
  { config, clock, metrics, opened }: Deps,
  { readiness, log }: { readiness: Readiness; log: Log },
): void {
  const { heartbeatUrl: url, heartbeatEveryMs: everyMs } = config
  if (url === undefined) return
  const heartbeat = startHeartbeat({ url, everyMs, readiness, clock, log, metrics })
  opened.add('heartbeat', async () => heartbeat.stop())
}
