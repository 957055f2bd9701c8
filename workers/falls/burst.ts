// A burst as the detector takes it: whole milli-g, so that unit and encoding leave no trace, and axes in an order
// and with signs of their own making, so that it cannot matter how the sensor sits in its case.

import type { Motion } from '../../model/motion.ts'

/** Acceleration in mg by axis, whole numbers. The strongest axis comes first and begins upwards. */
export type Burst = { durMs: number; axes: readonly [Float64Array, Float64Array, Float64Array] }

/** Why a burst that was understood cannot be judged. */
export type Unusable = 'too_short' | 'too_slow' | 'out_of_range'

/** A fall takes half a second, and what follows is half of the evidence. */
export const SHORTEST_MS = 1_000
/** Devices send 10 to 200 samples a second; below that an impact falls between two of them. */
export const SLOWEST_HZ = 8
/** No wrist and no sensor goes there. */
export const BEYOND_MG = 100_000

/** 1 g in m/s² by definition (CGPM 1901). */
const STANDARD_GRAVITY = 9.80665
const MG_PER_UNIT = { mg: 1, g: 1_000, 'm/s2': 1_000 / STANDARD_GRAVITY } as const

/** The burst that a message carries, or why it cannot be judged. Its rate is what clock and samples say. */
export function burstOf(motion: Motion): Burst | { unusable: Unusable } {
  const { durMs } = motion
  const axes = motion.enc === 'json' ? ofArrays(motion) : ofBase64(motion.data)
  if (durMs < SHORTEST_MS) return { unusable: 'too_short' }
  if (rateOf({ durMs, axes }) < SLOWEST_HZ) return { unusable: 'too_slow' }
  if (axes.some(isBeyond)) return { unusable: 'out_of_range' }
  for (const axis of axes) turnUp(axis)
  return { durMs, axes: axes.map(strengthOf).sort(byStrength).map(axisOf) as Axes }
}

/** Samples a second. */
export const rateOf = ({ durMs, axes }: Burst): number => ((axes[0].length - 1) / durMs) * 1_000

/** The largest value of any axis, in mg. */
export function reachOf({ axes }: Burst): number {
  let most = 0
  for (const axis of axes) {
    for (let i = 0; i < axis.length; i++) {
      const value = Math.abs(axis[i] as number)
      if (value > most) most = value
    }
  }
  return most
}

/** The burst as a sensor would send it whose axes end at ±`limitMg`. */
export function clippedAt({ durMs, axes }: Burst, limitMg: number): Burst {
  const [x, y, z] = axes
  return { durMs, axes: [clipped(x, limitMg), clipped(y, limitMg), clipped(z, limitMg)] }
}

function clipped(axis: Float64Array, limit: number): Float64Array {
  const short = new Float64Array(axis.length)
  for (let i = 0; i < short.length; i++) {
    const value = axis[i] as number
    short[i] = value > limit ? limit : value < -limit ? -limit : value
  }
  return short
}

type Axes = [Float64Array, Float64Array, Float64Array]

function ofArrays({ x, y, z, unit }: Extract<Motion, { enc: 'json' }>): Axes {
  const scale = MG_PER_UNIT[unit]
  return [inMg(x, scale), inMg(y, scale), inMg(z, scale)]
}

/** Plain loops here and below: there are a thousand values, and a closure for each costs as much as all features. */
function inMg(axis: readonly number[], scale: number): Float64Array {
  const whole = new Float64Array(axis.length)
  for (let i = 0; i < whole.length; i++) whole[i] = Math.round((axis[i] as number) * scale)
  return whole
}

function ofBase64(data: string): Axes {
  const bytes = Buffer.from(data, 'base64')
  const count = Math.floor(bytes.length / 6)
  const axes: Axes = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  for (let i = 0; i < count; i++) {
    axes[0][i] = bytes.readInt16LE(i * 6)
    axes[1][i] = bytes.readInt16LE(i * 6 + 2)
    axes[2][i] = bytes.readInt16LE(i * 6 + 4)
  }
  return axes
}

function isBeyond(axis: Float64Array): boolean {
  for (let i = 0; i < axis.length; i++) if (!(Math.abs(axis[i] as number) <= BEYOND_MG)) return true
  return false
}

/** The first sample that is not zero is made positive. `0 -` leaves no negative zero behind. */
function turnUp(axis: Float64Array): void {
  let first = 0
  while (first < axis.length && axis[first] === 0) first++
  if (!((axis[first] ?? 1) < 0)) return
  for (let i = first; i < axis.length; i++) axis[i] = 0 - (axis[i] as number)
}

type Strength = { axis: Float64Array; energy: number }
const strengthOf = (axis: Float64Array): Strength => ({ axis, energy: energyOf(axis) })
const axisOf = ({ axis }: Strength): Float64Array => axis

/** By energy, which is a sum of whole numbers and therefore exact; equal ones by their samples. */
function byStrength({ axis: a, energy: ofA }: Strength, { axis: b, energy: ofB }: Strength): number {
  if (ofA !== ofB) return ofB - ofA
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number)
  return 0
}

function energyOf(axis: Float64Array): number {
  let sum = 0
  for (let i = 0; i < axis.length; i++) sum += (axis[i] as number) ** 2
  return sum
}
