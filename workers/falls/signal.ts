// A burst at one rate, whatever the device's was, and the piece of it around the impact that features are made of.

import type { Burst } from './burst.ts'

export const RATE_HZ = 32

/** Acceleration in g at 32 Hz; `size` is its length as a vector. */
export type Signal = { x: Float64Array; y: Float64Array; z: Float64Array; size: Float64Array }

/** A window is 2 s before the impact and 4 s after it. */
export const BEFORE = 2 * RATE_HZ
export const LENGTH = 6 * RATE_HZ

/**
 * Beyond this, devices differ by their range more than falls do: many end at ±4 g an axis. Vectors keep their
 * direction.
 */
export const CAP_G = 3

/** An element that is known to be there. */
const at = (series: Float64Array, index: number): number => series[index] as number

/**
 * Brings a burst to 32 Hz by its clock: each value is the mean of the straight lines between samples over 1/32 s, so
 * that fast devices do not fold their noise into it and slow ones do not make steps.
 */
export function resample({ durMs, axes }: Burst): Signal {
  const count = Math.floor((durMs / 1_000) * RATE_HZ) + 1
  const stride = ((axes[0].length - 1) * 1_000) / (durMs * RATE_HZ)
  const x = meansOf(axes[0], count, stride)
  const y = meansOf(axes[1], count, stride)
  const z = meansOf(axes[2], count, stride)
  return { x, y, z, size: sizeOf(x, y, z) }
}

/** Means in g over `count` intervals of `stride` samples, around multiples of it. */
function meansOf(samples: Float64Array, count: number, stride: number): Float64Array {
  const last = samples.length - 1
  const sums = sumsFor(samples.length)
  for (let i = 1; i <= last; i++) sums[i] = at(sums, i - 1) + (at(samples, i - 1) + at(samples, i)) / 2

  /** The integral up to a place between samples. */
  const integral = (place: number): number => {
    const i = Math.min(Math.floor(place), last - 1)
    const rest = place - i
    const from = at(samples, i)
    return at(sums, i) + rest * (from + (rest / 2) * (at(samples, i + 1) - from))
  }
  const means = new Float64Array(count)
  let from = 0
  let below = 0
  for (let k = 0; k < count; k++) {
    const to = Math.min((k + 0.5) * stride, last)
    const upTo = integral(to)
    means[k] = to > from ? (upTo - below) / (to - from) / 1_000 : at(samples, last) / 1_000
    from = to
    below = upTo
  }
  return means
}

/** The same array for every axis: to make one takes longer than to fill it. It begins with 0 and stays so. */
let spare = new Float64Array(1_024)

function sumsFor(length: number): Float64Array {
  if (spare.length < length) spare = new Float64Array(length)
  return spare
}

function sizeOf(x: Float64Array, y: Float64Array, z: Float64Array): Float64Array {
  const size = new Float64Array(x.length)
  for (let i = 0; i < size.length; i++) {
    const a = at(x, i)
    const b = at(y, i)
    const c = at(z, i)
    size[i] = Math.sqrt(a * a + b * b + c * c)
  }
  return size
}

/**
 * Where the impact is: the largest value that has enough before and after it to be judged by. A burst that was cut
 * for a later one of two blows is judged by the earlier.
 */
export function impactOf({ size }: Signal): number {
  const count = size.length
  const to = count - Math.min(2 * RATE_HZ, Math.floor(count / 3))
  let impact = Math.min(RATE_HZ / 2, Math.floor(count / 12))
  for (let i = impact + 1; i < to; i++) if (at(size, i) > at(size, impact)) impact = i
  return impact
}

/** The window around `impact`, capped; where the burst has nothing it is mirrored, which invents no stillness. */
export function windowAround(signal: Signal, impact: number): Signal {
  const count = signal.size.length
  const x = new Float64Array(LENGTH)
  const y = new Float64Array(LENGTH)
  const z = new Float64Array(LENGTH)
  const size = new Float64Array(LENGTH)
  for (let k = 0; k < LENGTH; k++) {
    const i = mirrored(impact - BEFORE + k, count)
    const length = at(signal.size, i)
    const scale = length > CAP_G ? CAP_G / length : 1
    x[k] = at(signal.x, i) * scale
    y[k] = at(signal.y, i) * scale
    z[k] = at(signal.z, i) * scale
    size[k] = Math.min(length, CAP_G)
  }
  return { x, y, z, size }
}

function mirrored(index: number, count: number): number {
  let i = index
  while (i < 0 || i >= count) i = i < 0 ? -i : 2 * (count - 1) - i
  return i
}
