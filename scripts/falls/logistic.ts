// Logistic regression with a penalty on squared weights, by Newton's method on standardised and cut values.

import { type Linear, REACH } from '../../workers/falls/linear.ts'

const STEPS = 40
/** After these the bend hardly changes, and to reckon it is nearly all of the work. */
const BENT_STEPS = 3
/** Weights that move by less are found. */
const ENOUGH = 1e-3

/** Fits weighted rows. `penalty` is in rows: the larger, the smaller the weights. */
export function fitLinear(
  rows: readonly Float32Array[],
  isFall: readonly boolean[],
  weight: readonly number[],
  penalty: number,
): Linear {
  const width = rows[0]?.length ?? 0
  const { mean, scale } = momentsOf(rows, weight, width)
  const size = width + 1 // the last is the intercept
  const table: Table = { values: standardised(rows, mean, scale, size), size, count: rows.length }
  const found = new Float64Array(size)
  let bend: Float64Array[] = []
  for (let step = 0; step < STEPS; step++) {
    const { slope, curve } = slopeAt(found, table, isFall, weight)
    for (let f = 0; f < width; f++) slope[f] = (slope[f] as number) + penalty * (found[f] as number)
    if (step < BENT_STEPS) bend = decomposed(bendOf(table, curve), penalty)
    const move = solve(bend, slope)
    for (let f = 0; f < size; f++) found[f] = (found[f] as number) - (move[f] as number)
    if (move.every(value => Math.abs(value) < ENOUGH)) break
  }
  return {
    intercept: found[width] as number,
    mean,
    scale,
    weight: Float32Array.from(found.subarray(0, width)),
  }
}

/** Rows of standardised values one after the other, each with a 1 at its end. */
type Table = { values: Float64Array; size: number; count: number }

function standardised(
  rows: readonly Float32Array[],
  mean: Float32Array,
  scale: Float32Array,
  size: number,
): Float64Array {
  const values = new Float64Array(rows.length * size)
  for (const [i, row] of rows.entries()) {
    for (let f = 0; f < size - 1; f++) {
      const value = ((row[f] as number) - (mean[f] as number)) * (scale[f] as number)
      values[i * size + f] = Math.max(-REACH, Math.min(REACH, value))
    }
    values[i * size + size - 1] = 1
  }
  return values
}

/** The slope of the loss, and how much each row bends it. */
function slopeAt(
  found: Float64Array,
  { values, size, count }: Table,
  isFall: readonly boolean[],
  weight: readonly number[],
): { slope: Float64Array; curve: Float64Array } {
  const slope = new Float64Array(size)
  const curve = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const row = values.subarray(i * size, (i + 1) * size)
    let odds = 0
    for (let f = 0; f < size; f++) odds += (row[f] as number) * (found[f] as number)
    const p = 1 / (1 + Math.exp(-odds))
    const w = weight[i] as number
    const error = w * (p - Number(isFall[i]))
    curve[i] = Math.max(1e-6, w * p * (1 - p))
    for (let f = 0; f < size; f++) slope[f] = (slope[f] as number) + error * (row[f] as number)
  }
  return { slope, curve }
}

/** The lower half of the bend, four rows at a time: most of the time goes into fetching and storing sums. */
function bendOf({ values, size, count }: Table, curve: Float64Array): Float64Array[] {
  const bend = Array.from({ length: size }, () => new Float64Array(size))
  const none = new Float64Array(size)
  const rowOf = (i: number): Float64Array => (i < count ? values.subarray(i * size, (i + 1) * size) : none)
  for (let i = 0; i < count; i += 4) {
    const [a, b, c, d] = [rowOf(i), rowOf(i + 1), rowOf(i + 2), rowOf(i + 3)]
    const [ca, cb, cc, cd] = [curve[i] ?? 0, curve[i + 1] ?? 0, curve[i + 2] ?? 0, curve[i + 3] ?? 0]
    for (let f = 0; f < size; f++) {
      const line = bend[f] as Float64Array
      const [pa, pb] = [ca * (a[f] as number), cb * (b[f] as number)]
      const [pc, pd] = [cc * (c[f] as number), cd * (d[f] as number)]
      for (let g = 0; g <= f; g++) {
        line[g] =
          (line[g] as number) +
          (pa * (a[g] as number) + pb * (b[g] as number)) +
          (pc * (c[g] as number) + pd * (d[g] as number))
      }
    }
  }
  return bend
}

/** The lower half of a symmetric positive system, with the penalty, by Cholesky's decomposition, in place. */
function decomposed(lower: Float64Array[], penalty: number): Float64Array[] {
  const size = lower.length
  for (let i = 0; i < size; i++) {
    const row = lower[i] as Float64Array
    if (i < size - 1) row[i] = (row[i] as number) + penalty
    for (let j = 0; j <= i; j++) {
      const other = lower[j] as Float64Array
      let sum = row[j] as number
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number)
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] as number)
    }
  }
  return lower
}

/** Solves a system that was decomposed. */
function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  const found = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    const row = lower[i] as Float64Array
    for (let k = 0; k < i; k++) found[i] = (found[i] as number) - (row[k] as number) * (found[k] as number)
    found[i] = (found[i] as number) / (row[i] as number)
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) {
      found[i] = (found[i] as number) - ((lower[k] as Float64Array)[i] as number) * (found[k] as number)
    }
    found[i] = (found[i] as number) / ((lower[i] as Float64Array)[i] as number)
  }
  return found
}

function momentsOf(
  rows: readonly Float32Array[],
  weight: readonly number[],
  width: number,
): { mean: Float32Array; scale: Float32Array } {
  const mean = new Float32Array(width)
  const scale = new Float32Array(width)
  const all = weight.reduce((sum, w) => sum + w, 0)
  for (let f = 0; f < width; f++) {
    let [sum, squares] = [0, 0]
    for (const [i, row] of rows.entries()) {
      const [value, w] = [row[f] as number, weight[i] as number]
      sum += w * value
      squares += w * value * value
    }
    mean[f] = sum / all
    const deviation = Math.sqrt(Math.max(0, squares / all - (sum / all) ** 2))
    scale[f] = deviation < 1e-6 ? 0 : 1 / deviation
  }
  return { mean, scale }
}
