// Whether a burst is a fall: the one detector, live and in programs.

import type { Motion } from '../../model/motion.ts'
import { type Burst, burstOf, type Unusable } from './burst.ts'
import { cutFor } from './cut-off.ts'
import shipped from './model.json' with { type: 'json' }
import { type FallModel, unpackModel } from './model.ts'
import { oddsOf } from './odds.ts'
import { READ_FEATURES, read } from './reading.ts'
import { RATE_HZ, type Signal } from './signal.ts'

/** An element that is known to be there. */
const at = (series: Float64Array, index: number): number => series[index] as number

/** `score` is 0 to 1; from `CUT_OFF` on it is a fall. */
export type Verdict = {
  fall: boolean
  score: number
  /** When the impact was, after the first sample, and how hard. */
  peakMs: number
  peakG: number
  /** The longest rest after it. */
  stillMs: number
  model: string
}

/** Scores are set so that the model's cut-off for a burst, whatever its odds are, lies here. */
export const CUT_OFF = 0.5

/** Blocks of a quarter of a second whose vector moves by less than this are rest: a breathing chest moves a hand so. */
const REST_G = 0.05
const BLOCK = RATE_HZ / 4

export type Detector = (motion: Motion) => Verdict | { unusable: Unusable }

/** A detector by `model`. @throws RangeError when the model was made for other features */
export function createDetector(model: FallModel): Detector {
  if (model.features !== READ_FEATURES) {
    throw new RangeError(`a model of ${model.features} features, not ${READ_FEATURES}`)
  }
  return motion => {
    const burst = burstOf(motion)
    return 'unusable' in burst ? burst : judge(burst, model)
  }
}

let live: Detector | undefined

/** Judges a burst by the shipped model, which is unpacked for the first one. */
export const detectFall: Detector = motion => {
  live ??= createDetector(unpackModel(shipped))
  return live(motion)
}

function judge(burst: Burst, model: FallModel): Verdict {
  const { signal, impact, row, sensor } = read(burst, model.kernels)
  const score = scoreOf(oddsOf(model, row) - cutFor(sensor, model.cutOdds))
  return {
    fall: score >= CUT_OFF,
    score,
    peakMs: Math.round((impact / RATE_HZ) * 1_000),
    peakG: Math.round(at(signal.size, impact) * 100) / 100,
    stillMs: restAfter(signal, impact),
    model: model.version,
  }
}

const scoreOf = (odds: number): number => 1 / (1 + Math.exp(-odds))

/** The longest rest after the impact, to a quarter of a second. */
function restAfter(signal: Signal, impact: number): number {
  let longest = 0
  let run = 0
  for (let from = impact + BLOCK; from + BLOCK <= signal.size.length; from += BLOCK) {
    run = spreadOf(signal, from) < REST_G ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest * 250
}

/** Root of the variances of the three axes over a block. */
function spreadOf(signal: Signal, from: number): number {
  let variance = 0
  for (const series of [signal.x, signal.y, signal.z]) {
    let [sum, squares] = [0, 0]
    for (let i = from; i < from + BLOCK; i++) {
      sum += at(series, i)
      squares += at(series, i) ** 2
    }
    variance += squares / BLOCK - (sum / BLOCK) ** 2
  }
  return Math.sqrt(Math.max(0, variance))
}
