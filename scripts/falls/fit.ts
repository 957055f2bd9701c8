// From examples to a model: the forest and the linear model side by side.

import { chanceOf } from '../../workers/falls/chance.ts'
import { oddsByForest } from '../../workers/falls/forest.ts'
import type { Kernels } from '../../workers/falls/kernels.ts'
import { oddsByLinear } from '../../workers/falls/linear.ts'
import type { FallModel } from '../../workers/falls/model.ts'
import { fitForest } from './boost.ts'
import type { Example } from './examples.ts'
import { fitLinear } from './logistic.ts'

export const FOREST_SHARE = 0.5
const PENALTY = 30

/** Fits a model whose cut-off is still at even odds. */
export function fitModel(
  examples: readonly Example[],
  { kernels, seed, version }: { kernels: Kernels; seed: number; version: string },
): FallModel {
  const isFall = examples.map(example => example.isFall)
  const weight = examples.map(example => example.weight)
  const rows = examples.map(({ features }) => features)
  const linear = fitLinear(
    examples.map(({ all }) => all),
    isFall,
    weight,
    PENALTY,
  )
  return {
    version,
    features: rows[0]?.length ?? 0,
    cutOdds: 0,
    forestShare: FOREST_SHARE,
    forest: fitForest({ rows, isFall, weight }, chanceOf(seed)),
    kernels,
    linear,
  }
}

/** Log odds of an example. */
export const oddsOf = ({ forest, linear, forestShare }: FallModel, example: Example): number =>
  forestShare * oddsByForest(forest, example.features) + (1 - forestShare) * oddsByLinear(linear, example.all)
