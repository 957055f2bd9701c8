// The bucket of a device's events, in virtual time.

import { expect, test } from 'vitest'
import { pauseOf, startPace } from '../../broker/pace.ts'
import { epochMs } from '../../model/units.ts'

const LIMITS = { eventsPerSecond: 10, eventBurst: 20, pauseMs: 1_000 }
const START = 1_795_284_841_149

/** The pauses of `count` events that come `everyMs`. */
function pauses(count: number, everyMs: number): number[] {
  const pace = startPace()
  return Array.from({ length: count }, (_, n) => pauseOf(pace, epochMs(START + n * everyMs), LIMITS))
}

test('ten events a second never wait', () => {
  expect(Math.max(...pauses(1_000, 100))).toBe(0)
})

test('twenty at once do not wait, the next ones wait for their turn', () => {
  expect(pauses(23, 0)).toEqual([...Array(20).fill(0), 100, 200, 300])
})

test('no event waits longer than a second, however many came before it', () => {
  expect(pauses(1_000, 1).at(-1)).toBe(1_000)
})

test('a device that answers for its answers is held to ten a second', () => {
  const pace = startPace()
  let now = START
  for (let n = 0; n < 120; n++) now += pauseOf(pace, epochMs(now), LIMITS)
  expect(now - START).toBe(10_000) // 20 at once, 100 at ten a second
})

test('after a quiet time it has its burst again', () => {
  const pace = startPace()
  for (let n = 0; n < 100; n++) pauseOf(pace, epochMs(START), LIMITS)
  const later = epochMs(START + 4_000)
  expect(Array.from({ length: 20 }, () => pauseOf(pace, later, LIMITS))).toEqual(Array(20).fill(0))
})

test('a clock that jumps back costs a second at most', () => {
  const pace = startPace()
  pauseOf(pace, epochMs(START), LIMITS)
  expect(pauseOf(pace, epochMs(START - 3_600_000), LIMITS)).toBe(1_000)
})
