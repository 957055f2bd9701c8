// Boosted trees, ready to be asked: complete binary trees of one depth in flat arrays.

/** Node n of a tree has its children at 2n + 1 and 2n + 2; a value above the threshold goes to the second. */
export type Forest = {
  depth: number
  trees: number
  /** Log odds before any tree has spoken. */
  base: number
  feature: Uint8Array
  threshold: Float32Array
  leaf: Float32Array
}

/** Log odds of a fall for one row of features. */
export function oddsByForest(
  { depth, trees, base, feature, threshold, leaf }: Forest,
  row: ArrayLike<number>,
): number {
  const inner = 2 ** depth - 1
  let odds = base
  for (let t = 0; t < trees; t++) {
    const root = t * inner
    let node = 0
    for (let d = 0; d < depth; d++) {
      const value = row[feature[root + node] as number] as number
      node = 2 * node + (value > (threshold[root + node] as number) ? 2 : 1)
    }
    odds += leaf[t * (inner + 1) + node - inner] as number
  }
  return odds
}
