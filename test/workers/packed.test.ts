// Whole numbers as a short text, and back.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openPacked } from '../../workers/packed.ts'
import { packNumbers } from './packing.ts'

it('gives every whole number back', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger().filter(n => Math.abs(n) < 2 ** 52)), numbers => {
      const read = openPacked(packNumbers(numbers))
      expect(numbers.map(() => read())).toEqual(numbers.map(n => n + 0))
      expect(read()).toBe(0)
    }),
  )
})

it.each<[string, number, number]>([
  ['rounds what is no whole one, as 97.623 × 1,000 is', 97_623.000_000_01, 97_623],
  ['takes what is no number for 0', Number.NaN, 0],
  ['takes less than nothing', -1, -1],
])('%s', (_what, number, back) => {
  expect(openPacked(packNumbers([number]))()).toBe(back)
})

it('is short: a byte and a third for what is below 64, eleven for a time', () => {
  expect(packNumbers([1, 2, 3, 60, -60, 0])).toHaveLength(8)
  expect(packNumbers([1_795_362_898_326]).length).toBeLessThanOrEqual(9)
})
