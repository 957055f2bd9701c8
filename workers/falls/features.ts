// What a window says of a fall, in numbers that no rotation of the sensor changes: before, impact, after, stillness,
// orientation, gait. Indexes are 1/32 s; the impact is at 64. The model knows features by their place in this row:
// to add one is to train anew.

import { BEFORE, LENGTH, type Signal } from './signal.ts'
import { cosine, dot, lengthOf, openStretches, type Stretches, type Vector } from './stretch.ts'

/** An element that is known to be there. */
const at = (series: Float64Array, index: number): number => series[index] as number

/** Stretches that are described alike: two seconds before the impact, four after it, one by one. */
const SECONDS = [
  [0, 32],
  [32, 64],
  [64, 96],
  [96, 128],
  [128, 160],
  [160, 192],
] as const

/** A quarter of a second: long enough to have a spread. */
const BLOCK = 8
const BLOCKS = LENGTH / BLOCK
/** The first block that is after the blow itself. */
const AFTER_BLOCK = BEFORE / BLOCK + 1

/** How many there are. */
export const FEATURES = 107

type Row = number[]

/** The features of a window, always as many and always finite. */
export function featuresOf(window: Signal): Row {
  const row: Row = []
  const stretches = openStretches(window)
  ofImpact(row, window, stretches)
  ofDescent(row, window)
  ofAftermath(row, window)
  for (const [from, to] of SECONDS) ofSecond(row, stretches, from, to)
  ofOrientation(row, window, stretches)
  ofStillness(row, stretches)
  ofRhythm(row, window)
  ofTurning(row, stretches)
  ofShape(row, window)
  return row
}

/** How hard, how sharp and how wide the blow is. */
function ofImpact(row: Row, { size }: Signal, { jerks, jerk }: Stretches): void {
  let above15 = 0
  let above2 = 0
  for (let i = 56; i < 72; i++) {
    if (at(size, i) > 1.5) above15++
    if (at(size, i) > 2) above2++
  }
  row.push(at(size, BEFORE), meanOf(size, 62, 67), above15, above2)
  row.push(strayOf(size, 58, 74), strayOf(size, 48, 96))
  row.push(largest(jerks, 58, 72), jerk(56, 76), jerk(64, 80))
}

/** The way down: less than 1 g, and how much speed that gave. */
function ofDescent(row: Row, { size }: Signal): void {
  const lowest = lowestIn(size, 32, 64)
  row.push(at(size, lowest), BEFORE - lowest, at(size, lowestIn(size, 48, 64)))
  row.push(meanOf(size, 46, 60), meanOf(size, 54, 63))
  let light = 0
  for (let i = 28; i < 64; i++) if (at(size, i) < 0.75) light++
  row.push(light, longestBelow(size, 0.9, 24, 64), longestBelow(size, 0.6, 24, 64))
  row.push(largestLoss(size, 16, 64), largestLoss(size, 40, 64))
}

/** What follows: a rebound, a second blow, more of the same. */
function ofAftermath(row: Row, { size }: Signal): void {
  row.push(at(size, lowestIn(size, 66, 88)), largestLoss(size, 66, 96))
  row.push(largest(size, 74, 96), largest(size, 96, 128), largest(size, 128, LENGTH))
  row.push(largest(size, 0, 40), largest(size, 40, 58))
  let lastBlow = BEFORE
  for (let i = BEFORE; i < LENGTH; i++) if (Math.abs(at(size, i) - 1) > 0.35) lastBlow = i
  row.push(lastBlow)
  const after = strayOf(size, 96, LENGTH)
  const before = strayOf(size, 0, 52)
  row.push(Math.log((after + 0.5) / (before + 0.5)), meanOf(size, 96, LENGTH))
}

function ofSecond(row: Row, { mean, spread, deviation, jerk }: Stretches, from: number, to: number): void {
  row.push(deviation(from, to), spread(from, to), jerk(from, to), lengthOf(mean(from, to)))
}

/** Which way is down before and after, and how the blow lies to both. */
function ofOrientation(row: Row, { x, y, z }: Signal, { mean }: Stretches): void {
  const [early, late] = [mean(0, 32), mean(32, 60)]
  const [first, second, third, fourth] = [mean(68, 96), mean(96, 128), mean(128, 160), mean(160, LENGTH)]
  const end = mean(128, LENGTH)
  row.push(cosine(early, late), cosine(early, first), cosine(early, second), cosine(early, end))
  row.push(cosine(late, first), cosine(late, end), cosine(first, second))
  row.push(cosine(second, third), cosine(third, fourth), cosine(first, fourth))
  const blow: Vector = [at(x, BEFORE), at(y, BEFORE), at(z, BEFORE)]
  row.push(cosine(blow, early), cosine(blow, end), dot(blow, early), dot(blow, end))
  row.push(cosine(mean(60, 70), early), cosine(mean(60, 70), end), cosine(mean(46, 60), early))
}

/** Blocks that hardly move, how many in a row, and how soon after the impact. */
function ofStillness(row: Row, { spread }: Stretches): void {
  const spreads = new Float64Array(BLOCKS)
  for (let b = 0; b < BLOCKS; b++) spreads[b] = spread(b * BLOCK, (b + 1) * BLOCK)
  for (const limit of [0.015, 0.04, 0.08, 0.16]) {
    let still = 0
    for (let b = AFTER_BLOCK; b < BLOCKS; b++) if (at(spreads, b) < limit) still++
    row.push(still, longestBelow(spreads, limit, AFTER_BLOCK, BLOCKS))
  }
  let stillBefore = 0
  for (let b = 0; b < 6; b++) if (at(spreads, b) < 0.06) stillBefore++
  let firstStill = AFTER_BLOCK
  while (firstStill < BLOCKS && at(spreads, firstStill) >= 0.1) firstStill++
  const sorted = spreads.slice(AFTER_BLOCK).sort()
  row.push(stillBefore, firstStill, at(sorted, 0), at(sorted, 4), at(sorted, 8), at(sorted, 12))
  row.push(largest(spreads, BLOCKS - 6, BLOCKS), at(spreads.slice(0, 7).sort(), 3))
}

/** Steps and claps come again and again; falls do not. */
function ofRhythm(row: Row, { size }: Signal): void {
  row.push(crossings(size, 0, 60), crossings(size, 80, LENGTH))
  row.push(peaksAbove(size, 1.25, 0, 58), peaksAbove(size, 1.25, 74, LENGTH))
  row.push(peaksAbove(size, 1.8, 0, 58), peaksAbove(size, 1.8, 74, LENGTH))
  row.push(recurrence(size, 0, LENGTH, 6, 12), recurrence(size, 0, LENGTH, 12, 40))
  row.push(recurrence(size, 84, LENGTH, 10, 40))
}

/** How far the hand turns, block by block. */
function ofTurning(row: Row, { mean }: Stretches): void {
  const turns = new Float64Array(BLOCKS - 1)
  let before = mean(0, BLOCK)
  for (let b = 1; b < BLOCKS; b++) {
    const next = mean(b * BLOCK, (b + 1) * BLOCK)
    turns[b - 1] = Math.acos(cosine(before, next))
    before = next
  }
  row.push(meanOf(turns, 0, 6), meanOf(turns, 5, 9), meanOf(turns, 8, 12), meanOf(turns, 12, BLOCKS - 1))
  row.push(largest(turns, 5, 11), largest(turns, 12, BLOCKS - 1))
}

/** Whether the movement lies on a line, in a plane or in space. */
function ofShape(row: Row, window: Signal): void {
  for (const [from, to] of [
    [0, 56],
    [52, 80],
    [96, LENGTH],
  ] as const) {
    const [largestShare, smallestShare] = axesOf(window, from, to)
    row.push(largestShare, smallestShare)
  }
}

/** Shares of the largest and the smallest principal axis in all the movement of [from, to). */
function axesOf({ x, y, z }: Signal, from: number, to: number): [largest: number, smallest: number] {
  const count = to - from
  const [mx, my, mz] = [meanOf(x, from, to), meanOf(y, from, to), meanOf(z, from, to)]
  let [xx, yy, zz, xy, xz, yz] = [0, 0, 0, 0, 0, 0]
  for (let i = from; i < to; i++) {
    const a = at(x, i) - mx
    const b = at(y, i) - my
    const c = at(z, i) - mz
    xx += a * a
    yy += b * b
    zz += c * c
    xy += a * b
    xz += a * c
    yz += b * c
  }
  const trace = xx + yy + zz
  if (trace < count * 1e-6) return [1 / 3, 1 / 3]
  // Eigenvalues of a symmetric 3 × 3 matrix in closed form (O. K. Smith, Commun. ACM 4:168, 1961).
  const q = trace / 3
  const off = xy * xy + xz * xz + yz * yz
  const p = Math.sqrt(((xx - q) ** 2 + (yy - q) ** 2 + (zz - q) ** 2 + 2 * off) / 6)
  if (p < trace * 1e-9) return [1 / 3, 1 / 3]
  const [a, b, c] = [(xx - q) / p, (yy - q) / p, (zz - q) / p]
  const [d, e, f] = [xy / p, xz / p, yz / p]
  const half = (a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)) / 2
  const angle = Math.acos(Math.max(-1, Math.min(1, half))) / 3
  const most = q + 2 * p * Math.cos(angle)
  const least = q + 2 * p * Math.cos(angle + (2 * Math.PI) / 3)
  return [most / trace, Math.max(0, least / trace)]
}

function meanOf(series: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += at(series, i)
  return sum / (to - from)
}

/** How far from rest, summed. */
function strayOf(size: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += Math.abs(at(size, i) - 1)
  return sum
}

function largest(series: Float64Array, from: number, to: number): number {
  let most = at(series, from)
  for (let i = from + 1; i < to; i++) most = Math.max(most, at(series, i))
  return most
}

function lowestIn(series: Float64Array, from: number, to: number): number {
  let lowest = from
  for (let i = from + 1; i < to; i++) if (at(series, i) < at(series, lowest)) lowest = i
  return lowest
}

function longestBelow(series: Float64Array, limit: number, from: number, to: number): number {
  let longest = 0
  let run = 0
  for (let i = from; i < to; i++) {
    run = at(series, i) < limit ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** The largest sum of missing weight over any stretch: speed downwards, if the hand falls with the body. */
function largestLoss(size: Float64Array, from: number, to: number): number {
  let most = 0
  let sum = 0
  for (let i = from; i < to; i++) {
    sum = Math.max(0, sum + 0.95 - at(size, i))
    most = Math.max(most, sum)
  }
  return most
}

function crossings(size: Float64Array, from: number, to: number): number {
  let count = 0
  for (let i = from + 1; i < to; i++) if (at(size, i - 1) < 1.05 !== at(size, i) < 1.05) count++
  return count
}

function peaksAbove(size: Float64Array, limit: number, from: number, to: number): number {
  let count = 0
  for (let i = from + 1; i < to - 1; i++) {
    const value = at(size, i)
    if (value > limit && value >= at(size, i - 1) && value > at(size, i + 1)) count++
  }
  return count
}

/** Of one stretch at a time. */
const scratch = new Float64Array(LENGTH)

/** The best likeness of a stretch to itself, moved by `shortest` to `longest`; 1 is a perfect rhythm. */
function recurrence(size: Float64Array, from: number, to: number, shortest: number, longest: number): number {
  const mean = meanOf(size, from, to)
  const moved = scratch.subarray(0, to - from)
  let energy = 0
  for (let i = 0; i < moved.length; i++) {
    // A blow counts for no more than a step does: one must not drown the others.
    const value = Math.max(-0.8, Math.min(0.8, at(size, from + i) - mean))
    moved[i] = value
    energy += value * value
  }
  if (energy < 1e-3) return 0
  let best = 0
  // Two lags at a time: one sum waits for its last product, two need not wait for each other.
  for (let lag = shortest; lag < longest; lag += 4) {
    const next = lag + 2
    let sum = at(moved, lag) * at(moved, 0) + at(moved, lag + 1) * at(moved, 1)
    let nextSum = 0
    for (let i = next; i < moved.length; i++) {
      const value = at(moved, i)
      sum += value * at(moved, i - lag)
      nextSum += value * at(moved, i - next)
    }
    best = Math.max(best, (sum * moved.length) / (moved.length - lag) / energy)
    if (next < longest) best = Math.max(best, (nextSum * moved.length) / (moved.length - next) / energy)
  }
  return best
}
