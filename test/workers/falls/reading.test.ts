// A burst is read twice: as it is, and as a sensor of ±2 g would have told it.

import { describe, expect, it } from 'vitest'
import type { Motion } from '../../../model/motion.ts'
import { type Burst, burstOf } from '../../../workers/falls/burst.ts'
import { FEATURES } from '../../../workers/falls/features.ts'
import { kernelsOf } from '../../../workers/falls/kernels.ts'
import { READ_FEATURES, type Reading, read } from '../../../workers/falls/reading.ts'
import { cutAt2g, falling, recorded, walking } from './bursts.ts'

const kernels = kernelsOf(1, 8)

function readingOf(motion: Motion): Reading {
  const burst = burstOf(motion)
  return read(burst as Burst, kernels)
}

const asItIs = ({ row }: Reading) => row.subarray(0, FEATURES)
const asNarrow = ({ row }: Reading) => row.subarray(FEATURES, READ_FEATURES)

describe('a reading', () => {
  it('has as many numbers for every burst, all of them finite', () => {
    for (const motion of [recorded(falling), recorded(walking), recorded(falling, { rateHz: 20 })]) {
      const { row } = readingOf(motion)
      expect(row).toHaveLength(READ_FEATURES + 2 * kernels.count)
      expect(row.every(Number.isFinite)).toBe(true)
    }
  })

  it('of a sensor of ±2 g says twice the same', () => {
    const reading = readingOf(cutAt2g(recorded(falling)))
    expect(asNarrow(reading)).toEqual(asItIs(reading))
  })

  it('of a wider sensor says second what one of ±2 g would have said', () => {
    const burst = recorded(falling)
    const [narrow, said] = [asNarrow(readingOf(burst)), asNarrow(readingOf(cutAt2g(burst)))]
    narrow.forEach((value, feature) => {
      expect(value).toBeCloseTo(said[feature] as number, 9) // the last bits are those of two ways of adding
    })
    expect(narrow).not.toEqual(asItIs(readingOf(burst)))
  })

  it.each<[limitMg: number, isNarrow: boolean, reason: string]>([
    [2_000, true, 'a sensor of ±2 g'],
    [2_047, true, 'one of 12 bits, 1 mg each'],
    [2_200, true, 'one whose gain is a tenth too large'],
    [2_201, false, 'no sensor of ±2 g says so'],
    [4_000, false, 'a wider one'],
  ])('that reaches %i mg is narrow: %j (%s)', (limitMg, isNarrow) => {
    const burst = recorded(falling)
    const x = burst.x.map(value => Math.max(-1_500, Math.min(1_500, value)))
    x[100] = limitMg
    const cut = cutAt2g(burst)
    expect(readingOf({ ...cut, x }).sensor.isNarrow).toBe(isNarrow)
  })
})
