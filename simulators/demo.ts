// The demo's district: elders with a quiet life and a past that their wearables tell of, people who work at its centre, and
// every half a minute somebody who needs help, so that whoever looks at the console for the first time sees what it is for.

import { setImmediate as breathe } from 'node:timers/promises'
import type { Log } from '../model/log.ts'
import { backlogOf } from './backlog.ts'
import { createCity } from './city.ts'
import { type Client, signIn } from './client.ts'
import { startCrew } from './desk/crew.ts'
import { startTelephone } from './desk/telephone.ts'
import { type Dice, diceOf } from './dice.ts'
import { buildDistrict } from './district/district.ts'
import { type IssuedDevice, seedDistrict } from './district/seed.ts'
import { type Fleet, type FleetOptions, startFleet } from './fleet.ts'
import { startHappenings } from './happenings.ts'
import { type Pace, type Wearer, wearerOf } from './life.ts'
import { startTurning } from './turning.ts'

export type DemoOptions = {
  hubUrl: string
  mqttUrl: string
  username: string
  password: string
  log: Log
  seed?: number
  /** Elders who are moved in first, through the interface; left out, they live there already. */
  devices?: number
  /** Who lives there already. */
  settled?: Settled
}

export type Settled = {
  devices: readonly IssuedDevice[]
  /** The elder whom the family account looks after. */
  familyOf: string
  /** Their wearables tell of the last days. */
  hasPast: boolean
  /** User names; all of them have the password of the demo. */
  operators: readonly string[]
  responders: readonly string[]
  telephone: string
}

/** In the demo an exit is told sooner than in earnest, so that it can be watched. */
const DEMO_DWELL_MS = 20_000
const DEMO_SPEED = 10
const DEMO_INTERVAL_MS = 5_000

/** Lets the district live until it is stopped. @throws HubError when the hub cannot be used. */
export async function startDemo(options: DemoOptions): Promise<{ stop(): Promise<void> }> {
  const { mqttUrl, log, seed = 1, settled } = options
  const run = Date.now().toString(36)
  const dice = diceOf('demo', seed, run)
  const pace: Pace = { speed: DEMO_SPEED, startedAt: Date.now(), intervalMs: DEMO_INTERVAL_MS }
  const devices = settled?.devices ?? (await moveIn(options, { seed, run }))
  const onCommand: FleetOptions['onCommand'] = (deviceId, command) => city.command(deviceId, command)
  const fleet = startFleet({ mqttUrl, devices, qos: 1, onCommand })
  const wearers = devices.map(({ id, household }) => wearerOf({ deviceId: id, household }))
  if (settled?.hasPast) await tellPast(wearers, { fleet, now: pace.startedAt })
  const city = createCity({ wearers, fleet, pace })
  const turning = startTurning(city)
  const happenings = startHappenings({ wearers, city, pace, run, dice, log, lost: settled?.familyOf })
  const centre =
    settled && (await startCentre(options, { settled, wearers, run, dice }).catch(unstaffed(log)))
  return {
    async stop() {
      happenings.stop()
      centre?.stop()
      turning.stop()
      await fleet.stop()
    },
  }
}

/** One after the other: the demo lives in the process of its hub, which has to breathe in between. */
async function tellPast(
  wearers: readonly Wearer[],
  { fleet, now }: { fleet: Pick<Fleet, 'backlog'>; now: number },
): Promise<void> {
  for (const wearer of wearers) {
    fleet.backlog(wearer.deviceId, backlogOf(wearer, now))
    await breathe()
  }
}

/** Through the interface, as an administrator would. */
async function moveIn(
  options: DemoOptions,
  { seed, run }: { seed: number; run: string },
): Promise<readonly IssuedDevice[]> {
  const { log, devices: elders = 60 } = options
  const client = await signIn(options)
  const district = buildDistrict({ seed, elders, name: 'demo', dwellMs: DEMO_DWELL_MS })
  const { devices, created, found } = await seedDistrict({ client, district, run })
  log.info({ elders: devices.length, created, found }, 'elders of the demo have moved in')
  return devices
}

/** A folder of an older demo, or of one with another password, has elders and nobody who works for them. */
const unstaffed =
  (log: Log) =>
  (error: unknown): undefined => {
    log.error({ error }, 'nobody works at the centre of this demo; remove its data folder to begin anew')
  }

/** The people of the centre and its telephone. */
async function startCentre(
  { hubUrl, password, log }: DemoOptions,
  { settled, wearers, run, dice }: { settled: Settled; wearers: readonly Wearer[]; run: string; dice: Dice },
): Promise<{ stop(): void }> {
  const { operators, responders, telephone } = settled
  const crew = await startCrew({ hubUrl, password, operators, responders, dice, log })
  const client: Client = await signIn({ hubUrl, username: telephone, password })
  const numbers = wearers.flatMap(({ household }) => household.resident.phone ?? [])
  const calls = startTelephone({ client, numbers, free: crew.free, run, dice, log })
  return {
    stop() {
      calls.stop()
      crew.stop()
    },
  }
}
