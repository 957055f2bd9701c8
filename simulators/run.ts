// One simulation, from a hub's address to the oracle's report. Each part that is opened is closed in reverse.

import { HubError } from '../model/error.ts'
import { thisMachine, tooManyFor } from './capacity.ts'
import { type City, createCity } from './city.ts'
import { signIn } from './client.ts'
import { buildDistrict } from './district/district.ts'
import { seedDistrict } from './district/seed.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { type Pace, wearerOf } from './life.ts'
import type { Options } from './options.ts'
import { type Oracle, startOracle } from './oracle/oracle.ts'
import type { Report } from './oracle/report.ts'
import { planRun } from './plan.ts'
import type { Progress } from './progress.ts'
import { startTurning } from './turning.ts'

export type RunOptions = Options & {
  progress: Progress
  /** Aborted: no more is sent, and what is not yet due is reported as such. */
  signal: AbortSignal
}

const RAMP_PER_SECOND = 200
const CONNECT_SLACK_MS = 30_000
/** An alarm that is later than this counts as missing when the run ends. */
const PATIENCE_MS = 15_000
const SHOW_MS = 1_000

/** Runs the simulation. @throws HubError when the hub cannot be used. */
export async function simulate(options: RunOptions): Promise<Report> {
  const teardown: (() => Promise<void> | void)[] = []
  try {
    return await simulateWith(options, teardown)
  } finally {
    for (const stop of teardown.reverse()) await stop()
  }
}

async function simulateWith(options: RunOptions, teardown: (() => Promise<void> | void)[]): Promise<Report> {
  const { progress, signal, seed, devices: elders } = options
  const tooMany = tooManyFor(thisMachine(), elders)
  if (tooMany !== undefined) throw new HubError('CONFIG_INVALID', tooMany)
  const run = Date.now().toString(36)
  const client = await signIn(options)

  progress.begin('seeding', elders)
  const district = buildDistrict({ seed, elders })
  const seeded = await seedDistrict({ client, district, run, onProgress: done => progress.at(done) })
  progress.end()
  progress.say(`district ${seed}: ${seeded.created} objects created, ${seeded.found} were there already`)
  if (seeded.suffix !== undefined) {
    progress.say(`an earlier run had taken the wearables' ids: this run's end in ${seeded.suffix}`)
  }

  const watched = new Set(seeded.devices.map(({ id }) => id))
  const oracle = await startOracle({
    client,
    watches: id => watched.has(id),
    onTrouble: reason => progress.say(`oracle: ${reason}`),
  })
  teardown.push(() => oracle.stop())
  let city: City | undefined // before anybody lives in it, nobody answers
  const fleet = startFleet({
    mqttUrl: options.mqttUrl,
    devices: seeded.devices,
    qos: options.qos,
    rampPerSecond: RAMP_PER_SECOND,
    onEventAcked: ({ id }) => id !== undefined && oracle.acknowledged(id),
    onCommand: (deviceId, command) => city?.command(deviceId, command),
  })
  teardown.push(() => fleet.stop())
  await connected(fleet, progress)

  const pace: Pace = { speed: options.speed, startedAt: Date.now(), intervalMs: 60_000 / options.rate }
  const wearers = seeded.devices.map(({ id, household }) => wearerOf({ deviceId: id, household }))
  city = createCity({ wearers, fleet, pace, onExpect: oracle.expect })
  const plan = { wearers, scenarios: options.scenarios, pace, seed, run }
  for (const episode of planRun({ ...plan, startAt: pace.startedAt, durationMs: options.durationMs })) {
    city.add(episode)
  }
  await live({ city, oracle, fleet, progress, signal, durationMs: options.durationMs })
  return oracle.report(fleet.counts())
}

async function connected(fleet: Fleet, progress: Progress): Promise<void> {
  const { devices } = fleet.counts()
  progress.begin('connecting', devices)
  const shown = setInterval(() => progress.at(fleet.counts().connected), 100)
  await fleet.ready((devices / RAMP_PER_SECOND) * 1_000 + CONNECT_SLACK_MS)
  clearInterval(shown)
  const counts = fleet.counts()
  progress.at(counts.connected)
  progress.end()
  if (counts.connected === 0) {
    throw new HubError('UNAVAILABLE', `no device could connect: ${counts.firstRefusal ?? 'no answer'}`)
  }
}

type Living = {
  city: City
  oracle: Oracle
  fleet: Fleet
  progress: Progress
  signal: AbortSignal
  durationMs: number
}

/** Lets the city live for the duration, and on until all that is owed has come or is given up. */
async function live({ city, oracle, fleet, progress, signal, durationMs }: Living): Promise<void> {
  const startedAt = Date.now()
  const turning = startTurning(city)
  const note = () => {
    const { owed, came } = oracle.progress()
    const { sent, acked, connected: up } = fleet.counts()
    return `${up} connected, ${sent} sent, ${sent - acked} unacknowledged, ${came}/${owed} alarms`
  }
  const seconds = () => Math.round(Math.min(durationMs, Date.now() - startedAt) / 1_000)
  progress.begin('living', Math.round(durationMs / 1_000))
  let shown = setInterval(() => progress.at(seconds(), note()), SHOW_MS)
  await elapsed(durationMs, signal)
  clearInterval(shown)
  progress.end()

  progress.begin('waiting', oracle.progress().owed)
  shown = setInterval(() => progress.at(oracle.progress().came, note()), SHOW_MS)
  await oracle.settled(PATIENCE_MS, signal)
  clearInterval(shown)
  turning.stop()
  progress.end()
}

/** Waits for the time to pass, or for the signal. */
function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
