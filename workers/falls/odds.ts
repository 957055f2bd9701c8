// What a model says of a burst that was read: trees and linear model together.

import { oddsByForest } from './forest.ts'
import { oddsByLinear } from './linear.ts'
import type { FallModel } from './model.ts'

/** Log odds of a fall for a row as `reading.ts` makes it; trees see its features alone, which come first. */
export const oddsOf = ({ forest, linear, forestShare }: FallModel, row: ArrayLike<number>): number =>
  forestShare * oddsByForest(forest, row) + (1 - forestShare) * oddsByLinear(linear, row)
