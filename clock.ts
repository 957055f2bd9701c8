// The time of this machine, for the process edge to pass in; everything else asks the clock it was given.

import type { Clock } from './model/time.ts'
import { epochMs } from './model/units.ts'

export const systemClock: Clock = { now: () => epochMs(Date.now()) }
