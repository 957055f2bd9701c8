// Random convolution kernels over a window, after ROCKET (Dempster, Petitjean and Webb, Data Mining and Knowledge
// Discovery 34:1454, 2020): shapes that nobody thought of. The channels know no axes, only lengths and the angles to
// where down was before and after.

import { chanceOf } from './chance.ts'
import { LENGTH, RATE_HZ, type Signal } from './signal.ts'
import { lengthOf, type Vector } from './stretch.ts'

/** An element that is known to be there. */
const at = (series: Float64Array, index: number): number => series[index] as number

/** Half the rate is enough for shapes, and a quarter of the work. */
export const STEPS = LENGTH / 2
const TAPS = 7
/** By how much taps lie apart; the widest kernel spans three seconds. */
const DILATIONS = [1, 2, 4, 8]

export type Kernels = {
  count: number
  channel: Uint8Array
  dilation: Uint8Array
  bias: Float64Array
  weights: Float64Array
}

/** The kernels of a seed, always the same. */
export function kernelsOf(seed: number, count: number): Kernels {
  const chance = chanceOf(seed)
  const kernels: Kernels = {
    count,
    channel: new Uint8Array(count),
    dilation: new Uint8Array(count),
    bias: new Float64Array(count),
    weights: new Float64Array(count * TAPS),
  }
  for (let k = 0; k < count; k++) {
    kernels.channel[k] = chance.below(channels.length)
    kernels.dilation[k] = DILATIONS[chance.below(DILATIONS.length)] as number
    kernels.bias[k] = chance.bell() * 0.4
    const drawn = Array.from({ length: TAPS }, chance.bell)
    const mean = drawn.reduce((sum, weight) => sum + weight, 0) / TAPS
    kernels.weights.set(
      drawn.map(weight => weight - mean),
      k * TAPS,
    )
  }
  return kernels
}

/**
 * Answers of kernels `from` up to, not including, `to`: the share of the window in which each answers, and how strongly
 * at most, into places 2k and 2k + 1 of `answers`.
 */
export function answersOf(
  window: Signal,
  kernels: Kernels,
  from: number,
  to: number,
  answers: Float64Array,
): void {
  fillChannels(window)
  for (let k = from; k < to; k++) {
    answer(channels[kernels.channel[k] as number] as Float64Array, kernels, k, answers)
  }
}

function answer(channel: Float64Array, kernels: Kernels, k: number, answers: Float64Array): void {
  const { weights, bias } = kernels
  const apart = kernels.dilation[k] as number
  const w = k * TAPS
  const [w0, w1, w2, w3] = [at(weights, w), at(weights, w + 1), at(weights, w + 2), at(weights, w + 3)]
  const [w4, w5, w6] = [at(weights, w + 4), at(weights, w + 5), at(weights, w + 6)]
  const least = at(bias, k)
  const end = STEPS - 6 * apart
  let above = 0
  let most = -10
  for (let i = 0; i < end; i++) {
    const sum =
      w0 * at(channel, i) +
      w1 * at(channel, i + apart) +
      w2 * at(channel, i + 2 * apart) +
      w3 * at(channel, i + 3 * apart) +
      w4 * at(channel, i + 4 * apart) +
      w5 * at(channel, i + 5 * apart) +
      w6 * at(channel, i + 6 * apart)
    if (sum > least) above++
    if (sum > most) most = sum
  }
  answers[2 * k] = above / end
  answers[2 * k + 1] = most
}

/** The same for every window: to make them takes as long as to fill them. */
const [length, change, alongBefore, alongAfter] = [0, 1, 2, 3].map(() => new Float64Array(STEPS)) as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
]
const channels = [length, change, alongBefore, alongAfter]

/** Length beyond rest; change, damped; along down as it was in the first second; along down as it is in the last. */
function fillChannels({ x, y, z, size }: Signal): void {
  const before = directionOf({ x, y, z, size }, 0, RATE_HZ)
  const after = directionOf({ x, y, z, size }, LENGTH - RATE_HZ, LENGTH)
  for (let i = 0; i < STEPS; i++) {
    const a = 2 * i
    const b = a + 1
    const px = (at(x, a) + at(x, b)) / 2
    const py = (at(y, a) + at(y, b)) / 2
    const pz = (at(z, a) + at(z, b)) / 2
    const dx = at(x, b) - at(x, a)
    const dy = at(y, b) - at(y, a)
    const dz = at(z, b) - at(z, a)
    length[i] = (at(size, a) + at(size, b)) / 2 - 1
    change[i] = Math.sqrt(Math.sqrt(dx * dx + dy * dy + dz * dz))
    alongBefore[i] = px * before[0] + py * before[1] + pz * before[2]
    alongAfter[i] = px * after[0] + py * after[1] + pz * after[2]
  }
}

/** The mean direction of [from, to); nothing where there is none. */
function directionOf({ x, y, z }: Signal, from: number, to: number): Vector {
  let [a, b, c] = [0, 0, 0]
  for (let i = from; i < to; i++) {
    a += at(x, i)
    b += at(y, i)
    c += at(z, i)
  }
  const length = lengthOf([a, b, c])
  return length < 1e-6 ? [0, 0, 0] : [a / length, b / length, c / length]
}
