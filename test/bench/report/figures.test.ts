// Medians, percentiles and ratios, and how they are judged.

import { describe, expect, test } from 'vitest'
import { judge } from '../../../bench/report/bars.ts'
import { ratioOf, type Spread, short, spreadOf, type Waits, waitsOf } from '../../../bench/report/figures.ts'
import { table, withSpread } from '../../../bench/report/table.ts'

describe('a spread', () => {
  test.each<[number[], Spread | undefined, string]>([
    [[], undefined, 'no runs, no figure'],
    [[7], { median: 7, min: 7, max: 7, runs: 1 }, 'one run'],
    [[9, 1, 5], { median: 5, min: 1, max: 9, runs: 3 }, 'in whatever order'],
    [[4, 1, 3, 2], { median: 2.5, min: 1, max: 4, runs: 4 }, 'between the two in the middle'],
    [[10, 9, 100], { median: 10, min: 9, max: 100, runs: 3 }, 'by number, not by text'],
  ])('of %j is %j (%s)', (values, expected) => {
    expect(spreadOf(values)).toEqual(expected)
  })
})

describe('waits', () => {
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

  test.each<[number[], Waits | undefined, string]>([
    [upTo(100), { count: 100, p50: 50, p99: 99, max: 100 }, 'p99 of a hundred is the second worst'],
    [upTo(20), { count: 20, p50: 10, p99: 20, max: 20 }, 'p99 of a few is the worst'],
    [upTo(1_000).reverse(), { count: 1_000, p50: 500, p99: 990, max: 1_000 }, 'in whatever order'],
    [[], undefined, 'none arrived'],
  ])('%#: %j (%s)', (values, expected) => {
    expect(waitsOf(values)).toEqual(expected)
  })
})

test.each([
  [50, 200, 0.25],
  [50, 0, undefined],
  [undefined, 200, undefined],
  [50, undefined, undefined],
])('the ratio of %s to %s is %s', (value, limit, expected) => {
  expect(ratioOf(value, limit)).toBe(expected)
})

describe('a bar', () => {
  const spread = (median: number) => ({ median, min: median, max: median, runs: 5 })
  const more = { sense: 'at least', now: 0.15, aim: 0.25 } as const
  const less = { sense: 'at most', now: 250, aim: 100 } as const

  test.each([
    [more, spread(0.3), 'aim met'],
    [more, spread(0.15), 'met'],
    [more, spread(0.149), 'UNMET'],
    [less, spread(99), 'aim met'],
    [less, spread(250), 'met'],
    [less, spread(251), 'UNMET'],
    [less, undefined, 'not measured'],
  ])('%j against %j: %s', (bar, measured, expected) => {
    expect(judge(bar, measured)).toBe(expected)
  })
})

describe('a table', () => {
  test('has columns of even width, also where a row is short', () => {
    expect(table(['', 'bar now'], [['throughput', '≥ 0.15'], ['memory']])).toBe(
      [
        '|            | bar now |',
        '| ---------- | ------- |',
        '| throughput | ≥ 0.15  |',
        '| memory     |         |',
      ].join('\n'),
    )
  })

  test.each([
    [{ median: 12.34, min: 11, max: 14.06, runs: 5 }, '12.3 (11.0–14.1)'],
    [{ median: 0.1234, min: 0.1, max: 0.2, runs: 5 }, '0.12 (0.10–0.20)'],
    [{ median: 293_465, min: 293_465, max: 293_465, runs: 1 }, '293 k'],
    [undefined, ''],
  ])('writes %j as %s', (spread, expected) => {
    expect(withSpread(spread)).toBe(expected)
  })

  test.each([
    [0, '0.00'],
    [9.994, '9.99'],
    [47.5, '47.5'],
    [999.6, '1000'],
    [48_250, '48.3 k'],
  ])('%d is short as %s', (value, expected) => {
    expect(short(value)).toBe(expected)
  })
})
