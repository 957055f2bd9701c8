import { expect, test } from 'vitest'
import { createRateLimit, rateOf } from '../../alerts/rate.ts'

test.each([
  [10, 10, 1_000],
  [1, 1, 1_000],
  [2.5, 2, 800],
  [1 / 3, 1, 3_000],
  [20 / 60, 1, 3_000],
])('%d a second are %d in %d ms', (perSecond, most, everyMs) => {
  const rate = rateOf(perSecond)
  expect(rate.most).toBe(most)
  expect(rate.everyMs).toBeCloseTo(everyMs)
})

test('in no stretch of a second more begin than may', () => {
  const limit = createRateLimit({ most: 3, everyMs: 1_000 })
  expect(limit.room(0)).toBe(3)
  limit.begun(2, 0)
  limit.begun(1, 400)
  expect([limit.room(999), limit.roomIn(400)]).toEqual([0, 600])
  expect([limit.room(1_000), limit.roomIn(1_000)]).toEqual([2, 0])
  limit.begun(2, 1_000)
  expect([limit.room(1_399), limit.roomIn(1_399)]).toEqual([0, 1])
  expect(limit.room(1_400)).toBe(1)
})
