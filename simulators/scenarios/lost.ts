// An elder goes for a walk and does not find home: out of the zone, along streets that wind, to a stop where they sit down,
// until somebody brings them back. Longer than `wander`, so that there is a track to follow.

import { calmMoment, lifeAt, type Moment } from '../life.ts'
import { CONDITION_SLACK_MS, type Cue, type Episode } from './episode.ts'
import { SURELY_OUT_M } from './wander.ts'

/** By the clock: who watches has minutes, and not hours. */
const STEP_MS = 5_000
const WALK_M_PER_S = 2.6
const WALK_MS = 12 * 60_000
const REST_MS = 8 * 60_000
const DRIVE_MS = 3 * 60_000
const FIXES = 4

type Spot = { eastM: number; northM: number }

export function loseTheWay({ wearer, startAt, pace, dice }: Cue): Episode {
  const { fence, zone } = wearer.household
  const path = walkFrom(calmMoment(wearer, lifeAt(pace, startAt)), dice.between(0, 2 * Math.PI))
  const outAfter = path.findIndex(
    ({ eastM, northM }) => Math.hypot(eastM, northM) > fence.outsideM + SURELY_OUT_M,
  )
  const outAt = startAt + (outAfter < 0 ? path.length : outAfter) * STEP_MS
  const homewardAt = startAt + WALK_MS + REST_MS
  return {
    scenario: 'wander',
    deviceId: wearer.deviceId,
    startAt,
    endAt: homewardAt + DRIVE_MS,
    presses: [],
    expects: [
      {
        deviceId: wearer.deviceId,
        kind: 'zone_exit',
        notBefore: startAt,
        deadline: outAt + zone.dwellMs + FIXES * pace.intervalMs + CONDITION_SLACK_MS,
      },
    ],
    change(calm: Moment, now: number): Moment {
      const homeward = Math.min(1, Math.max(0, (now - homewardAt) / DRIVE_MS))
      const { eastM, northM } = along(path, (now - startAt) / STEP_MS)
      return {
        ...calm,
        eastM: eastM * (1 - homeward),
        northM: northM * (1 - homeward),
        outdoors: true,
        worn: true,
        hrBpm: Math.min(88, calm.hrBpm + 8),
      }
    },
  }
}

/** Away from home, with turns as streets have them; never back through the door. */
function walkFrom({ eastM, northM }: Spot, bearing: number): Spot[] {
  const path: Spot[] = [{ eastM, northM }]
  for (let at = STEP_MS; at <= WALK_MS; at += STEP_MS) {
    const last = path.at(-1) as Spot
    const turn = 0.8 * Math.sin(at / 95_000) + 0.5 * Math.sin(at / 31_000 + bearing)
    const stepM = (WALK_M_PER_S * STEP_MS) / 1_000
    path.push({
      eastM: last.eastM + stepM * Math.cos(bearing + turn),
      northM: last.northM + stepM * Math.sin(bearing + turn),
    })
  }
  return path
}

function along(path: readonly Spot[], place: number): Spot {
  const index = Math.min(path.length - 1, Math.max(0, Math.floor(place)))
  const from = path[index] as Spot
  const to = path[Math.min(path.length - 1, index + 1)] as Spot
  const part = Math.min(1, Math.max(0, place - index))
  return {
    eastM: from.eastM + (to.eastM - from.eastM) * part,
    northM: from.northM + (to.northM - from.northM) * part,
  }
}
