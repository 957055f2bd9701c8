// Keys: the red one, the green one, and the red one taken back; and the band that says by itself that its wearer fell.

import type { EventKind } from '../../model/event.ts'
import { calmMoment, lifeAt } from '../life.ts'
import { locationOf } from '../sensors.ts'
import { type Cue, type Episode, type Expectation, KEY_DEADLINE_MS, type Press } from './episode.ts'

/** What the device says, and the finding of the same name that the hub owes. */
type Key = Extract<EventKind, 'sos' | 'service' | 'cancel' | 'fall'>

export const pressRed = (cue: Cue): Episode => episodeOf(cue, [press(cue, 'sos', cue.startAt)])

export const pressGreen = (cue: Cue): Episode => episodeOf(cue, [press(cue, 'service', cue.startAt)])

/** Nobody presses anything: the band has felt it. */
export const fallDown = (cue: Cue): Episode => episodeOf(cue, [press(cue, 'fall', cue.startAt)])

/** Pressed by mistake: taken back after 3 to 10 seconds. Both must reach the desk; the operator decides. */
export function pressAndCancel(cue: Cue): Episode {
  const cancelAt = cue.startAt + cue.dice.whole(3_000, 10_000)
  return episodeOf(cue, [press(cue, 'sos', cue.startAt), press(cue, 'cancel', cancelAt)])
}

/** What happens when elders have keys: mostly the red one, sometimes the green, sometimes a mistake. */
export function pressSomething(cue: Cue): Episode {
  const press = cue.dice.weigh([
    [pressRed, 65],
    [pressGreen, 20],
    [pressAndCancel, 15],
  ])
  return press(cue)
}

function press({ wearer, pace, dice, run }: Cue, kind: Key, at: number): Press {
  const id = `${run}-${kind}-${dice.whole(0, 0xffffffff).toString(36)}-${wearer.seed.toString(36)}`
  const moment = calmMoment(wearer, lifeAt(pace, at))
  return { at, event: { id, ts: at, kind, loc: locationOf(wearer, moment, at) } }
}

function episodeOf({ wearer, startAt }: Cue, presses: readonly Press[]): Episode {
  return {
    scenario: 'sos',
    deviceId: wearer.deviceId,
    startAt,
    endAt: (presses.at(-1)?.at ?? startAt) + KEY_DEADLINE_MS,
    presses,
    expects: presses.map(pressed => expectationOf(wearer.deviceId, pressed)),
  }
}

function expectationOf(deviceId: string, { at, event }: Press): Expectation {
  const kind = event.kind as Key
  return { deviceId, kind, eventId: event.id, notBefore: at, deadline: at + KEY_DEADLINE_MS }
}
