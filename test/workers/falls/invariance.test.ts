// What a sensor's make and mounting change of a burst must change nothing of its verdict.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Motion } from '../../../model/motion.ts'
import { detectFall } from '../../../workers/falls/detector.ts'
import { asI16le, clapping, falling, recorded, resting, walking } from './bursts.ts'

type Json = Extract<Motion, { enc: 'json' }>

const burst = fc
  .record({
    movement: fc.constantFrom(falling, walking, clapping, resting),
    rateHz: fc.integer({ min: 15, max: 150 }),
    seed: fc.nat(1_000_000),
    gain: fc.double({ min: 0.4, max: 1.6, noNaN: true }),
  })
  .map(({ movement, rateHz, seed, gain }) =>
    recorded(ms => movement(ms).map(value => value * gain) as [number, number, number], { rateHz, seed }),
  )

const ORDERS = ['xyz', 'xzy', 'yxz', 'yzx', 'zxy', 'zyx'] as const
const sign = fc.constantFrom(1, -1)

type Axis = 'x' | 'y' | 'z'
const axisOf = (of: Json, order: string, i: number): number[] => of[order[i] as Axis]
const times = (axis: readonly number[], factor: number): number[] => axis.map(value => value * factor)
const converted = (of: Json, unit: Json['unit'], factor: number): Json => ({
  ...of,
  unit,
  x: times(of.x, factor),
  y: times(of.y, factor),
  z: times(of.z, factor),
})

describe('the same burst has the same score, to the last digit', () => {
  it.each<[what: string, change: (of: Json) => Motion]>([
    ['in g', of => converted(of, 'g', 1 / 1_000)],
    ['in m/s²', of => converted(of, 'm/s2', 9.80665 / 1_000)],
    ['in m/s² with three decimals', of => rounded(converted(of, 'm/s2', 9.80665 / 1_000))],
    ['as 16-bit integers', asI16le],
    ['as 16-bit integers, with a unit that is not theirs', of => ({ ...asI16le(of), unit: 'g' as const })],
    ['with a wrong rate', of => ({ ...of, rate: 50 })],
    ['without a rate', ({ rate: _rate, ...of }) => of],
    ['with a wrong count', of => ({ ...of, n: 7 })],
    [
      'with another range, site, trigger and time',
      of => ({ ...of, fsG: 2, site: 'ankle', trigger: 3, t0: 9 }),
    ],
  ])('%s', async (_what, change) => {
    await fc.assert(
      fc.property(burst, of => {
        expect(detectFall(change(of))).toEqual(detectFall(of))
      }),
      { numRuns: 100 },
    )
  })

  it('with its axes in any order and of any sign', async () => {
    await fc.assert(
      fc.property(burst, fc.constantFrom(...ORDERS), fc.tuple(sign, sign, sign), (of, order, signs) => {
        const [x, y, z] = signs.map((factor, i) => times(axisOf(of, order, i), factor))
        expect(detectFall({ ...of, x, y, z } as Json)).toEqual(detectFall(of))
      }),
      { numRuns: 300 },
    )
  })
})

function rounded(of: Json): Json {
  const short = (axis: readonly number[]) => axis.map(value => Number(value.toFixed(3)))
  return { ...of, x: short(of.x), y: short(of.y), z: short(of.z) }
}
