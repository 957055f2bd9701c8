import { describe, expect, it, test } from 'vitest'
import { attempt, LOST_MOST, pauseMs, RETRY_AFTER_MOST_MS, type Taken } from '../../alerts/attempt.ts'
import type { Job, Work } from '../../alerts/jobs.ts'
import { startLog } from '../../log.ts'

const log = startLog({ level: 'silent' })
const backoff = { firstMs: 1_000, mostMs: 60_000 }

const busy = (retryAfterMs: unknown) => Object.assign(new Error('busy'), { retryAfterMs })

test.each<[failures: number, error: unknown, chance: number, ms: number, why: string]>([
  [1, new Error('no'), 0, 500, 'a half is certain'],
  [1, new Error('no'), 0.5, 750, 'and a half is chance'],
  [2, new Error('no'), 0, 1_000, 'doubled'],
  [6, new Error('no'), 0, 16_000, 'and doubled'],
  [7, new Error('no'), 0, 30_000, 'up to the most'],
  [2_000, new Error('no'), 0.5, 45_000, 'however often it failed'],
  [1, busy(5_000), 0.5, 5_000, 'asked for more'],
  [7, busy(5_000), 0, 30_000, 'asked for less than it is anyway'],
  [1, busy(5_000.2), 0, 5_001, 'never before'],
  [1, busy(86_400_000), 0, RETRY_AFTER_MOST_MS, 'tomorrow is too late'],
  [1, busy(Number.NaN), 0, 500, 'asked for nothing that makes sense'],
  [1, busy('5'), 0, 500, 'not a number'],
  [1, busy(-5), 0, 500, 'in the past'],
  [1, undefined, 0, 500, 'nothing was thrown'],
])('after failure %d with %o and chance %d: %d ms (%s)', (failures, error, chance, ms) => {
  expect(pauseMs({ failures, error, backoff, chance })).toBe(ms)
})

test('a pause is never nothing: engines take 0 for something else', () => {
  expect(pauseMs({ failures: 1, error: null, backoff: { firstMs: 0, mostMs: 0 }, chance: 0 })).toBe(1)
})

describe('a run', () => {
  const taken = (given: Partial<Taken> = {}): Taken => ({
    id: 'a',
    data: {},
    attempt: 1,
    failures: 0,
    signal: new AbortController().signal,
    ...given,
  })
  const run = (given: Partial<Taken>, work: Partial<Work>) =>
    attempt(
      taken(given),
      { concurrency: 1, attempts: 3, backoff, handle: async () => undefined, ...work },
      log,
    )
  const failing = async (): Promise<never> => {
    throw new Error('no')
  }

  it.each<[given: Partial<Taken>, end: string, why: string]>([
    [{}, 'retry', 'the first failure'],
    [{ attempt: 2, failures: 1 }, 'retry', 'the second'],
    [{ attempt: 3, failures: 2 }, 'dead', 'the last that it may have'],
    [{ attempt: 4, failures: 1 }, 'retry', 'two runs were cut off: they are no failures'],
    [{ attempt: 2, failures: 1, signal: AbortSignal.abort() }, 'given_back', 'its process stops'],
    [{ attempt: 3, failures: 2, signal: AbortSignal.abort() }, 'given_back', 'also when it was the last'],
  ])('of %o that fails ends as %s (%s)', async (given, end) => {
    expect(await run(given, { handle: failing })).toMatchObject({ end })
  })

  it('is not begun when it was cut off too often, and somebody is told', async () => {
    const told: string[] = []
    const handled: Job[] = []
    const work: Partial<Work> = {
      handle: async job => void handled.push(job),
      onDead: async (job, reason) => void told.push(`${job.id} ${reason}`),
    }
    const cutOff = (times: number) => run({ attempt: times + 2, failures: 1 - 0 }, work)
    expect(await cutOff(LOST_MOST)).toEqual({ end: 'done' })
    expect(await cutOff(LOST_MOST + 1)).toMatchObject({ end: 'dead' })
    expect(handled).toHaveLength(1)
    expect(told).toEqual([`a it was cut off ${LOST_MOST + 1} times`])
  })

  it('is not dead as long as nobody could be told', async () => {
    const outcome = await run({ attempt: 3, failures: 2 }, { handle: failing, onDead: failing })
    expect(outcome).toEqual({ end: 'retry', afterMs: backoff.mostMs, reason: 'no' })
  })

  it('says what went wrong, in a few words', async () => {
    const long = async (): Promise<never> => {
      throw 'x'.repeat(10_000)
    }
    const outcome = await run({}, { handle: long })
    expect(outcome).toMatchObject({ reason: 'x'.repeat(500) })
  })
})
