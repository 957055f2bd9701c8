// What is usual for an elder: how it is learned, what moves it and what does not, and when a change is told.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../model/units.ts'
import { LEAST_HOURS, type Learned, learn, MEMORY_HOURS } from '../../../workers/rules/baseline.ts'
import { JUDGED_VITALS, type JudgedVital } from '../../../workers/rules/vital-reading.ts'
import { REST_MS } from '../../../workers/rules/vital-rest.ts'
import { vitalsStored } from '../../../workers/rules/vitals.stored.ts'
import { vitals } from '../../../workers/rules/vitals.ts'
import { type Story, tell } from './story.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY_HOURS = 24

/** A bell curve that is the same in every run: mulberry32, twelve of them. */
function bell(seed: number): () => number {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each, -6)
}

const HR = JUDGED_VITALS.indexOf('hr')

/** Learns one value an hour. */
function taught(values: readonly number[], name: JudgedVital = 'hr'): Learned {
  const i = JUDGED_VITALS.indexOf(name)
  let learned: Learned | 0 = 0
  for (const [hour, value] of values.entries())
    learned = learn(learned, { i, value, at: epochMs(hour * HOUR) })
  return learned as unknown as Learned
}

function usual(hours: number, { level = 70, spread = 6, seed = 1 } = {}): number[] {
  const next = bell(seed)
  return Array.from({ length: hours }, () => Math.round(level + spread * next()))
}

describe('what is learned', () => {
  it.each([
    [70, 6],
    [82, 11],
    [58, 5],
  ])('is a level of %d and a spread of %d', (level, spread) => {
    const [learnedLevel, learnedSpread, hours] = taught(usual(3 * MEMORY_HOURS, { level, spread }))
    expect(Math.abs(learnedLevel - level)).toBeLessThan(spread / 3)
    expect(learnedSpread / spread).toBeGreaterThan(0.8)
    expect(learnedSpread / spread).toBeLessThan(1.2)
    expect(hours).toBe(MEMORY_HOURS)
  })

  it('is not moved by an outlier', () => {
    const values = usual(2 * MEMORY_HOURS)
    const [before, spread] = taught(values)
    const [after, spreadAfter] = taught([...values, 180])
    expect(Math.abs(after - before)).toBeLessThan(0.01 * spread)
    expect(spreadAfter).toBe(spread)
  })

  it('is not spoilt by a first reading that was one', () => {
    const [level] = taught([180, ...usual(LEAST_HOURS * 3)])
    expect(Math.abs(level - 70)).toBeLessThan(8)
  })

  it('stays between the readings, and above its least spread', () => {
    const name = fc.constantFrom(...JUDGED_VITALS)
    const values = fc.array(fc.integer({ min: 300, max: 2_000 }), { minLength: 1, maxLength: 600 })
    fc.assert(
      fc.property(name, values, (sign, tenths) => {
        const read = tenths.map(value => value / 10)
        const [level, spread, hours, mark] = taught(read, sign)
        expect(level).toBeGreaterThanOrEqual(Math.min(...read) - 0.01)
        expect(level).toBeLessThanOrEqual(Math.max(...read) + 0.01)
        expect(spread).toBeGreaterThanOrEqual(0.25)
        expect(spread).toBeLessThanOrEqual(200)
        expect(hours).toBe(Math.min(read.length, MEMORY_HOURS))
        expect(JSON.stringify([level, spread, hours, mark]).length).toBeLessThanOrEqual(28)
      }),
      { numRuns: 200 },
    )
  })
})

/** A story of an elder whose pulse was learned for so many hours. */
function learnedStory(hours: number, options: { spread?: number; seed?: number } = {}): Story {
  const story = tell([vitals])
  for (const hr of usual(hours, options)) {
    story.sample({ vitals: { hr } })
    story.outage(HOUR)
  }
  return story
}

/** The same reading every five minutes, and what it raised. */
const hold = (story: Story, hr: number, times: number): unknown[] =>
  Array.from({ length: times }, () => {
    const found = [...story.pass(5 * MINUTE), ...story.sample({ vitals: { hr } })]
    return found.map(({ severity, ended, evidence }) => [evidence.basis, ended ? 'ended' : severity])
  }).flat()

describe('a sign that stays away from it', () => {
  it('is a notice, with the numbers that raised it', () => {
    const story = learnedStory(200)
    expect(hold(story, 104, 6)).toEqual([['baseline', 'notice']])
    const { evidence } = story.raised[0] ?? {}
    expect(evidence).toMatchObject({
      basis: 'baseline',
      metric: 'hr',
      hrBpm: 104,
      limitDeviations: 4,
      side: 'above',
      samples: 201,
      readings: 3,
      forMs: 10 * MINUTE,
    })
    expect(evidence?.levelBpm).toBeCloseTo(70, -1)
    expect(evidence?.spreadBpm).toBeGreaterThan(4)
    expect(evidence?.deviations).toBeGreaterThan(4)
  })

  it('is over after two usual readings', () => {
    const story = learnedStory(200)
    hold(story, 104, 4)
    expect(hold(story, 70, 4)).toEqual([['baseline', 'ended']])
    expect(story.raised.at(-1)?.evidence).toMatchObject({ basis: 'baseline', metric: 'hr', hrBpm: 70 })
  })

  it.each([
    ['while too little was learned', LEAST_HOURS - 10],
    ['when nothing was learned', 0],
  ])('is nothing %s', (_reason, hours) => {
    expect(hold(learnedStory(hours), 104, 5)).toEqual([])
  })

  it('is nothing when it is two readings', () => {
    const story = learnedStory(200)
    expect([
      ...hold(story, 104, 2),
      ...hold(story, 70, 1),
      ...hold(story, 104, 2),
      ...hold(story, 70, 5),
    ]).toEqual([])
  })

  it('is nothing while the elder walks, and something once they rest', () => {
    const story = learnedStory(200)
    let steps = 1_000
    const walk = (by: number) => {
      story.pass(5 * MINUTE)
      steps += by
      return story.sample({ steps, vitals: { hr: 104 } })
    }
    for (let i = 0; i < 20; i++) expect(walk(300)).toEqual([])
    for (let i = 0; i < 5; i++) walk(0)
    expect(story.raised).toMatchObject([{ severity: 'notice', evidence: { basis: 'baseline' } }])
  })

  it('says nothing beside a limit that was told', () => {
    expect(hold(learnedStory(200), 135, 6)).toEqual([['limit', 'high']])
  })

  it('is of the wearer: the next one starts anew', () => {
    const story = learnedStory(200)
    story.change({ residentId: 'other' })
    expect(hold(story, 104, 5)).toEqual([])
  })
})

describe('over weeks', () => {
  /** Three readings at the same hour, so that one that is away is told. */
  function live(
    story: Story,
    hours: number,
    level: (hour: number) => number,
    seed = 5,
  ): (number | undefined)[] {
    const next = bell(seed)
    const told: (number | undefined)[] = []
    for (let hour = 0; hour < hours; hour++) {
      const hr = Math.round(level(hour) + 6 * next())
      for (let i = 0; i < 3; i++) {
        for (const { ended } of story.sample({ vitals: { hr: hr + i } })) if (!ended) told.push(hour)
        story.outage(6 * MINUTE)
      }
      story.outage(HOUR - 18 * MINUTE)
    }
    return told
  }

  it('an elder as ever is told of hardly ever', () => {
    const told = live(learnedStory(200), 90 * DAY_HOURS, () => 70)
    expect(told.length).toBeLessThanOrEqual(1)
  })

  it('an illness that creeps in is told before it is usual', () => {
    const told = live(learnedStory(400), 15 * DAY_HOURS, hour => 70 + (3 * hour) / DAY_HOURS)
    expect(told.length).toBeGreaterThan(0)
  })

  it('a change that stays is told, and becomes usual', () => {
    const story = learnedStory(400, { spread: 3 })
    const next = bell(9)
    const read = (hour: number) => 99 + Math.round(2 * next()) + (hour % 2)
    const days = 60
    for (let hour = 0; hour < days * DAY_HOURS; hour++) {
      for (let i = 0; i < 3; i++) {
        story.sample({ vitals: { hr: read(hour) } })
        story.outage(6 * MINUTE)
      }
      story.outage(HOUR - 18 * MINUTE)
    }
    expect(story.raised[0]).toMatchObject({ severity: 'notice', evidence: { basis: 'baseline' } })
    expect(story.raised.at(-1)).toMatchObject({ ended: true })
  })
})

it('is learned only from rest, where steps are counted', () => {
  const story = tell([vitals])
  const learnedHours = (): number => {
    const state = vitalsStored.unpack(JSON.parse(String(story.states.get('vitals'))))
    const learned = state.b[HR]
    return learned === undefined || learned === 0 ? 0 : learned[2]
  }
  let steps = 0
  for (let i = 0; i < 10; i++) {
    story.sample({ steps, vitals: { hr: 85 } })
    story.pass(10 * MINUTE)
    steps += 500
  }
  expect(learnedHours()).toBe(0)
  story.sample({ steps, vitals: { hr: 85 } })
  story.pass(REST_MS)
  story.sample({ steps, vitals: { hr: 72 } })
  expect(learnedHours()).toBe(1)
  story.pass(REST_MS)
  story.sample({ steps, vitals: { hr: 71 } })
  expect(learnedHours(), 'once an hour').toBeLessThanOrEqual(2)
})

it('is small: 130 bytes with all else that is known of an elder who is well', () => {
  const story = tell([vitals])
  const next = bell(3)
  for (let hour = 0; hour < 400; hour++) {
    const [a, b, c, d, e] = Array.from({ length: 5 }, next) as [number, number, number, number, number]
    const temp = Math.round((36.6 + 0.2 * e) * 10) / 10
    const signs = { hr: 72 + 5 * a, spo2: Math.min(100, 97 + b), rr: 16 + c, sbp: 128 + 8 * d, dbp: 75, temp }
    story.sample({ vitals: signs, worn: true })
    story.outage(HOUR)
  }
  story.sample({ vitals: { hr: 72, spo2: 97, rr: 16, temp: 36.6 }, worn: true })
  expect(String(story.states.get('vitals')).length).toBeLessThanOrEqual(130)
})
