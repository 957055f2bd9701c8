// Bursts of a recording, as a device cuts them: 2 s before to 4 s after local maxima of the acceleration.

import type { Motion } from '../../model/motion.ts'
import type { Recording } from './recordings.ts'

export const TRIGGER_G = 2
export const BEFORE_MS = 2_000
export const AFTER_MS = 4_000

/** `isFall`: the peak lies in the annotated interval. `isAside`: it lies beside it, where nobody said what it is. */
export type Cut = { motion: Motion; peakMs: number; isFall: boolean; isAside: boolean }

/**
 * How a device chooses: from which value on, and how far apart maxima are, where 0 takes every local maximum; and how
 * much of what is around one it sends.
 */
export type Trigger = { atG?: number; apartMs?: number; beforeMs?: number; afterMs?: number }

/** The bursts that a device with this trigger would send of a recording. */
export function cutBursts(recording: Recording, trigger: Trigger = {}): Cut[] {
  return maximaOf(recording, trigger).map(index => cutAt(recording, index, trigger))
}

function maximaOf({ x, y, z, durMs }: Recording, { atG = TRIGGER_G, apartMs = 500 }: Trigger): number[] {
  const size = x.map((value, i) => Math.hypot(value, y[i] as number, z[i] as number))
  const reach = Math.max(1, Math.round((apartMs / durMs) * (size.length - 1)))
  const maxima: number[] = []
  for (const [i, value] of size.entries()) {
    if (value < atG * 1_000) continue
    let isLargest = true
    for (let j = Math.max(0, i - reach); j <= Math.min(size.length - 1, i + reach) && isLargest; j++) {
      // Of equal ones, as a clipped blow has them, the first.
      isLargest = j === i || (size[j] as number) < value || (j > i && size[j] === value)
    }
    if (isLargest) maxima.push(i)
  }
  return maxima
}

function cutAt(
  { x, y, z, durMs, fall, fallMs }: Recording,
  index: number,
  { beforeMs = BEFORE_MS, afterMs = AFTER_MS }: Trigger,
): Cut {
  const stepMs = durMs / (x.length - 1)
  const from = Math.max(0, index - Math.round(beforeMs / stepMs))
  const to = Math.min(x.length - 1, index + Math.round(afterMs / stepMs))
  const peakMs = index * stepMs
  const isFall = fallMs !== null && peakMs >= fallMs[0] && peakMs <= fallMs[1]
  const part = (axis: readonly number[]): number[] => axis.slice(from, to + 1)
  const motion: Motion = {
    v: 1,
    durMs: Math.max(1, (to - from) * stepMs),
    n: to - from + 1,
    unit: 'mg',
    enc: 'json',
    x: part(x),
    y: part(y),
    z: part(z),
  }
  return { motion, peakMs, isFall, isAside: fall && !isFall }
}
