// Gradient boosting with logistic loss over binned features (Friedman, Annals of Statistics 29:1189, 2001; bins and
// second order as in XGBoost): complete trees of one depth, each over a part of the rows and of the features.

import type { Chance } from '../../workers/falls/chance.ts'
import type { Forest } from '../../workers/falls/forest.ts'

export type Boosting = {
  trees: number
  depth: number
  rate: number
  /** Parts of rows and of features that a tree sees. */
  rows: number
  features: number
  /** Shrinks leaves with little in them, and the least that a leaf must hold. */
  lambda: number
  leastInLeaf: number
}

export const BOOSTING: Boosting = {
  trees: 320,
  depth: 4,
  rate: 0.06,
  rows: 0.4,
  features: 0.15,
  lambda: 4,
  leastInLeaf: 3,
}

const BINS = 48

type Task = { rows: readonly Float32Array[]; isFall: readonly boolean[]; weight: readonly number[] }

/** Fits a forest to weighted rows. */
export function fitForest(task: Task, chance: Chance, boosting: Boosting = BOOSTING): Forest {
  const { rows, isFall, weight } = task
  const count = rows.length
  const width = rows[0]?.length ?? 0
  const { edges, bins } = binned(rows, width)
  const { trees, depth } = boosting
  const inner = 2 ** depth - 1
  const forest: Forest = {
    depth,
    trees,
    base: baseOf(task),
    feature: new Uint8Array(trees * inner),
    threshold: new Float32Array(trees * inner).fill(Number.POSITIVE_INFINITY),
    leaf: new Float32Array(trees * (inner + 1)),
  }
  const odds = new Float64Array(count).fill(forest.base)
  const slope = new Float64Array(count)
  const bend = new Float64Array(count)
  const node = new Uint8Array(count)
  for (let t = 0; t < trees; t++) {
    for (let i = 0; i < count; i++) {
      const p = 1 / (1 + Math.exp(-(odds[i] as number)))
      const w = weight[i] as number
      slope[i] = w * (p - Number(isFall[i]))
      bend[i] = w * p * (1 - p)
    }
    const seen = seenBy({ chance, part: boosting.rows, slope, bend })
    const asked: number[] = []
    for (let f = 0; f < width; f++) if (chance.unit() < boosting.features) asked.push(f)
    node.fill(0)
    growTree({ seen, asked, bins, node, boosting, count, forest, edges, t })
    setLeaves({ seen, node, boosting, forest, t, inner })
    for (let i = 0; i < count; i++) {
      odds[i] = (odds[i] as number) + (forest.leaf[t * (inner + 1) + (node[i] as number) - inner] as number)
    }
  }
  return forest
}

/** The rows that a tree sees, with their slopes and bends side by side: most of the time goes into adding those up. */
type Seen = { rows: Int32Array; slopes: Float64Array; bends: Float64Array }

type Growth = {
  seen: Seen
  asked: readonly number[]
  bins: readonly Uint8Array[]
  edges: readonly Float32Array[]
  /** The node in which each row is, in the numbering of forest.ts. */
  node: Uint8Array
  boosting: Boosting
  count: number
  forest: Forest
  t: number
}

/** A part of the rows, drawn anew for each tree. */
function seenBy({
  chance,
  part,
  slope,
  bend,
}: {
  chance: Chance
  part: number
  slope: Float64Array
  bend: Float64Array
}): Seen {
  const drawn: number[] = []
  for (let i = 0; i < slope.length; i++) if (chance.unit() < part) drawn.push(i)
  return {
    rows: Int32Array.from(drawn),
    slopes: Float64Array.from(drawn, i => slope[i] as number),
    bends: Float64Array.from(drawn, i => bend[i] as number),
  }
}

/** Slopes and bends by node and bin: `places` is where the bins of each row's node begin. */
function addUp(
  sums: Float64Array,
  places: Int32Array,
  column: Uint8Array,
  { rows, slopes, bends }: Seen,
): void {
  sums.fill(0)
  for (let j = 0; j < rows.length; j++) {
    const k = (places[j] as number) + 2 * (column[rows[j] as number] as number)
    sums[k] = (sums[k] as number) + (slopes[j] as number)
    sums[k + 1] = (sums[k + 1] as number) + (bends[j] as number)
  }
}

/** Splits level by level and moves every row down. */
function growTree(growth: Growth): void {
  const { seen, asked, bins, node, boosting, count, forest, edges, t } = growth
  const inner = 2 ** boosting.depth - 1
  for (let d = 0; d < boosting.depth; d++) {
    const first = 2 ** d - 1
    const width = 2 ** d
    const best = Array.from({ length: width }, () => ({ gain: 1e-6, feature: -1, bin: 0 }))
    const sums = new Float64Array(width * BINS * 2)
    const places = new Int32Array(seen.rows.length)
    for (let j = 0; j < places.length; j++) {
      places[j] = ((node[seen.rows[j] as number] as number) - first) * BINS * 2
    }
    for (const f of asked) {
      addUp(sums, places, bins[f] as Uint8Array, seen)
      for (let n = 0; n < width; n++) {
        const split = bestSplit(sums.subarray(n * BINS * 2, (n + 1) * BINS * 2), boosting)
        const known = best[n] as (typeof best)[number]
        if (split.gain > known.gain) best[n] = { ...split, feature: f }
      }
    }
    for (let n = 0; n < width; n++) {
      const { feature, bin } = best[n] as (typeof best)[number]
      if (feature < 0) continue
      forest.feature[t * inner + first + n] = feature
      forest.threshold[t * inner + first + n] = (edges[feature] as Float32Array)[bin] as number
    }
    for (let i = 0; i < count; i++) {
      const at = node[i] as number
      const { feature, bin } = best[at - first] as (typeof best)[number]
      const isAbove = feature >= 0 && ((bins[feature] as Uint8Array)[i] as number) > bin
      node[i] = 2 * at + (isAbove ? 2 : 1)
    }
  }
}

/** The best place to cut bins of (slope, bend) in two. */
function bestSplit(sums: Float64Array, { lambda, leastInLeaf }: Boosting): { gain: number; bin: number } {
  let [slope, bend] = [0, 0]
  for (let b = 0; b < BINS; b++) {
    slope += sums[2 * b] as number
    bend += sums[2 * b + 1] as number
  }
  const whole = (slope * slope) / (bend + lambda)
  let best = { gain: 0, bin: 0 }
  let [left, leftBend] = [0, 0]
  for (let b = 0; b < BINS - 1; b++) {
    left += sums[2 * b] as number
    leftBend += sums[2 * b + 1] as number
    const rightBend = bend - leftBend
    // A bend of 1/4 is what one row weighs of which nothing is known.
    if (leftBend * 4 < leastInLeaf || rightBend * 4 < leastInLeaf) continue
    const right = slope - left
    const gain = (left * left) / (leftBend + lambda) + (right * right) / (rightBend + lambda) - whole
    if (gain > best.gain) best = { gain, bin: b }
  }
  return best
}

function setLeaves({
  seen,
  node,
  boosting,
  forest,
  t,
  inner,
}: Pick<Growth, 'seen' | 'node' | 'boosting' | 'forest' | 't'> & { inner: number }): void {
  const slopes = new Float64Array(inner + 1)
  const bends = new Float64Array(inner + 1)
  for (const [j, i] of seen.rows.entries()) {
    const leaf = (node[i] as number) - inner
    slopes[leaf] = (slopes[leaf] as number) + (seen.slopes[j] as number)
    bends[leaf] = (bends[leaf] as number) + (seen.bends[j] as number)
  }
  for (let leaf = 0; leaf <= inner; leaf++) {
    const step = -(slopes[leaf] as number) / ((bends[leaf] as number) + boosting.lambda)
    forest.leaf[t * (inner + 1) + leaf] = step * boosting.rate
  }
}

/** Log odds over all rows. */
function baseOf({ isFall, weight }: Task): number {
  let [falls, all] = [0, 0]
  for (const [i, w] of weight.entries()) {
    all += w
    if (isFall[i]) falls += w
  }
  return Math.log(falls / (all - falls))
}

/** Edges between bins by quantiles, half-way between two values; and each feature's column of bins. */
function binned(rows: readonly Float32Array[], width: number): { edges: Float32Array[]; bins: Uint8Array[] } {
  const edges: Float32Array[] = []
  const bins: Uint8Array[] = []
  for (let f = 0; f < width; f++) {
    const column = Float32Array.from(rows, row => row[f] as number)
    const values = withoutDoubles(column.toSorted())
    const cuts = new Set<number>()
    for (let b = 1; b < BINS; b++) {
      const i = Math.floor((b * values.length) / BINS)
      if (i > 0) cuts.add(Math.fround(((values[i - 1] as number) + (values[i] as number)) / 2))
    }
    const sorted = Float32Array.from(cuts).sort()
    edges.push(sorted)
    bins.push(Uint8Array.from(column, value => binOf(value, sorted)))
  }
  return { edges, bins }
}

function withoutDoubles(sorted: Float32Array): Float32Array {
  let count = 0
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i] as number
  }
  return sorted.subarray(0, count)
}

/** How many edges lie below a value. */
function binOf(value: number, edges: Float32Array): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value > (edges[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}
