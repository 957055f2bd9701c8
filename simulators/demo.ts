// The demo's district: some sixty elders with a quiet life, and every half a minute somebody who needs help,
// so that whoever looks at the console for the first time sees what it is for.

import type { Log } from '../model/log.ts'
import { type City, createCity } from './city.ts'
import { signIn } from './client.ts'
import { type Dice, diceOf } from './dice.ts'
import { buildDistrict } from './district/district.ts'
import { seedDistrict } from './district/seed.ts'
import { startFleet } from './fleet.ts'
import { type Pace, type Wearer, wearerOf } from './life.ts'
import type { Cue, Episode } from './scenarios/episode.ts'
import { fever } from './scenarios/fever.ts'
import { flatBattery } from './scenarios/flat-battery.ts'
import { pressAndCancel, pressGreen, pressRed } from './scenarios/press.ts'
import { wander } from './scenarios/wander.ts'
import { measuresVitals } from './sensors.ts'
import { startTurning } from './turning.ts'

export type DemoOptions = {
  hubUrl: string
  mqttUrl: string
  username: string
  password: string
  log: Log
  seed?: number
  devices?: number
}

/** In the demo an exit is told sooner than in earnest, so that it can be watched. */
const DEMO_DWELL_MS = 20_000
const DEMO_SPEED = 10
const DEMO_INTERVAL_MS = 5_000
export const FIRST_ALARM_MS = 1_500
export const ALARM_EVERY_MS = { min: 20_000, max: 40_000 }

type Begin = (cue: Cue) => Episode

/** What happens, and how often: weights. */
const HAPPENINGS: readonly (readonly [Begin, number])[] = [
  [pressRed, 30],
  [pressAndCancel, 10],
  [pressGreen, 20],
  [wander, 15],
  [fever, 13],
  [flatBattery, 12],
]

/**
 * Seeds the district and lets it live until it is stopped. Resolves once it lives.
 * @throws HubError when the hub cannot be used.
 */
export async function startDemo(options: DemoOptions): Promise<{ stop(): Promise<void> }> {
  const { log, seed = 1, devices: elders = 60 } = options
  const run = Date.now().toString(36)
  const client = await signIn(options)
  const district = buildDistrict({ seed, elders, name: 'demo', dwellMs: DEMO_DWELL_MS })
  const seeded = await seedDistrict({ client, district, run })
  log.info({ elders, created: seeded.created, found: seeded.found }, 'the district is seeded')

  const fleet = startFleet({ mqttUrl: options.mqttUrl, devices: seeded.devices, qos: 1 })
  const pace: Pace = { speed: DEMO_SPEED, startedAt: Date.now(), intervalMs: DEMO_INTERVAL_MS }
  const wearers = seeded.devices.map(({ id, household }) => wearerOf({ deviceId: id, household }))
  const city = createCity({ wearers, fleet, pace })
  const turning = startTurning(city)
  const alarms = startAlarms({ city, wearers, pace, run, dice: diceOf('demo', seed, run), log })
  return {
    async stop() {
      alarms.stop()
      turning.stop()
      await fleet.stop()
    },
  }
}

type Alarms = { city: City; wearers: readonly Wearer[]; pace: Pace; run: string; dice: Dice; log: Log }

/** First a red key, at once; then one happening after the other. */
function startAlarms({ city, wearers, pace, run, dice, log }: Alarms): { stop(): void } {
  const recent: string[] = []
  let timer = setTimeout(() => happen(pressRed), FIRST_ALARM_MS)

  const isLeftInPeace = ({ deviceId }: Wearer) => !city.busy(deviceId) && !recent.includes(deviceId)
  const happen = (begin: Begin) => {
    const free = wearers.filter(wearer => isLeftInPeace(wearer) && canTell(begin, wearer))
    const wearer = free.length === 0 ? undefined : dice.pick(free)
    if (wearer !== undefined) {
      const episode = begin({ wearer, startAt: Date.now(), pace, dice, run })
      city.add(episode)
      log.debug({ deviceId: wearer.deviceId, scenario: episode.scenario }, 'something happens to an elder')
      recent.push(wearer.deviceId)
      if (recent.length > wearers.length / 2) recent.shift()
    }
    const delayMs = dice.between(ALARM_EVERY_MS.min, ALARM_EVERY_MS.max)
    timer = setTimeout(() => happen(dice.weigh(HAPPENINGS)), delayMs)
  }
  return { stop: () => clearTimeout(timer) }
}

/** A phone cannot tell of a fever. */
const canTell = (begin: Begin, { household }: Wearer): boolean =>
  begin !== fever || measuresVitals(household.device.kind)
