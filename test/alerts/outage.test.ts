// Which area is out: a reason a row.

import { describe, expect, test } from 'vitest'
import { areasOut, candidates, enoughLive, freshUntil, isBack } from '../../alerts/outage.ts'

const MINUTE = 60_000
const WH = '/root/wh/'
const community = (n: number): string => `${WH}c${n}/`

/** Live devices by area, counted as the desk counts them: for candidates, and no further than needed. */
function decide(
  fresh: Record<string, number>,
  live: Record<string, number>,
  open: readonly string[] = [],
): string[] {
  const counts = Object.entries(fresh).map(([path, count]) => ({ path, count }))
  const below = (path: string): number =>
    Object.entries(live).reduce((sum, [at, count]) => (at.startsWith(path) ? sum + count : sum), 0)
  const counted = candidates(counts, open).map(({ path, silent }) => ({
    path,
    silent,
    live: Math.min(below(path), enoughLive(silent)),
  }))
  return areasOut(counted).map(({ path }) => path)
}

const city = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [community(n), 100]))
const all = (count: number) => Object.fromEntries(Object.keys(city).map(path => [path, count]))

describe('an area is out', () => {
  test.each<
    [reason: string, fresh: Record<string, number>, live: Record<string, number>, expected: string[]]
  >([
    ['ten of fifty: exactly a fifth', { [community(1)]: 10 }, { [community(1)]: 50 }, [community(1)]],
    ['ten of fifty-one are a bad day', { [community(1)]: 10 }, { [community(1)]: 51 }, []],
    ['nine of nine are a house', { [community(1)]: 9 }, { [community(1)]: 9 }, []],
    ['one street of a large city', { [community(1)]: 90 }, city, [community(1)]],
    [
      'two streets of a large city are two',
      { [community(1)]: 90, [community(2)]: 80 },
      city,
      [community(1), community(2)],
    ],
    ['a whole city is one, not forty', all(95), city, [WH]],
    ['a little everywhere is none', all(10), city, []],
    ['a fifth everywhere is the city', all(20), city, [WH]],
    [
      'too few in each street, enough in the city',
      { [community(1)]: 6, [community(2)]: 6 },
      { [community(1)]: 12, [community(2)]: 12 },
      [WH],
    ],
    [
      'one of two streets is that street, though it is half of the city',
      { [community(1)]: 100 },
      { [community(1)]: 100, [community(2)]: 100 },
      [community(1)],
    ],
    ['devices that hang on the city itself', { [WH]: 30 }, { [WH]: 60 }, [WH]],
    ['everything at the root', { '/root/': 100 }, { '/root/': 100 }, ['/root/']],
    ['nothing is silent', {}, city, []],
  ])('%s', (_reason, fresh, live, expected) => {
    expect(decide(fresh, live)).toEqual(expected)
  })

  test.each<[reason: string, open: string[], fresh: Record<string, number>, expected: string[]]>([
    ['known already', [community(1)], { [community(1)]: 95 }, []],
    ['of a larger one that is known', [WH], { [community(1)]: 95 }, []],
    ['another street', [community(1)], { [community(1)]: 95, [community(2)]: 95 }, [community(2)]],
    ['it has grown to the city', [community(1)], all(60), [WH]],
  ])('beside an open one: %s', (_reason, open, fresh, expected) => {
    expect(decide(fresh, city, open)).toEqual(expected)
  })
})

test('devices that report seldom notice later that they are cut off', () => {
  expect([0, 10, 30, 600].map(minutes => freshUntil(0, minutes * MINUTE) / MINUTE)).toEqual([5, 15, 35, 35])
})

test.each([
  [100, 79, false],
  [100, 80, true],
  [10, 8, true],
  [12, 9, false],
  [12, 12, true],
])('of %i members %i are heard: back is %s', (members, heard, back) => {
  expect(isBack({ members, heard })).toBe(back)
})
