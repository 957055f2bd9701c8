// From which odds on a burst is a fall, by what its sensor can tell.

import { describe, expect, it } from 'vitest'
import { type CutOdds, cutFor, FAST_HZ, type Sensor, SLOW_HZ } from '../../../workers/falls/cut-off.ts'

const CUTS: CutOdds = { wide: { slow: 0, fast: 2 }, narrow: { slow: -3, fast: -1 } }

describe('the cut-off', () => {
  it.each<[sensor: Sensor, cut: number, reason: string]>([
    [{ rateHz: 10, isNarrow: false }, 0, 'slower than slow is slow'],
    [{ rateHz: SLOW_HZ, isNarrow: false }, 0, 'slow'],
    [{ rateHz: (SLOW_HZ + FAST_HZ) / 2, isNarrow: false }, 1, 'half-way'],
    [{ rateHz: FAST_HZ, isNarrow: false }, 2, 'fast'],
    [{ rateHz: 200, isNarrow: false }, 2, 'faster than fast is fast'],
    [{ rateHz: 20, isNarrow: true }, -3, 'slow, and ends at ±2 g'],
    [{ rateHz: 100, isNarrow: true }, -1, 'fast, and ends at ±2 g'],
  ])('of %j is %d: %s', (sensor, cut) => {
    expect(cutFor(sensor, CUTS)).toBe(cut)
  })
})
