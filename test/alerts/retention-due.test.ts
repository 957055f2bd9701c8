// When what is old is let go of, by the clock on the wall in the usual zone (UTC+8).

import { expect, test } from 'vitest'
import { dueOf, LEAP_MS, type Standing } from '../../alerts/retention-due.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Three in the morning in Beijing on 22 November 2026. */
const THREE = Date.UTC(2026, 10, 21, 19)
const usual: Standing = { now: THREE, open: undefined, beganAt: THREE - DAY, seenAt: THREE - HOUR }

test.each<[why: string, given: Partial<Standing>, due: ReturnType<typeof dueOf>]>([
  ['its hour has come', {}, 'its_time'],
  ['it has not', { now: THREE - 1 }, 'not_yet'],
  ['it was done today', { now: THREE + 20 * HOUR, beganAt: THREE + 5, seenAt: THREE }, 'not_yet'],
  [
    'the hub was away at the hour: at its start',
    { now: THREE + 9 * HOUR, seenAt: THREE - 9 * HOUR },
    'its_time',
  ],
  ['a hub that was never looked at', { beganAt: null, seenAt: null }, 'not_yet'],
  ['its first hour', { beganAt: null, seenAt: THREE - HOUR }, 'its_time'],
  ['its first hour is not yet', { now: THREE + 2 * HOUR, beganAt: null, seenAt: THREE + HOUR }, 'not_yet'],
  ['one was cut off', { open: 'running', beganAt: THREE - 1, now: THREE + 60_000 }, 'goes_on'],
  ['one was asked for', { open: 'asked', now: THREE - HOUR }, 'asked'],
  ['the clock stands in the year 2036', { now: Date.UTC(2036, 0, 1) }, 'clock_leapt'],
  ['it leapt, and somebody asks all the same', { now: Date.UTC(2036, 0, 1), open: 'asked' }, 'asked'],
  [
    'one that was cut off counts back from when it began: it goes on whatever the clock says',
    { now: Date.UTC(2036, 0, 1), open: 'running' },
    'goes_on',
  ],
  ['away for a week', { seenAt: THREE - LEAP_MS, beganAt: THREE - 8 * DAY }, 'its_time'],
  ['away for longer', { seenAt: THREE - LEAP_MS - 1, beganAt: THREE - 8 * DAY }, 'clock_leapt'],
  [
    'the clock was set back behind the last run',
    { beganAt: THREE + 365 * DAY, seenAt: THREE + 365 * DAY },
    'its_time',
  ],
])('%s', (_why, given, due) => {
  expect(dueOf({ ...usual, ...given })).toBe(due)
})
