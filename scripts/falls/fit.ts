// From examples to a model: the forest and the linear model side by side.

import { chanceOf } from '../../workers/falls/chance.ts'
import type { CutOdds } from '../../workers/falls/cut-off.ts'
import type { Kernels } from '../../workers/falls/kernels.ts'
import type { FallModel } from '../../workers/falls/model.ts'
import { READ_FEATURES } from '../../workers/falls/reading.ts'
import { fitForest } from './boost.ts'
import type { Example } from './examples.ts'
import { fitLinear } from './logistic.ts'

export const FOREST_SHARE = 0.5
const PENALTY = 30

const EVEN: CutOdds = { wide: { slow: 0, fast: 0 }, narrow: { slow: 0, fast: 0 } }

/** Fits a model whose cut-offs are still at even odds. */
export function fitModel(
  examples: readonly Example[],
  { kernels, seed, version }: { kernels: Kernels; seed: number; version: string },
): FallModel {
  const isFall = examples.map(example => example.isFall)
  const weight = examples.map(example => example.weight)
  const rows = examples.map(({ row }) => row)
  const features = rows.map(row => row.subarray(0, READ_FEATURES))
  return {
    version,
    features: READ_FEATURES,
    cutOdds: EVEN,
    forestShare: FOREST_SHARE,
    forest: fitForest({ rows: features, isFall, weight }, chanceOf(seed)),
    kernels,
    linear: fitLinear(rows, isFall, weight, PENALTY),
  }
}
