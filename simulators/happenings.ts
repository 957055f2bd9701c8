// What happens to the elders of the demo: at first one of each kind that a newcomer should see, then one after the other
// from a deck that is shuffled and dealt to its end.

import type { Log } from '../model/log.ts'
import type { City } from './city.ts'
import { type Dice, shuffle } from './dice.ts'
import type { Pace, Wearer } from './life.ts'
import type { Cue, Episode } from './scenarios/episode.ts'
import { fever } from './scenarios/fever.ts'
import { flatBattery } from './scenarios/flat-battery.ts'
import { loseTheWay } from './scenarios/lost.ts'
import { fallDown, pressAndCancel, pressGreen, pressRed } from './scenarios/press.ts'
import { wander } from './scenarios/wander.ts'
import { measuresVitals } from './sensors.ts'

type Begin = (cue: Cue) => Episode

/** What the first minute shows, after so many milliseconds. */
const OPENING: readonly (readonly [number, Begin])[] = [
  [1_500, pressRed],
  [9_000, fallDown],
  [24_000, flatBattery],
  [36_000, pressGreen],
]
/** The elder whom the family account looks after goes for a walk. */
const LOST_AFTER_MS = 3_000
const DECK_AFTER_MS = 60_000
const EVERY_MS = { min: 30_000, max: 55_000 }

/** Everything is seen within minutes. */
const DECK: readonly Begin[] = [
  pressRed,
  wander,
  pressGreen,
  fever,
  pressRed,
  flatBattery,
  pressAndCancel,
  fallDown,
  pressGreen,
  pressRed,
]

/** Whom something happened to is spared while it happens to so many others. */
const LEFT_IN_PEACE = 30

export type Happenings = {
  wearers: readonly Wearer[]
  city: City
  pace: Pace
  run: string
  dice: Dice
  log: Log
  /** The elder who loses the way at first, by id. */
  lost: string | undefined
}

export function startHappenings({ wearers, city, pace, run, dice, log, lost }: Happenings): { stop(): void } {
  const recent: string[] = []
  let deck: Begin[] = []
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }
  const deal = (): Begin => {
    if (deck.length === 0) deck = shuffle(DECK, dice)
    return deck.pop() as Begin
  }
  const happenTo = (wearer: Wearer, begin: Begin) => {
    const episode = begin({ wearer, startAt: Date.now(), pace, dice, run })
    city.add(episode)
    log.debug({ deviceId: wearer.deviceId, scenario: episode.scenario }, 'something happens to an elder')
    recent.push(wearer.deviceId)
    if (recent.length > LEFT_IN_PEACE) recent.shift()
  }
  const happen = (begin: Begin) => {
    const free = wearers.filter(
      wearer =>
        !city.busy(wearer.deviceId) &&
        !recent.includes(wearer.deviceId) &&
        canTell(begin, wearer) &&
        !isLost(wearer),
    )
    if (free.length > 0) happenTo(dice.pick(free), begin)
  }
  const isLost = ({ household }: Wearer): boolean => household.resident.id === lost
  const goOn = () => {
    happen(deal())
    after(dice.between(EVERY_MS.min, EVERY_MS.max), goOn)
  }

  const walker = wearers.find(isLost)
  if (walker) after(LOST_AFTER_MS, () => happenTo(walker, loseTheWay))
  for (const [ms, begin] of OPENING) after(ms, () => happen(begin))
  after(DECK_AFTER_MS, goOn)
  return {
    stop() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** A phone cannot tell of a fever, and is not worn when somebody falls. */
const canTell = (begin: Begin, { household }: Wearer): boolean =>
  (begin !== fever && begin !== fallDown) || measuresVitals(household.device.kind)
