// What a wearable makes of a moment: readings with the errors and gaps that its sensors have.

import type { Location, Telemetry, Vitals } from '../model/telemetry.ts'
import { bell, drift } from './dice.ts'
import type { WearableKind } from './district/household.ts'
import { moved } from './ground.ts'
import type { Moment, Wearer } from './life.ts'

/** Errors of successive fixes hang together over minutes: walls and reflections stay where they are. */
const ERROR_PERIOD_MS = 3 * 60_000
/** 68 % of a two-dimensional normal error lie within 1.51 standard deviations. */
const SIGMAS_TO_68_PERCENT = 1.51
/** No fix is further off than this many times its stated accuracy. */
export const WORST_ERROR = 1.8
/** The least accurate satellite fix, metres. */
export const WORST_OUTDOOR_ACC_M = 14

/** A one-key phone lies on the table: it knows where it is and no more. */
export const measuresVitals = (kind: WearableKind): boolean => kind !== 'phone'
/** Blood pressure is measured now and then. */
const PRESSURE_EVERY = 10

/** One sample at `now`, the `seq`-th of the device. A pure function of the wearer, the moment and the time. */
export function sampleOf(
  wearer: Wearer,
  moment: Moment,
  { now, seq }: { now: number; seq: number },
): Telemetry {
  const { kind } = wearer.household.device
  const sample: Telemetry = {
    ts: now,
    seq,
    loc: locationOf(wearer, moment, now),
    battery: Math.floor(moment.batteryPercent),
    signal: -70 - Math.round(8 + 4 * drift(wearer.seed ^ 21, now, ERROR_PERIOD_MS)),
  }
  if (!measuresVitals(kind)) return sample
  sample.steps = moment.steps
  sample.worn = moment.worn
  if (moment.worn) sample.vitals = vitalsOf(kind, moment, seq)
  return sample
}

function vitalsOf(kind: WearableKind, moment: Moment, seq: number): Vitals {
  const vitals: Vitals = { hr: Math.round(moment.hrBpm), temp: Math.round(moment.tempC * 10) / 10 }
  if (kind !== 'watch') return vitals
  vitals.spo2 = Math.round(moment.spo2Percent)
  vitals.rr = Math.round(moment.rrPerMin)
  if (seq % PRESSURE_EVERY !== 0) return vitals
  vitals.sbp = Math.round(moment.sbpMmHg)
  vitals.dbp = Math.round(moment.dbpMmHg)
  return vitals
}

/** A fix: by satellite outdoors, by Wi-Fi at home, now and then only by cell tower. */
export function locationOf({ seed, household }: Wearer, moment: Moment, now: number): Location {
  const { src, acc } = receiver(seed, moment.outdoors, now)
  const error = (salt: number) => (drift(seed ^ salt, now, ERROR_PERIOD_MS) * acc) / SIGMAS_TO_68_PERCENT
  const eastM = error(31)
  const northM = error(32)
  const size = Math.hypot(eastM, northM)
  const fit = size > acc * WORST_ERROR ? (acc * WORST_ERROR) / size : 1
  const { lat, lon } = moved(household.home, moment.eastM + eastM * fit, moment.northM + northM * fit)
  return { lat, lon, acc, src }
}

function receiver(
  seed: number,
  outdoors: boolean,
  now: number,
): { src: NonNullable<Location['src']>; acc: number } {
  const slot = Math.floor(now / ERROR_PERIOD_MS)
  const luck = bell(seed ^ 41, slot)
  if (outdoors) return { src: luck > 0 ? 'bds' : 'gps', acc: Math.round(9 + luck * 1.6) }
  if (luck > 1.9) return { src: 'lbs', acc: Math.round(350 + 120 * luck) }
  return { src: 'wifi', acc: Math.round(28 + luck * 5) }
}
