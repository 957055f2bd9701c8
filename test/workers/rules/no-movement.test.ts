// Nothing moves: what says so, what does not, and what time counts.

import { describe, expect, it } from 'vitest'
import type { Telemetry } from '../../../model/telemetry.ts'
import { epochMs } from '../../../model/units.ts'
import type { Context, Raised } from '../../../workers/rule.ts'
import { noMovement, STILL_FOR_MS } from '../../../workers/rules/no-movement.ts'
import { wakingMs } from '../../../workers/rules/waking.ts'
import { placed, START_AT, type Story, tell } from './story.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

// The story begins at 8:00 UTC, which is 16:00 in Shanghai; by UTC the elder is up until 21:00.
const UTC: Partial<Context> = { timeZone: 'UTC', waking: { from: '07:00', to: '21:00' }, awayUntil: null }
const still: Telemetry = {
  steps: 500,
  worn: true,
  loc: { ...placed(0), acc: 15, src: 'gps' },
  vitals: { hr: 68 },
}

/** A sample every `everyMs` for so long; what differs by its number. */
function live(
  story: Story,
  forMs: number,
  {
    everyMs = 5 * MINUTE,
    sample = () => still,
  }: { everyMs?: number; sample?: (n: number) => Telemetry } = {},
): Raised[] {
  const found: Raised[] = []
  for (let n = 0; n * everyMs < forMs; n++) {
    found.push(...story.sample(sample(n)))
    story.pass(everyMs)
  }
  return found
}

describe('an elder who does not move', () => {
  it('is told after three hours, once, with the numbers', () => {
    const story = tell([noMovement], UTC)
    expect(live(story, STILL_FOR_MS)).toEqual([])
    expect(live(story, HOUR)).toMatchObject([
      {
        kind: 'no_movement',
        severity: 'high',
        evidence: {
          wakingForMs: STILL_FOR_MS,
          stillForMs: STILL_FOR_MS,
          limitMs: STILL_FOR_MS,
          steps: 500,
          hrBpm: 68,
        },
      },
    ])
    expect(live(story, 6 * HOUR)).toEqual([])
  })

  it('is told again after they were up', () => {
    const story = tell([noMovement], UTC)
    live(story, 4 * HOUR)
    live(story, 20 * MINUTE, { sample: n => ({ ...still, steps: 510 + n }) })
    const found = live(story, 4 * HOUR, { sample: () => ({ ...still, steps: 514 }) })
    expect(found.map(({ kind }) => kind)).toEqual(['no_movement'])
  })
})

describe('a band that is given to somebody else', () => {
  it('tells nothing of the new wearer that the one before them did', () => {
    const story = tell([noMovement], UTC)
    live(story, STILL_FOR_MS - 10 * MINUTE)
    story.change({ residentId: 'another' })
    expect(live(story, STILL_FOR_MS)).toEqual([])
    expect(live(story, 10 * MINUTE)).toMatchObject([{ evidence: { stillForMs: STILL_FOR_MS } }])
  })

  it('nor what it kept of that one and sends only now', () => {
    const story = tell([noMovement], UTC)
    story.pass(3 * HOUR)
    story.sample(still)
    story.change({ residentId: 'another' })
    for (let lateMs = 3 * HOUR; lateMs > 0; lateMs -= 30 * MINUTE) story.sample(still, lateMs)
    expect(live(story, HOUR)).toEqual([])
  })

  it('and nothing else that changes in the registry begins a rest anew', () => {
    const story = tell([noMovement], UTC)
    live(story, 2 * HOUR)
    story.change({ livesAlone: true })
    expect(live(story, 70 * MINUTE)).toHaveLength(1)
  })
})

describe('what is told', () => {
  const cases: [reason: string, sample: (n: number) => Telemetry, told: boolean][] = [
    ['steps, position and pulse say so', () => still, true],
    ['steps alone, of a band that is worn', () => ({ steps: 500, worn: true }), true],
    ['steps, and a pulse instead of a word on wearing', () => ({ steps: 500, vitals: { hr: 70 } }), true],
    [
      'position and pulse of a device without steps',
      () => ({ loc: still.loc, vitals: { hr: 70 }, worn: true }),
      true,
    ],
    ['a few metres of error are no way', n => ({ ...still, loc: { ...placed((n % 5) * 8), acc: 15 } }), true],
    [
      'a cell tower a kilometre off says nothing',
      n => ({ ...still, loc: { ...placed((n % 2) * 1_000), acc: 800, src: 'lbs' } }),
      true,
    ],
    ['a quiet pulse', n => ({ ...still, vitals: { hr: 66 + (n % 5) } }), true],
    ['a pulse of 0 is none', n => ({ ...still, vitals: { hr: n % 2 ? 0 : 68 } }), true],
    ['a pulse of 255 is none', n => ({ ...still, vitals: { hr: n % 2 ? 255 : 68 } }), true],
    ['a counter that starts anew at nothing', n => ({ ...still, steps: n < 12 ? 500 : 0 }), true],
    ['a step now and then', n => ({ ...still, steps: 500 + Math.floor(n / 12) }), false],
    ['a counter that starts anew, and counts', n => ({ ...still, steps: n < 20 ? 500 : 7 }), false],
    [
      'on the way in a wheelchair',
      n => ({ ...still, loc: { ...placed(n * 40), acc: 15, src: 'gps' } }),
      false,
    ],
    [
      'the heart beats for somebody who gets up',
      n => ({ ...still, vitals: { hr: n % 6 === 5 ? 92 : 68 } }),
      false,
    ],
    ['not worn', () => ({ ...still, worn: false }), false],
    ['nobody says that it is worn', () => ({ steps: 500, loc: still.loc }), false],
    ['a position alone is a house', () => ({ loc: still.loc, worn: true }), false],
    ['a quiet pulse alone is rest', () => ({ vitals: { hr: 68 }, worn: true }), false],
    ['0° N 0° E is no position', () => ({ loc: { lat: 0, lon: 0 }, vitals: { hr: 68 }, worn: true }), false],
  ]
  it.each(cases)('%s', (_reason, sample, told) => {
    const story = tell([noMovement], UTC)
    expect(live(story, 3.5 * HOUR, { sample })).toHaveLength(told ? 1 : 0)
  })

  it('silence is not stillness', () => {
    const story = tell([noMovement], UTC)
    live(story, 30 * MINUTE)
    story.pass(4 * HOUR)
    expect(story.sample(still)).toEqual([])
    expect(live(story, 2 * HOUR)).toEqual([])
  })

  it('hourly reports are enough', () => {
    const story = tell([noMovement], UTC)
    expect(live(story, 4 * HOUR, { everyMs: HOUR })).toHaveLength(1)
  })

  it('what is uploaded late moves the count and raises nothing; the next fresh sample does', () => {
    const story = tell([noMovement], UTC)
    story.pass(4 * HOUR)
    for (let lateMs = 4 * HOUR; lateMs >= 15 * MINUTE; lateMs -= 5 * MINUTE)
      expect(story.sample(still, lateMs)).toEqual([])
    expect(story.sample(still)).toMatchObject([{ lateMs: 0 }])
  })

  it('a sample that comes out of order changes nothing', () => {
    const story = tell([noMovement], UTC)
    live(story, 2 * HOUR)
    expect(story.sample({ ...still, steps: 400 }, HOUR)).toEqual([])
    expect(live(story, 1.5 * HOUR)).toHaveLength(1)
  })
})

describe('the hours', () => {
  it('a night in bed is none of them, and the evening before counts', () => {
    const story = tell([noMovement], { ...UTC, timeZone: 'Asia/Shanghai' })
    story.pass(4 * HOUR) // 20:00 in Shanghai
    expect(live(story, 12 * HOUR)).toEqual([]) // an hour of the evening, an hour of the morning
    const [found] = live(story, 2 * HOUR)
    expect(found?.evidence).toMatchObject({ wakingForMs: STILL_FOR_MS, stillForMs: 13 * HOUR })
  })

  it('away, nobody is told; afterwards the count begins', () => {
    const story = tell([noMovement], { ...UTC, awayUntil: START_AT + 5 * HOUR })
    expect(live(story, 8 * HOUR)).toEqual([])
    expect(live(story, HOUR)).toHaveLength(1)
  })

  const day = (text: string) => epochMs(Date.parse(text))
  it.each<[reason: string, timeZone: string, from: string, to: string, hours: number]>([
    ['within the day', 'Asia/Shanghai', '2026-11-21T02:00Z', '2026-11-21T05:00Z', 3],
    ['at night', 'Asia/Shanghai', '2026-11-21T14:00Z', '2026-11-21T22:00Z', 0],
    ['over a night', 'Asia/Shanghai', '2026-11-21T12:00Z', '2026-11-22T00:00Z', 2],
    ['three days', 'Asia/Shanghai', '2026-11-20T16:00Z', '2026-11-23T16:00Z', 42],
    ['elsewhere it is day', 'America/New_York', '2026-11-21T14:00Z', '2026-11-21T22:00Z', 8],
    ['half an hour off', 'Asia/Kolkata', '2026-11-21T01:00Z', '2026-11-21T02:00Z', 0.5],
    ['the day on which clocks go forward', 'Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 14],
    ['the day on which they go back', 'Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 14],
    ['no time at all', 'Asia/Shanghai', '2026-11-21T02:00Z', '2026-11-21T02:00Z', 0],
  ])('%s', (_reason, timeZone, from, to, hours) => {
    const rhythm = { timeZone, waking: { from: '07:00', to: '21:00' } }
    expect(wakingMs(rhythm, day(from), day(to)) / HOUR).toBe(hours)
  })

  it('a night in which the clock changes within waking hours of a night owl', () => {
    const owl = { timeZone: 'Europe/Berlin', waking: { from: '00:00', to: '06:00' } }
    expect(wakingMs(owl, day('2026-03-28T23:00Z'), day('2026-03-29T22:00Z')) / HOUR).toBe(5)
    expect(wakingMs(owl, day('2026-10-24T22:00Z'), day('2026-10-25T23:00Z')) / HOUR).toBe(7)
  })
})

it('writes little: at most every five minutes, for walkers and for sleepers, in under 110 bytes', () => {
  const story = tell([noMovement], UTC)
  let writes = 0
  for (let n = 0; n < 120; n++) {
    const before = story.states.get('no_movement')
    story.sample(n < 60 ? { ...still, steps: 500 + 40 * n } : { ...still, steps: 3_000 })
    if (story.states.get('no_movement') !== before) writes++
    story.pass(MINUTE)
  }
  expect(writes).toBeLessThanOrEqual(28)
  expect(String(story.states.get('no_movement')).length).toBeLessThan(110)
})
