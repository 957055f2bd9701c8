// The demo's district: some sixty elders with a quiet life, and every half a minute somebody who needs help,
// so that whoever looks at the console for the first time sees what it is for.

import type { Log } from '../model/log.ts'
import { type City, createCity } from './city.ts'
import { type Client, signIn } from './client.ts'
import { type Dice, diceOf, shuffle } from './dice.ts'
import { buildDistrict, type District } from './district/district.ts'
import { seedDistrict } from './district/seed.ts'
import { type FleetOptions, startFleet } from './fleet.ts'
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
const FIRST_ALARM_MS = 1_500
const ALARM_EVERY_MS = { min: 20_000, max: 40_000 }

/** Whom something happened to is spared while it happens to so many others. */
const LEFT_IN_PEACE = 30

type Begin = (cue: Cue) => Episode

/** What happens, as a deck that is shuffled and dealt to its end: everything is seen within minutes. */
const HAPPENINGS: readonly Begin[] = [
  pressRed,
  wander,
  pressGreen,
  fever,
  pressRed,
  flatBattery,
  pressAndCancel,
  wander,
  pressGreen,
  pressRed,
]

/** So many move in first: the newcomer at the console must not wait for all of them. */
const FIRST_ELDERS = 8

/** Elders who have moved in. */
type Neighbourhood = { wearers: readonly Wearer[]; city: City; stop(): Promise<void> }

/**
 * Seeds the district and lets it live until it is stopped. Resolves once the first elders live.
 * @throws HubError when the hub cannot be used.
 */
export async function startDemo(options: DemoOptions): Promise<{ stop(): Promise<void> }> {
  const { mqttUrl, log, seed = 1, devices: elders = 60 } = options
  const run = Date.now().toString(36)
  const pace: Pace = { speed: DEMO_SPEED, startedAt: Date.now(), intervalMs: DEMO_INTERVAL_MS }
  const client = await signIn(options)
  const { areas, households } = buildDistrict({ seed, elders, name: 'demo', dwellMs: DEMO_DWELL_MS })
  const moving = { client, mqttUrl, pace, run, log }

  const first = { seed, areas, households: households.slice(0, FIRST_ELDERS) }
  const neighbourhoods = [await moveIn({ ...moving, district: first })]
  const others = { seed, areas: [], households: households.slice(FIRST_ELDERS) }
  const moved = moveIn({ ...moving, district: others }).then(
    neighbourhood => void neighbourhoods.push(neighbourhood),
    (error: unknown) => log.error({ error }, 'the other elders of the demo could not move in'),
  )
  const alarms = startAlarms({ neighbourhoods, pace, run, dice: diceOf('demo', seed, run), log })
  return {
    async stop() {
      alarms.stop()
      await moved
      await Promise.all(neighbourhoods.map(neighbourhood => neighbourhood.stop()))
    },
  }
}

type Moving = { client: Client; mqttUrl: string; pace: Pace; run: string; log: Log; district: District }

async function moveIn({ client, mqttUrl, pace, run, log, district }: Moving): Promise<Neighbourhood> {
  const { devices, created, found } = await seedDistrict({ client, district, run })
  log.info({ elders: devices.length, created, found }, 'elders of the demo have moved in')
  const onCommand: FleetOptions['onCommand'] = (deviceId, command) => city.command(deviceId, command)
  const fleet = startFleet({ mqttUrl, devices, qos: 1, onCommand })
  const wearers = devices.map(({ id, household }) => wearerOf({ deviceId: id, household }))
  const city = createCity({ wearers, fleet, pace })
  const turning = startTurning(city)
  return {
    wearers,
    city,
    async stop() {
      turning.stop()
      await fleet.stop()
    },
  }
}

type Alarms = { neighbourhoods: readonly Neighbourhood[]; pace: Pace; run: string; dice: Dice; log: Log }

/** First a red key, at once; then one happening after the other. */
function startAlarms({ neighbourhoods, pace, run, dice, log }: Alarms): { stop(): void } {
  const recent: string[] = []
  let deck: Begin[] = []
  const deal = (): Begin => {
    if (deck.length === 0) deck = shuffle(HAPPENINGS, dice)
    return deck.pop() as Begin
  }
  let timer = setTimeout(() => happen(pressRed), FIRST_ALARM_MS)

  const happen = (begin: Begin) => {
    const free = neighbourhoods.flatMap(({ wearers, city }) =>
      wearers
        .filter(({ deviceId }) => !city.busy(deviceId) && !recent.includes(deviceId))
        .filter(wearer => canTell(begin, wearer))
        .map(wearer => ({ wearer, city })),
    )
    if (free.length > 0) {
      const { wearer, city } = dice.pick(free)
      const episode = begin({ wearer, startAt: Date.now(), pace, dice, run })
      city.add(episode)
      log.debug({ deviceId: wearer.deviceId, scenario: episode.scenario }, 'something happens to an elder')
      recent.push(wearer.deviceId)
      if (recent.length > LEFT_IN_PEACE) recent.shift()
    }
    const delayMs = dice.between(ALARM_EVERY_MS.min, ALARM_EVERY_MS.max)
    timer = setTimeout(() => happen(deal()), delayMs)
  }
  return { stop: () => clearTimeout(timer) }
}

/** A phone cannot tell of a fever. */
const canTell = (begin: Begin, { household }: Wearer): boolean =>
  begin !== fever || measuresVitals(household.device.kind)
