// Numbers in as many bits as they have, and back.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Bits, storedAsBits } from '../../workers/bits.ts'

type Said = readonly ['bits' | 'count' | 'whole', value: number, order: number] | readonly ['flag', boolean]

/** Says these, and gives back what was read in their place. */
const stored = (all: readonly Said[]) =>
  storedAsBits<unknown[]>((bits: Bits, state) =>
    all.map(([kind, , order = 0], i) => {
      const value = state?.[i]
      return kind === 'flag' ? bits.flag(value === true) : bits[kind](Number(value ?? 0), order)
    }),
  )

const order = fc.integer({ min: 0, max: 41 })
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.tuple(fc.constant('flag' as const), fc.boolean()),
  fc.tuple(fc.constant('count' as const), fc.maxSafeNat(), order),
  fc.tuple(fc.constant('whole' as const), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), order),
  fc.tuple(
    fc.constant('whole' as const),
    fc.maxSafeInteger().map(n => Math.trunc(n / 2)),
    order,
  ),
  fc.integer({ min: 1, max: 40 }).chain(n =>
    fc.tuple(
      fc.constant('bits' as const),
      fc.maxSafeNat().map(value => value % 2 ** n),
      fc.constant(n),
    ),
  ),
)

it('gives every number back, and is plain text in JSON', () => {
  fc.assert(
    fc.property(fc.array(said), all => {
      const { pack, unpack } = stored(all)
      const text = pack(all.map(([, value]) => value))
      expect(JSON.stringify(text)).toBe(`"${text}"`)
      expect(unpack(text)).toEqual(all.map(([, value]) => (typeof value === 'number' ? value + 0 : value)))
    }),
  )
})

it.each<[string, number, number]>([
  ['rounds what is no whole number, as 97.623 × 1,000 is', 97_623.000_000_01, 97_623],
  ['takes what is no number for 0', Number.NaN, 0],
  ['takes less than nothing for nothing', -1, 0],
])('%s', (_what, number, back) => {
  const { pack, unpack } = stored([['count', number, 7]])
  expect(unpack(pack([number]))).toEqual([back])
})

it.each([
  [-1, 0],
  [9, 7],
])('a number that its bits do not hold, %d of three bits, damages no other', (number, back) => {
  const { pack, unpack } = stored([
    ['count', 0, 7],
    ['bits', 0, 3],
    ['count', 0, 7],
  ])
  expect(unpack(pack([97, number, 98]))).toEqual([97, back, 98])
})

it('is short: a flag is two characters, and a time eight', () => {
  expect(stored([['flag', true]]).pack([true])).toHaveLength(2)
  expect(stored([['count', 0, 41]]).pack([1_795_362_898_326])).toHaveLength(8)
})

it.each<[string, unknown]>([
  ['too short', '=*'],
  ['empty', ''],
  ['not of this alphabet', '"""""'],
  ['no text', { at: 1 }],
  ['nothing', null],
])('refuses a text that is damaged: %s', (_how, text) => {
  expect(() => stored([['count', 0, 41]]).unpack(text)).toThrow(RangeError)
})
