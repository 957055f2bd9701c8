// A burst as the model reads it, live and in training: once with all that the sensor tells, once as a sensor of ±2 g
// would have told it. What the second says is the same whatever the range of a device, what the first says is more.

import { type Burst, clippedAt, rateOf, reachOf } from './burst.ts'
import type { Sensor } from './cut-off.ts'
import { FEATURES, featuresOf } from './features.ts'
import { answersOf, type Kernels } from './kernels.ts'
import { impactOf, resample, type Signal, windowAround } from './signal.ts'

/** The smallest range that sensors of wearables are set to. */
export const NARROWEST_MG = 2_000
/** Axes of such a sensor stay below this: 2 g, and what makers and gains add to it. */
export const NARROW_MG = 2_200

/** Features of both readings, one after the other. */
export const READ_FEATURES = 2 * FEATURES

export type Reading = {
  signal: Signal
  impact: number
  /** Features of the burst as it is, then of the clipped one, then what the kernels answer: half of them to each. */
  row: Float64Array
  /** `isNarrow`: no axis goes beyond what a sensor of ±2 g can tell. It may have had more to tell. */
  sensor: Sensor
}

export function read(burst: Burst, kernels: Kernels): Reading {
  const reachMg = reachOf(burst)
  const signal = resample(burst)
  const impact = impactOf(signal)
  const whole = windowAround(signal, impact)
  const narrow = reachMg <= NARROWEST_MG ? whole : windowOf(clippedAt(burst, NARROWEST_MG))
  const row = new Float64Array(READ_FEATURES + 2 * kernels.count)
  const features = featuresOf(whole)
  row.set(features)
  row.set(narrow === whole ? features : featuresOf(narrow), FEATURES)
  const half = kernels.count >> 1
  answersOf(whole, kernels, 0, half, row.subarray(READ_FEATURES))
  answersOf(narrow, kernels, half, kernels.count, row.subarray(READ_FEATURES))
  return { signal, impact, row, sensor: { rateHz: rateOf(burst), isNarrow: reachMg <= NARROW_MG } }
}

function windowOf(burst: Burst): Signal {
  const signal = resample(burst)
  return windowAround(signal, impactOf(signal))
}
