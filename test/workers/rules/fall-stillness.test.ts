// After a fall that the detector saw: who does not move for a minute, who does, and who took the band off.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Telemetry } from '../../../model/telemetry.ts'
import { epochMs } from '../../../model/units.ts'
import { type Input, NO_CONTEXT, type Raised } from '../../../workers/rule.ts'
import { plainFallStillness } from '../../../workers/rules/fall-stillness.older.ts'
import { fallStillnessStored } from '../../../workers/rules/fall-stillness.stored.ts'
import { type FallStillnessState, fallStillness, WATCH_MS } from '../../../workers/rules/fall-stillness.ts'
import { placed } from './story.ts'

const FELL_AT = Date.UTC(2027, 2, 1, 8)
const SECOND = 1_000
const MINUTE = 60 * SECOND

let state = fallStillness.start()
beforeEach(() => {
  state = fallStillness.start()
})

function put(input: Input): readonly Raised[] {
  const before = JSON.stringify(state)
  const step = fallStillness.step(state, input, NO_CONTEXT)
  expect(JSON.stringify(state), 'state is not changed in place').toBe(before)
  if (step?.state === null) state = fallStillness.start()
  else if (step?.state !== undefined) state = stored(step.state)
  return step?.findings ?? []
}

/** Written down, it is read as just what it was. */
function stored(next: FallStillnessState): FallStillnessState {
  const read = fallStillnessStored.unpack(JSON.parse(JSON.stringify(fallStillnessStored.pack(next))))
  expect(read).toEqual(next)
  return read
}

/** The note of a fall comes in, five seconds after it. */
const fell = (fallId = 'f1', atMs = 0, notedAfterMs = 5 * SECOND): readonly Raised[] =>
  put({ type: 'fall', now: epochMs(FELL_AT + atMs + notedAfterMs), at: epochMs(FELL_AT + atMs), fallId })

/** A sample taken so long after the fall. */
const sample = (afterMs: number, sample: Telemetry, lateMs = 0): readonly Raised[] =>
  put({
    type: 'sample',
    now: epochMs(FELL_AT + afterMs + lateMs),
    at: epochMs(FELL_AT + afterMs),
    lateMs,
    sample,
  })

const tick = (afterMs: number): readonly Raised[] => put({ type: 'tick', now: epochMs(FELL_AT + afterMs) })

const fixed = (eastM: number, acc = 10, src: 'gps' | 'lbs' = 'gps'): Telemetry => ({
  steps: 900,
  loc: { ...placed(eastM), acc, src },
})

describe('somebody who lies there', () => {
  it('for a minute by two samples is critical, with the numbers', () => {
    fell()
    expect(sample(10 * SECOND, { steps: 900, worn: true })).toEqual([])
    expect(sample(69 * SECOND, { steps: 900, worn: true })).toEqual([])
    expect(sample(71 * SECOND, { steps: 900, worn: true })).toMatchObject([
      {
        kind: 'fall',
        severity: 'critical',
        at: FELL_AT + 71 * SECOND,
        evidence: { source: 'stillness', stillForMs: 61 * SECOND, sinceFallMs: 71 * SECOND, of: 'f1' },
      },
    ])
    expect(sample(140 * SECOND, { steps: 900 }), 'and once only').toEqual([])
  })

  it('is found by a device that reports every five minutes', () => {
    fell()
    sample(2 * MINUTE, { steps: 900 })
    expect(sample(7 * MINUTE, { steps: 900 })).toMatchObject([{ severity: 'critical' }])
  })

  it('is found although the count of steps began anew at midnight', () => {
    fell()
    sample(10 * SECOND, { steps: 900 })
    sample(20 * SECOND, { steps: 0 })
    expect(sample(80 * SECOND, { steps: 0 })).toMatchObject([{ evidence: { stillForMs: MINUTE } }])
  })

  it('is found where fixes wander within their error', () => {
    fell()
    sample(10 * SECOND, fixed(0))
    sample(40 * SECOND, fixed(35))
    expect(sample(75 * SECOND, fixed(-20))).toHaveLength(1)
  })

  it('is found once, although the note was written by two owners', () => {
    fell()
    sample(10 * SECOND, { steps: 900 })
    fell('f1', 0, 20 * SECOND)
    expect(sample(75 * SECOND, { steps: 900 })).toHaveLength(1)
    fell('f1', 0, 90 * SECOND)
    sample(95 * SECOND, { steps: 900 })
    expect(sample(180 * SECOND, { steps: 900 })).toEqual([])
  })

  it('is found by the newer of two falls', () => {
    fell()
    sample(10 * SECOND, { steps: 900 })
    fell('f2', 30 * SECOND)
    expect(sample(75 * SECOND, { steps: 905 })).toEqual([])
    expect(sample(140 * SECOND, { steps: 905 })).toMatchObject([{ evidence: { of: 'f2' } }])
  })
})

describe('nothing is added to a fall', () => {
  it.each<[reason: string, told: () => void]>([
    ['steps were taken', () => sample(40 * SECOND, { steps: 903 })],
    ['the band came off', () => sample(40 * SECOND, { steps: 900, worn: false })],
    [
      'the device says that the band came off',
      () =>
        put({
          type: 'event',
          now: epochMs(FELL_AT + 40 * SECOND),
          at: epochMs(FELL_AT + 40 * SECOND),
          lateMs: 0,
          event: { kind: 'removed' },
          bytesHash: '',
        }),
    ],
    ['ten minutes are over', () => tick(WATCH_MS + 5 * SECOND)],
  ])('when %s', (_reason, told) => {
    fell()
    sample(10 * SECOND, { steps: 900 })
    told()
    expect(sample(11 * MINUTE, { steps: 903 })).toEqual([])
    expect(sample(13 * MINUTE, { steps: 903 })).toEqual([])
  })

  it('when the wearer is elsewhere, without steps', () => {
    fell()
    sample(10 * SECOND, fixed(0))
    sample(40 * SECOND, fixed(60))
    expect(sample(110 * SECOND, fixed(60))).toEqual([])
  })

  it('by a cell tower: what it says of a place is no movement, and no rest', () => {
    fell()
    sample(10 * SECOND, fixed(0))
    expect(sample(75 * SECOND, fixed(3_000, 800, 'lbs'))).toHaveLength(1)
  })

  it.each<[reason: string, samples: [afterMs: number, Telemetry, lateMs?: number][]]>([
    ['one sample proves nothing', [[75 * SECOND, { steps: 900 }]]],
    [
      'samples from before the fall',
      [
        [-80 * SECOND, { steps: 900 }],
        [-5 * SECOND, { steps: 900 }],
        [50 * SECOND, { steps: 900 }],
      ],
    ],
    [
      'the device counts no steps',
      [
        [10 * SECOND, { vitals: { hr: 80 } }],
        [90 * SECOND, { vitals: { hr: 80 } }],
      ],
    ],
    [
      'it is old news: whether it still holds nobody knows',
      [
        [10 * SECOND, { steps: 900 }, 20 * MINUTE],
        [90 * SECOND, { steps: 900 }, 20 * MINUTE],
      ],
    ],
  ])('when %s', (_reason, samples) => {
    fell()
    expect(samples.flatMap(given => sample(...given))).toEqual([])
  })
})

it('costs nothing before a fall, and nothing a day after it', () => {
  expect(sample(0, { steps: 900 })).toEqual([])
  expect(
    fallStillness.step(fallStillness.start(), { type: 'tick', now: epochMs(FELL_AT) }, NO_CONTEXT),
  ).toBeUndefined()
  fell()
  expect(state).not.toEqual(fallStillness.start())
  tick(25 * 60 * MINUTE)
  expect(state).toEqual(fallStillness.start())
})

it('keeps little of a day of fifty falls, and what is told twice of the last of them', () => {
  for (let i = 0; i < 50; i++) fell(`4k1xw8q0zt3mvb7n2c5d-7-${i}-0`, i * 28 * MINUTE)
  sample(49 * 28 * MINUTE + 10 * SECOND, fixed(0))
  expect(JSON.stringify(fallStillnessStored.pack(state)).length).toBeLessThan(130)
  const before = state
  for (let i = 47; i < 50; i++) fell(`4k1xw8q0zt3mvb7n2c5d-7-${i}-0`, i * 28 * MINUTE, 28 * MINUTE)
  expect(state).toEqual(before)
})

it('goes on with what an earlier version had stored', () => {
  const at = epochMs(FELL_AT + 10 * SECOND)
  const fix = { at, ...placed(0), accuracyM: 10, source: 'gps' }
  const noted = FELL_AT + 5 * SECOND
  const watch = { fallId: 'f1', fallAt: FELL_AT, noted, rest: { at, steps: 900, fix } }
  state = stored(plainFallStillness.migrate({ watch, known: [['f1', noted]] }))
  fell('f1', 0, 20 * SECOND)
  expect(sample(75 * SECOND, fixed(5))).toMatchObject([{ severity: 'critical', evidence: { of: 'f1' } }])
})
