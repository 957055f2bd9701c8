// Numbers of several runs as one: the median with its spread, percentiles of waits, ratios within a round.

export type Spread = { median: number; min: number; max: number; runs: number }

/** The middle and the ends; undefined without values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) return undefined
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? min
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? min) + upper) / 2
  return { median, min, max, runs: sorted.length }
}

export type Waits = { count: number; p50: number; p99: number; max: number }

/** Percentiles by nearest rank, so that p99 of a hundred is the second worst; undefined without values. */
export function waitsOf(values: readonly number[]): Waits | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const max = sorted.at(-1)
  if (max === undefined) return undefined
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? max
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max }
}

/** A figure of a target as a share of the limit's in the same round; undefined where one of them is missing. */
export function ratioOf(value: number | undefined, limit: number | undefined): number | undefined {
  if (value === undefined || limit === undefined || limit === 0) return undefined
  return value / limit
}

/** Rounded for people: three significant digits from 10 down, whole numbers above 100. */
export function short(value: number): string {
  if (value >= 100_000) return `${Math.round(value / 1_000)} k`
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} k`
  if (value >= 100) return value.toFixed(0)
  if (value >= 10) return value.toFixed(1)
  return value.toFixed(2)
}
