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

/** Of one window at a time: what this returned before holds no longer. */
export function openStretches(window: Signal): Stretches {
  const { jerks, sumX, sumY, sumZ, sumSize, sumSquares, sumJerks } = sumsOf(window)
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

type Sums = Record<'jerks' | 'sumX' | 'sumY' | 'sumZ' | 'sumSize' | 'sumSquares' | 'sumJerks', Float64Array>

/** The same arrays for every window: to make them takes as long as to fill them. The sums begin with 0 and stay so. */
const SUMS: Sums = {
  jerks: new Float64Array(LENGTH),
  sumX: new Float64Array(LENGTH + 1),
  sumY: new Float64Array(LENGTH + 1),
  sumZ: new Float64Array(LENGTH + 1),
  sumSize: new Float64Array(LENGTH + 1),
  sumSquares: new Float64Array(LENGTH + 1),
  sumJerks: new Float64Array(LENGTH + 1),
}

/** Running sums from the beginning of the window to each place: all in one pass, which is most of the cost. */
function sumsOf({ x, y, z, size }: Signal): Sums {
  const { jerks, sumX, sumY, sumZ, sumSize, sumSquares, sumJerks } = SUMS
  let [ofX, ofY, ofZ, ofSize, ofSquares, ofJerks] = [0, 0, 0, 0, 0, 0]
  let [a, b, c] = [at(x, 0), at(y, 0), at(z, 0)]
  for (let i = 0; i < LENGTH; i++) {
    const length = at(size, i)
    sumX[i + 1] = ofX += a
    sumY[i + 1] = ofY += b
    sumZ[i + 1] = ofZ += c
    sumSize[i + 1] = ofSize += length
    sumSquares[i + 1] = ofSquares += length * length
    let jerk = 0
    if (i + 1 < LENGTH) {
      const nextA = at(x, i + 1)
      const nextB = at(y, i + 1)
      const nextC = at(z, i + 1)
      const dx = nextA - a
      const dy = nextB - b
      const dz = nextC - c
      jerk = Math.sqrt(dx * dx + dy * dy + dz * dz) * RATE_HZ
      a = nextA
      b = nextB
      c = nextC
    }
    jerks[i] = jerk
    sumJerks[i + 1] = ofJerks += jerk
  }
  return SUMS
}
