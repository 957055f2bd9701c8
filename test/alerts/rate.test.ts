import { expect, test } from 'vitest'
import { type Begun, type Lanes, mostOf, placeInMs, rateOf, take } from '../../alerts/rate.ts'

const ROBOT = rateOf(20)
const MINUTE = 60_000
/** What a robot was given may be on its way for so long. */
const SLACK = 6_000

test.each([
  [2, 2, 60_000, 'the least: one for each lane'],
  [20, 20, 60_000, 'as robots are stated'],
  [119, 119, 60_000, 'still by the minute'],
  [120, 2, 1_000, 'by the second: not all of it at once'],
  [3_001, 50, 1_000, 'never more than was said'],
])('%d a minute are %d in %d ms (%s)', (perMinute, most, everyMs) => {
  expect(rateOf(perMinute)).toEqual({ most, everyMs })
  expect(mostOf(rateOf(perMinute), 'routine')).toBeGreaterThan(0)
})

test('what can wait takes the half, what cannot takes all', () => {
  const first = take([], { rate: ROBOT, wanted: { urgent: 0, routine: 100 }, now: 0 })
  expect(first.granted).toEqual({ urgent: 0, routine: 10 })
  const second = take(first.begun, { rate: ROBOT, wanted: { urgent: 100, routine: 100 }, now: 1 })
  expect(second.granted).toEqual({ urgent: 10, routine: 0 })
})

test('asked for together, the urgent ones go first, and the others have what is left of their half', () => {
  const asked = { rate: ROBOT, wanted: { urgent: 7, routine: 7 }, now: 0 }
  expect(take([], asked).granted).toEqual({ urgent: 7, routine: 3 })
})

test('in no minute more begin than may, and it is said when there is room again', () => {
  const all: [at: number, count: number][] = []
  let begun: Begun = []
  let now = 12_345
  const wanted: Lanes = { urgent: 100, routine: 0 }
  for (let round = 0; round < 5; round++) {
    const taken = take(begun, { rate: ROBOT, wanted, now })
    all.push([now, taken.granted.urgent])
    begun = taken.begun
    expect(taken.freeInMs.urgent).toBeGreaterThanOrEqual(MINUTE)
    expect(taken.freeInMs.urgent).toBeLessThanOrEqual(MINUTE + SLACK)
    now += taken.freeInMs.urgent
  }
  expect(all.map(([, count]) => count)).toEqual([20, 20, 20, 20, 20])
})

test('begun in parts, they come free in parts', () => {
  const wanted = { urgent: 5, routine: 0 }
  let begun: Begun = []
  for (const now of [0, 15_000, 30_000, 45_000]) begun = take(begun, { rate: ROBOT, wanted, now }).begun
  const full = take(begun, { rate: ROBOT, wanted, now: 50_000 })
  expect(full.granted.urgent).toBe(0)
  expect(full.freeInMs).toEqual({ urgent: 16_000, routine: 46_000 })
  expect(take(begun, { rate: ROBOT, wanted, now: 66_000 }).granted.urgent).toBe(5)
})

test('a clock that was ahead keeps nobody waiting for longer than a minute', () => {
  const ahead = take([], { rate: ROBOT, wanted: { urgent: 20, routine: 0 }, now: 3_600_000 })
  const wanted = { urgent: 1, routine: 0 }
  const back = take(ahead.begun, { rate: ROBOT, wanted, now: 0 })
  expect(back.granted.urgent).toBe(0) // they may have left a moment ago
  expect(back.freeInMs.urgent).toBe(MINUTE + SLACK)
  expect(take(back.begun, { rate: ROBOT, wanted, now: MINUTE + SLACK }).granted.urgent).toBe(1)
})

test.each([
  [0, 1_000, 'the first one, as soon as there is room'],
  [9, 1_000, 'the tenth, with it'],
  [10, 1_000 + MINUTE + SLACK, 'the eleventh, a turn later'],
  [99, 1_000 + 9 * (MINUTE + SLACK), 'the last of a hundred'],
])('behind %d others it comes back in %d ms (%s)', (ahead, ms) => {
  expect(placeInMs({ freeInMs: 1_000, ahead, rate: ROBOT, lane: 'routine' })).toBe(ms)
})
