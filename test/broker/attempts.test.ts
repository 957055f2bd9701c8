import { expect, test } from 'vitest'
import { FIRST_RETRY_MS, LONGEST_RETRY_MS, planOf } from '../../broker/attempts.ts'
import type { PendingCommand } from '../../records/downlink.ts'

const NOW = 1_795_284_841_149

const command = (id: string, over: Partial<PendingCommand> = {}): PendingCommand => ({
  id,
  deviceId: 'mei',
  name: 'locate',
  argsJson: '{}',
  expiresAt: NOW + 3_600_000,
  attempts: 0,
  triedAt: null,
  ...over,
})

test.each<
  [why: string, given: Partial<PendingCommand>, isFresh: boolean, isSent: boolean, nextInMs: number | null]
>([
  ['new', {}, false, true, FIRST_RETRY_MS],
  ['sent a second ago', { attempts: 1, triedAt: NOW - 1_000 }, false, false, FIRST_RETRY_MS - 1_000],
  ['not answered in time', { attempts: 1, triedAt: NOW - FIRST_RETRY_MS }, false, true, 2 * FIRST_RETRY_MS],
  ['not answered again', { attempts: 2, triedAt: NOW - FIRST_RETRY_MS }, false, false, FIRST_RETRY_MS],
  ['asked for days', { attempts: 999, triedAt: NOW - LONGEST_RETRY_MS }, false, true, LONGEST_RETRY_MS],
  ['the device is back', { attempts: 5, triedAt: NOW - 1 }, true, true, 32 * FIRST_RETRY_MS],
  ['the clock was set back', { attempts: 1, triedAt: NOW + 3_600_000 }, false, true, 2 * FIRST_RETRY_MS],
  ['too late', { expiresAt: NOW }, true, false, null],
])('%s', (_why, given, isFresh, isSent, nextInMs) => {
  const plan = planOf([command('c1', given)], { now: NOW, isFresh, firstRetryMs: FIRST_RETRY_MS })
  expect(plan).toEqual({ send: isSent ? [command('c1', given)] : [], nextInMs })
})

test('what is due leaves in the order in which it was asked, and the next look is for the first of the rest', () => {
  const asked = [
    command('a', { attempts: 1, triedAt: NOW - FIRST_RETRY_MS }),
    command('b', { attempts: 1, triedAt: NOW - 4_000 }),
    command('c'),
  ]
  const { send, nextInMs } = planOf(asked, { now: NOW, isFresh: false, firstRetryMs: FIRST_RETRY_MS })
  expect(send.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(nextInMs).toBe(FIRST_RETRY_MS - 4_000)
})
