// Logistic regression with a penalty on squared weights, by Newton's method on standardised and cut values.

import { type Linear, REACH } from '../../workers/falls/linear.ts'

const STEPS = 6

/** Fits weighted rows. `penalty` is in rows: the larger, the smaller the weights. */
export function fitLinear(
  rows: readonly Float32Array[],
  isFall: readonly boolean[],
  weight: readonly number[],
  penalty: number,
): Linear {
  const width = rows[0]?.length ?? 0
  const { mean, scale } = momentsOf(rows, weight, width)
  const standard = rows.map(row =>
    Float64Array.from(row, (value, f) =>
      Math.max(-REACH, Math.min(REACH, (value - (mean[f] as number)) * (scale[f] as number))),
    ),
  )
  const size = width + 1 // the last is the intercept
  const found = new Float64Array(size)
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(size)
    const bend = Array.from({ length: size }, () => new Float64Array(size))
    for (const [i, row] of standard.entries()) {
      const p = 1 / (1 + Math.exp(-oddsOf(row, found)))
      const w = weight[i] as number
      addRow(row, { slope, bend, error: w * (p - Number(isFall[i])), curve: Math.max(1e-6, w * p * (1 - p)) })
    }
    for (let f = 0; f < width; f++) {
      slope[f] = (slope[f] as number) + penalty * (found[f] as number)
      const line = bend[f] as Float64Array
      line[f] = (line[f] as number) + penalty
    }
    const move = solve(bend, slope)
    for (let f = 0; f < size; f++) found[f] = (found[f] as number) - (move[f] as number)
  }
  return {
    intercept: found[width] as number,
    mean,
    scale,
    weight: Float32Array.from(found.subarray(0, width)),
  }
}

function oddsOf(row: Float64Array, found: Float64Array): number {
  let odds = found[row.length] as number
  for (let f = 0; f < row.length; f++) odds += (row[f] as number) * (found[f] as number)
  return odds
}

/** Adds what one row says to slope and to the lower half of bend. */
function addRow(
  row: Float64Array,
  { slope, bend, error, curve }: { slope: Float64Array; bend: Float64Array[]; error: number; curve: number },
): void {
  const width = row.length
  for (let f = 0; f < width; f++) {
    const value = row[f] as number
    const line = bend[f] as Float64Array
    const part = curve * value
    for (let g = 0; g <= f; g++) line[g] = (line[g] as number) + part * (row[g] as number)
    slope[f] = (slope[f] as number) + error * value
  }
  const last = bend[width] as Float64Array
  for (let g = 0; g < width; g++) last[g] = (last[g] as number) + curve * (row[g] as number)
  last[width] = (last[width] as number) + curve
  slope[width] = (slope[width] as number) + error
}

/** Solves a symmetric positive system by Cholesky's decomposition, in place. */
function solve(lower: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  for (let i = 0; i < size; i++) {
    const row = lower[i] as Float64Array
    for (let j = 0; j <= i; j++) {
      const other = lower[j] as Float64Array
      let sum = row[j] as number
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number)
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] as number)
    }
  }
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
