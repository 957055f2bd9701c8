// A logistic model over what the kernels answer, ready to be asked.

/** Rows are standardised by `mean` and `scale` (1 / deviation) and cut at ±`REACH` before they are weighed. */
export type Linear = { intercept: number; mean: Float32Array; scale: Float32Array; weight: Float32Array }

/** Beyond so many deviations a value says no more than at them: other devices must not shout. */
export const REACH = 4

/** Log odds of a fall for one row of answers. */
export function oddsByLinear({ intercept, mean, scale, weight }: Linear, row: ArrayLike<number>): number {
  let odds = intercept
  for (let i = 0; i < weight.length; i++) {
    const value = ((row[i] as number) - (mean[i] as number)) * (scale[i] as number)
    odds += (value > REACH ? REACH : value < -REACH ? -REACH : value) * (weight[i] as number)
  }
  return odds
}
