// The rules, by lane. A rule reads exactly one lane; within one they run in this order, each on its own.

import type { Lane } from '../../model/lane.ts'
import type { Rule } from '../rule.ts'
import { cancel } from './cancel.ts'
import { custom } from './custom.ts'
import { fall } from './fall.ts'
import { lowBattery } from './low-battery.ts'
import { powerOff } from './power-off.ts'
import { removed } from './removed.ts'
import { service } from './service.ts'
import { sos } from './sos.ts'
import { unreadable } from './unreadable.ts'
import { vitals } from './vitals.ts'
import { worn } from './worn.ts'
import { zoneExit } from './zone-exit.ts'

export const RULES: Record<Lane, readonly Rule[]> = {
  urgent: [sos, fall, unreadable, removed, service, custom, cancel],
  motion: [],
  routine: [vitals, zoneExit, worn, lowBattery, powerOff],
}
