// Sums over stretches of a window in constant time: what most features ask for.

import { LENGTH, RATE_HZ, type Signal } from './signal.ts'

/** An element that is known to be there. */
const at = (series: Float64Array, index: number): number => series[index] as number

export type Vector = readonly [x: number, y: number, z: number]

export type Stretches = {
  /** Mean vector of [from, to). */
  mean(from: number, to: number): Vector
  /** Root of the variances of the three axes: 0 for a hand that lies still, whichever way. */
  spread(from: number, to: number): number
  /** Standard deviation of the vector's length. */
  deviation(from: number, to: number): number
  /** Mean change from one value to the next, g/s. */
  jerk(from: number, to: number): number
  /** Change from each value to the next, g/s; 0 for the last. */
  jerks: Float64Array
}

export function openStretches({ x, y, z, size }: Signal): Stretches {
  const jerks = jerksOf({ x, y, z, size })
  const [sumX, sumY, sumZ] = [sumsOf(x), sumsOf(y), sumsOf(z)]
  const sumSize = sumsOf(size)
  const sumSquares = sumsOf(squaresOf(size))
  const sumJerks = sumsOf(jerks)
  const over = (sums: Float64Array, from: number, to: number): number =>
    (at(sums, to) - at(sums, from)) / (to - from)

  return {
    jerks,
    mean: (from, to) => [over(sumX, from, to), over(sumY, from, to), over(sumZ, from, to)],
    spread(from, to) {
      const [a, b, c] = [over(sumX, from, to), over(sumY, from, to), over(sumZ, from, to)]
      return Math.sqrt(Math.max(0, over(sumSquares, from, to) - (a * a + b * b + c * c)))
    },
    deviation(from, to) {
      const mean = over(sumSize, from, to)
      return Math.sqrt(Math.max(0, over(sumSquares, from, to) - mean * mean))
    },
    jerk: (from, to) => over(sumJerks, from, to),
  }
}

/** Length of a vector. */
export const lengthOf = ([x, y, z]: Vector): number => Math.sqrt(x * x + y * y + z * z)

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** Cosine of the angle between two vectors; 1 where one of them has no direction. */
export function cosine(a: Vector, b: Vector): number {
  const lengths = lengthOf(a) * lengthOf(b)
  return lengths < 1e-6 ? 1 : Math.max(-1, Math.min(1, dot(a, b) / lengths))
}

function squaresOf(series: Float64Array): Float64Array {
  const squares = new Float64Array(series.length)
  for (let i = 0; i < squares.length; i++) squares[i] = at(series, i) ** 2
  return squares
}

function sumsOf(series: Float64Array): Float64Array {
  const sums = new Float64Array(LENGTH + 1)
  for (let i = 0; i < LENGTH; i++) sums[i + 1] = at(sums, i) + at(series, i)
  return sums
}

function jerksOf({ x, y, z }: Signal): Float64Array {
  const jerks = new Float64Array(LENGTH)
  for (let i = 0; i < LENGTH - 1; i++) {
    const a = at(x, i + 1) - at(x, i)
    const b = at(y, i + 1) - at(y, i)
    const c = at(z, i + 1) - at(z, i)
    jerks[i] = Math.sqrt(a * a + b * b + c * c) * RATE_HZ
  }
  return jerks
}
