// Who has which episode when: the whole run, written down before it begins.

import { diceOf, shuffle } from './dice.ts'
import type { Pace, Wearer } from './life.ts'
import type { Cue, Episode, ScenarioName } from './scenarios/episode.ts'
import { fever } from './scenarios/fever.ts'
import { flatBattery } from './scenarios/flat-battery.ts'
import { pressSomething } from './scenarios/press.ts'
import { wander } from './scenarios/wander.ts'
import { measuresVitals } from './sensors.ts'

type AlarmScenario = Exclude<ScenarioName, 'daily'>

type Scenario = {
  begin(cue: Cue): Episode
  /** Whether this elder's wearable can tell of it. */
  fits(wearer: Wearer): boolean
  /** When episodes begin, as parts of the duration. Slow ones begin early, so that they end in the run. */
  window: readonly [number, number]
  /** Comes again after about so long; a condition comes once a run. */
  everyMs?: number
}

const anyone = () => true
const hasVitals = ({ household }: Wearer) => measuresVitals(household.device.kind)

export const SCENARIOS: Record<AlarmScenario, Scenario> = {
  sos: { begin: pressSomething, fits: anyone, window: [0.03, 0.97], everyMs: 120_000 },
  wander: { begin: wander, fits: anyone, window: [0.02, 0.25] },
  fever: { begin: fever, fits: hasVitals, window: [0.02, 0.4] },
  'flat-battery': { begin: flatBattery, fits: anyone, window: [0.02, 0.5] },
}

/** With `daily` among the scenarios this share of the elders has a quiet day. */
export const QUIET_SHARE = 0.5

export type RunPlan = {
  wearers: readonly Wearer[]
  scenarios: readonly ScenarioName[]
  startAt: number
  durationMs: number
  pace: Pace
  seed: number
  run: string
}

/** Every episode of the run, by its start. The same plan gives the same episodes. */
export function planRun({ wearers, scenarios, startAt, durationMs, pace, seed, run }: RunPlan): Episode[] {
  const alarms = scenarios.filter(name => name !== 'daily')
  if (alarms.length === 0) return []
  const mixed = shuffle(wearers, diceOf('roles', seed))
  const quiet = scenarios.includes('daily') ? Math.floor(mixed.length * QUIET_SHARE) : 0
  const episodes = mixed.slice(quiet).flatMap((wearer, i) => {
    const name = alarms.map((_, turn) => alarms[(i + turn) % alarms.length]).find(fitting(wearer))
    if (name === undefined) return []
    const { begin, window, everyMs } = SCENARIOS[name]
    const dice = diceOf('episodes', seed, wearer.household.device.id)
    const times = everyMs === undefined ? 1 : Math.max(1, Math.floor(durationMs / everyMs))
    const slotMs = (durationMs * (window[1] - window[0])) / times
    return Array.from({ length: times }, (_, n) => {
      const at = startAt + durationMs * window[0] + slotMs * (n + dice.unit())
      return begin({ wearer, startAt: Math.round(at), pace, dice, run })
    })
  })
  return episodes.sort((a, b) => a.startAt - b.startAt)
}

const fitting = (wearer: Wearer) => (name: AlarmScenario | undefined) =>
  name !== undefined && SCENARIOS[name].fits(wearer)
