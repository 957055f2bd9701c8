import { expect, it } from 'vitest'
import { isAvailable } from '../../../console/desk/availability.ts'

/** Monday, 16 November 2026, 10:30 in Shanghai; 02:30 UTC. */
const MONDAY = Date.UTC(2026, 10, 16, 2, 30)
const MORNINGS = [{ days: [1, 2], from: '08:00', to: '12:00' }]

it.each([
  { reason: 'nothing was said: always', schedule: [], timeZone: 'Asia/Shanghai', now: MONDAY, free: true },
  { reason: 'within', schedule: MORNINGS, timeZone: 'Asia/Shanghai', now: MONDAY, free: true },
  { reason: 'elsewhere it is night', schedule: MORNINGS, timeZone: 'Europe/Paris', now: MONDAY, free: false },
  {
    reason: 'the end is not part of it',
    schedule: MORNINGS,
    timeZone: 'Asia/Shanghai',
    now: Date.UTC(2026, 10, 16, 4, 0),
    free: false,
  },
  {
    reason: 'another day',
    schedule: MORNINGS,
    timeZone: 'Asia/Shanghai',
    now: MONDAY + 2 * 24 * 3_600_000,
    free: false,
  },
])('$reason', ({ schedule, timeZone, now, free }) => {
  expect(isAvailable(schedule, { now, timeZone })).toBe(free)
})
