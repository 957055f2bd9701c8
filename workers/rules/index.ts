// The rules, by lane. A rule reads exactly one lane; within one they run in this order, each on its own.

import type { Lane } from '../../model/lane.ts'
import type { Rule } from '../rule.ts'
import { cancel } from './cancel.ts'
import { checkIn } from './check-in.ts'
import { custom } from './custom.ts'
import { fall } from './fall.ts'
import { fallBurst } from './fall-burst.ts'
import { fallStillness } from './fall-stillness.ts'
import { lowBattery } from './low-battery.ts'
import { noMovement } from './no-movement.ts'
import { powerOff } from './power-off.ts'
import { removed } from './removed.ts'
import { service } from './service.ts'
import { silent } from './silent.ts'
import { sos } from './sos.ts'
import { unreadable } from './unreadable.ts'
import { vitals } from './vitals.ts'
import { worn } from './worn.ts'
import { zones } from './zones.ts'

export const RULES: Record<Lane, readonly Rule[]> = {
  urgent: [sos, fall, unreadable, removed, service, custom, cancel],
  motion: [fallBurst],
  routine: [vitals, zones, worn, lowBattery, powerOff, silent, noMovement, checkIn, fallStillness],
}
