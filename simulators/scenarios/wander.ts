// An elder leaves the home zone on foot, is looked for, and is driven home.

import { calmMoment, lifeAt, type Moment } from '../life.ts'
import { WORST_ERROR, WORST_OUTDOOR_ACC_M } from '../sensors.ts'
import { AFTERMATH_MS, CONDITION_SLACK_MS, type Cue, type Episode } from './episode.ts'

/** An exit is a fix outside by more than twice its accuracy (docs/rules.md). */
const MARGIN_ACCURACIES = 2
/** Where no error of a fix can hide that the elder is outside. */
export const SURELY_OUT_M = WORST_OUTDOOR_ACC_M * (MARGIN_ACCURACIES + WORST_ERROR)
/** Three fixes make an exit, one more may have come just before. */
const FIXES = 4
const WALK_ON_M = 60
/** However fast life goes, nobody walks faster than a car drives in town: more would be an impossible jump. */
export const FASTEST_M_PER_S = 15
const DRIVE_HOME_M_PER_S = 12

export function wander(cue: Cue): Episode {
  const { wearer, startAt, pace, dice } = cue
  const { insideM, outsideM } = wearer.household.fence
  const calm = calmMoment(wearer, lifeAt(pace, startAt))
  const start = { distanceM: Math.hypot(calm.eastM, calm.northM), bearing: bearingFrom(calm, dice.unit()) }
  const speed = Math.min(FASTEST_M_PER_S, dice.between(1, 1.5) * pace.speed)
  const reaches = (distanceM: number) => startAt + ((distanceM - start.distanceM) / speed) * 1_000

  const outAt = reaches(outsideM + SURELY_OUT_M)
  const deadline = outAt + wearer.household.zone.dwellMs + FIXES * pace.intervalMs + CONDITION_SLACK_MS
  const turnM = outsideM + SURELY_OUT_M + WALK_ON_M
  const homewardAt = deadline + AFTERMATH_MS
  const driveMs = (turnM / Math.min(FASTEST_M_PER_S, DRIVE_HOME_M_PER_S * pace.speed)) * 1_000

  return {
    scenario: 'wander',
    deviceId: wearer.deviceId,
    startAt,
    endAt: homewardAt + driveMs,
    presses: [],
    expects: [{ deviceId: wearer.deviceId, kind: 'zone_exit', notBefore: reaches(insideM), deadline }],
    change(moment, now) {
      const walkedM = start.distanceM + (speed * (now - startAt)) / 1_000
      const homeward = Math.max(0, (now - homewardAt) / driveMs)
      const distanceM = Math.min(walkedM, turnM) * Math.max(0, 1 - homeward)
      return {
        ...moment,
        eastM: distanceM * Math.cos(start.bearing),
        northM: distanceM * Math.sin(start.bearing),
        outdoors: true,
        worn: true,
        hrBpm: Math.min(88, moment.hrBpm + 8),
      }
    },
  }
}

/** Away from home through the place where the elder is; anywhere when that is home itself. */
function bearingFrom({ eastM, northM }: Moment, chance: number): number {
  return Math.hypot(eastM, northM) < 1 ? chance * 2 * Math.PI : Math.atan2(northM, eastM)
}
