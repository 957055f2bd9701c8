// Copies of recordings as other devices would have made them: other rates, ranges and sensors.

import type { Chance } from '../../workers/falls/chance.ts'
import type { Recording } from './recordings.ts'

/** What of a device is imitated; what is not named stays as it is. */
type Device = {
  rateHz?: number
  rangeG?: number
  /** Peaks above 2 g are stretched by this: the range of the data's own sensor took them off. */
  peaks?: number
  /** Sensitivity, and how fast the wearer moves. */
  gain?: number
  pace?: number
  noiseMg?: number
  /** The sensor sits in its case some other way, and ends at its range along other axes. */
  isTurned?: boolean
}

/** A copy of `device`, sampled from a random place between the first two samples on. */
export function copyOf(recording: Recording, device: Device, chance: Chance): Recording {
  const { rangeG = 1_000, peaks = 1, gain = 1, pace = 1, noiseMg = 0 } = device
  const own = ((recording.x.length - 1) * 1_000) / recording.durMs
  const rateHz = device.rateHz ?? own
  const stride = own / rateHz
  const phase = device.rateHz === undefined ? 0 : chance.unit() * Math.min(1, stride)
  const count = Math.floor((recording.x.length - 1 - phase) / stride) + 1
  const axes = [recording.x, recording.y, recording.z].map(axis => sampled(axis, { phase, stride, count }))
  if (device.isTurned) turn(axes as [number[], number[], number[]], chance)
  for (let i = 0; i < count; i++) {
    const scale = gain * scaleOfPeak(Math.hypot(...axes.map(axis => axis[i] as number)), peaks)
    for (const axis of axes) {
      const value = (axis[i] as number) * scale + noiseMg * chance.bell()
      axis[i] = Math.round(Math.max(-rangeG * 1_000, Math.min(rangeG * 1_000, value)))
    }
  }
  const [x, y, z] = axes as [number[], number[], number[]]
  const beginsMs = (phase / own) * 1_000
  return {
    ...recording,
    durMs: (((count - 1) * 1_000) / rateHz) * pace,
    fallMs: recording.fallMs && [
      (recording.fallMs[0] - beginsMs) * pace,
      (recording.fallMs[1] - beginsMs) * pace,
    ],
    x,
    y,
    z,
  }
}

/** How much longer a vector gets: nothing up to 2 g, more from there on. */
const scaleOfPeak = (lengthMg: number, peaks: number): number =>
  lengthMg <= 2_000 ? 1 : (2_000 + (lengthMg - 2_000) * peaks) / lengthMg

/** Values on the straight lines between samples. */
function sampled(
  axis: readonly number[],
  { phase, stride, count }: { phase: number; stride: number; count: number },
): number[] {
  return Array.from({ length: count }, (_, k) => {
    const place = phase + k * stride
    const i = Math.min(Math.floor(place), axis.length - 2)
    const [from, to] = [axis[i] as number, axis[i + 1] as number]
    return from + (to - from) * (place - i)
  })
}

/** Turns all vectors alike, by a rotation that is as likely as any other: a unit quaternion. */
function turn([x, y, z]: [number[], number[], number[]], chance: Chance): void {
  const drawn = [chance.bell(), chance.bell(), chance.bell(), chance.bell()]
  const [a, b, c, d] = drawn.map(part => part / Math.hypot(...drawn)) as [number, number, number, number]
  for (let i = 0; i < x.length; i++) {
    const [u, v, w] = [x[i] as number, y[i] as number, z[i] as number]
    x[i] = (a * a + b * b - c * c - d * d) * u + 2 * (b * c - a * d) * v + 2 * (b * d + a * c) * w
    y[i] = 2 * (b * c + a * d) * u + (a * a - b * b + c * c - d * d) * v + 2 * (c * d - a * b) * w
    z[i] = 2 * (b * d - a * c) * u + 2 * (c * d + a * b) * v + (a * a - b * b - c * c + d * d) * w
  }
}

export const AS_RECORDED = 'as recorded'

/** Devices that a model is tried on. */
export const TRIED: Record<string, Device> = {
  [AS_RECORDED]: {},
  '20 Hz': { rateHz: 20 },
  '50 Hz': { rateHz: 50 },
  '25 Hz, ±4 g': { rateHz: 25, rangeG: 4 },
  '±3 g': { rangeG: 3 },
  '±2 g': { rangeG: 2 },
  '50 Hz, ±2 g': { rateHz: 50, rangeG: 2 },
  '25 Hz, ±2 g': { rateHz: 25, rangeG: 2 },
  '25 Hz, ±2 g, turned': { rateHz: 25, rangeG: 2, isTurned: true },
  '20 Hz, ±2 g': { rateHz: 20, rangeG: 2 },
  '100 Hz, larger peaks': { rateHz: 100, peaks: 1.4, noiseMg: 8 },
}

/** Devices that it is trained on besides the recording as it is; the last two are different in every copy. */
export const TAUGHT: Record<string, (chance: Chance) => Device> = {
  '20 Hz': () => ({ rateHz: 20 }),
  '25 Hz': () => ({ rateHz: 25, rangeG: 4 }),
  '±2 g, any rate': chance => ({ rateHz: 20 + chance.unit() * 60, rangeG: 2, isTurned: true }),
  '±2 g, slow': chance => ({ rateHz: 18 + chance.unit() * 12, rangeG: 2, isTurned: chance.unit() < 0.5 }),
  'any, gentle': chance => anyDevice(chance, 0.05),
  'any, rough': chance => anyDevice(chance, 0.12),
}

function anyDevice(chance: Chance, stray: number): Device {
  return {
    rateHz: 20 * 5 ** chance.unit(),
    isTurned: chance.unit() < 0.5,
    rangeG: [2, 4, 8, 16][chance.below(4)] as number,
    peaks: 0.8 + 0.8 * chance.unit(),
    gain: 1 + stray * (2 * chance.unit() - 1),
    pace: 1 + stray * (2 * chance.unit() - 1),
    noiseMg: 20 * chance.unit(),
  }
}
