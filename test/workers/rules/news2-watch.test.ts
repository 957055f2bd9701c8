// The NEWS2 score as it is told: what it counts, what it asks for before it speaks, when it is over.

import { describe, expect, it } from 'vitest'
import type { Vitals } from '../../../model/telemetry.ts'
import { FRESH_FOR_MS } from '../../../workers/rules/vital-memory.ts'
import { vitals } from '../../../workers/rules/vitals.ts'
import { type Story, tell } from './story.ts'

const MINUTE = 60_000

/** Points in brackets: 2 + 2 + 1. */
const FIVE: Vitals = { hr: 112, rr: 22, spo2: 95 }
const SEVEN: Vitals = { hr: 112, rr: 22, spo2: 93, temp: 38.5 }
const THREE: Vitals = { hr: 112, spo2: 95 }
const WELL: Vitals = { hr: 72, rr: 16, spo2: 97, temp: 36.6 }

/** Tells readings every 20 s, and returns what each raised. */
function readings(story: Story, ...series: readonly Vitals[]): string[][] {
  return series.map(each => {
    story.pass(20_000)
    const found = story.sample({ vitals: each })
    return found.map(({ severity, ended, evidence }) => `${evidence.basis} ${ended ? 'ended' : severity}`)
  })
}

describe('what a score asks for', () => {
  it.each<[string, Vitals, string[]]>([
    ['2: nothing', { hr: 112 }, []],
    ['3 of several: a notice', THREE, ['score notice']],
    ['4: a notice', { hr: 112, rr: 22 }, ['score notice']],
    ['5: high', FIVE, ['score high']],
    ['6: high', { hr: 112, rr: 22, spo2: 93 }, ['score high']],
    ['7: critical', SEVEN, ['score critical']],
    [
      'all that a wearable measures: critical',
      { hr: 112, rr: 22, spo2: 93, temp: 39.1, sbp: 95 },
      ['score critical'],
    ],
    ['a single 3: high, by its limit', { hr: 133 }, ['limit high']],
    ['a score of 5 with a single 3: high once', { hr: 133, spo2: 93 }, ['limit high']],
    ['a score of 7 with a single 3: both', { hr: 133, rr: 22, spo2: 93 }, ['limit high', 'score critical']],
  ])('%s', (_reason, each, expected) => {
    const found = readings(tell([vitals]), each, each).map(told => told.filter(one => one !== 'limit notice'))
    expect(found).toEqual([[], expected])
  })
})

it('tells the numbers that raised it', () => {
  const story = tell([vitals])
  story.sample({ vitals: { sbp: 105, dbp: 70 } })
  story.pass(10 * MINUTE)
  readings(story, FIVE)
  story.pass(20_000)
  const found = story.sample({ vitals: { hr: 125, rr: 24, spo2: 95 } })
  expect(found).toEqual([
    {
      kind: 'vitals',
      severity: 'high',
      at: story.now(),
      lateMs: 0,
      evidence: {
        basis: 'score',
        metric: 'news2',
        score: 6,
        limitScore: 5,
        parameters: [
          { metric: 'hr', value: 112, points: 2, ageMs: 0 },
          { metric: 'spo2', value: 95, points: 1, ageMs: 0 },
          { metric: 'rr', value: 22, points: 2, ageMs: 0 },
          { metric: 'sbp', value: 105, points: 1, ageMs: 10 * MINUTE + 40_000 },
        ],
        missing: ['temp', 'consciousness', 'oxygen'],
        confirmedBy: 'second_reading',
      },
    },
  ])
})

describe('a score that stands alone', () => {
  it('is none when the next reading contradicts it', () => {
    const story = tell([vitals])
    expect(readings(story, WELL, SEVEN, WELL, WELL, WELL).flat()).toEqual([])
    expect(story.pass(10 * MINUTE)).toEqual([])
  })

  it('holds when nothing contradicts it for a minute', () => {
    const story = tell([vitals])
    readings(story, SEVEN)
    expect(story.pass(50_000)).toEqual([])
    const found = story.pass(10_000)
    expect(found.at(-1)).toMatchObject({
      severity: 'critical',
      evidence: { score: 7, confirmedBy: 'unrefuted', waitedMs: MINUTE },
    })
    expect(story.pass(10 * MINUTE)).toEqual([])
  })

  it('does not count an odd reading twice because other signs came in between', () => {
    const story = tell([vitals])
    const found = readings(story, { hr: 115, rr: 22 }, { hr: 116 }, { hr: 115 })
    expect(found.flat()).toEqual([])
    expect(story.pass(20_000)).toMatchObject([
      { severity: 'notice', evidence: { score: 4, confirmedBy: 'unrefuted' } },
    ])
  })

  it('is not waited for when the band comes off', () => {
    const story = tell([vitals])
    readings(story, SEVEN)
    story.sample({ worn: false })
    expect(story.pass(10 * MINUTE)).toEqual([])
  })

  it('speaks at once where a sign is extreme', () => {
    const found = readings(tell([vitals]), { rr: 38, spo2: 79, hr: 185 })
    expect(found.flat()).toEqual(['limit critical', 'limit critical', 'limit critical'])
  })
})

describe('what is fresh', () => {
  it.each([
    ['still counts', FRESH_FOR_MS.sbp, ['score notice']],
    ['counts no more', FRESH_FOR_MS.sbp + 1_000, []],
  ])('a pressure that %s', (_reason, ageMs, expected) => {
    const story = tell([vitals])
    story.sample({ vitals: { sbp: 95, dbp: 60 } })
    story.pass(ageMs - 40_000)
    expect(readings(story, { spo2: 95 }, { spo2: 95 })).toEqual([[], expected])
  })

  it('is not invented: what was never read is missing', () => {
    const story = tell([vitals])
    readings(story, FIVE, FIVE)
    expect(story.raised[0]?.evidence.missing).toEqual(['sbp', 'temp', 'consciousness', 'oxygen'])
  })

  it('is not what came late and is older than what is known', () => {
    const story = tell([vitals])
    readings(story, WELL)
    for (const lateMs of [9 * MINUTE, 8 * MINUTE, 7 * MINUTE]) {
      expect(story.sample({ vitals: SEVEN }, lateMs)).toEqual([])
    }
    expect(story.pass(5 * MINUTE)).toEqual([])
  })
})

describe('after it was told', () => {
  it('does not repeat itself', () => {
    expect(readings(tell([vitals]), FIVE, FIVE, FIVE, FIVE).flat()).toEqual(['score high'])
  })

  it('speaks again when it gets worse', () => {
    const found = readings(tell([vitals]), THREE, THREE, FIVE, FIVE, SEVEN, SEVEN, SEVEN)
    expect(found.flat()).toEqual(['score notice', 'score high', 'score critical'])
  })

  it('speaks again when it comes back, and not when it swings around its limit', () => {
    const four: Vitals = { hr: 112, rr: 22, spo2: 97 }
    const story = tell([vitals])
    expect(readings(story, FIVE, FIVE, four, four, FIVE, FIVE).flat()).toEqual(['score high'])
    const three: Vitals = { hr: 112, rr: 16, spo2: 95 }
    expect(readings(story, three, three, three, FIVE, FIVE).flat()).toEqual(['score high'])
  })

  it('a notice ends after two good readings', () => {
    const found = readings(tell([vitals]), THREE, THREE, WELL, WELL, WELL)
    expect(found).toEqual([[], ['score notice'], [], ['score ended'], []])
  })

  it('a notice does not end while another one holds', () => {
    const hot: Vitals = { hr: 112, spo2: 97, temp: 39.3 }
    const story = tell([vitals])
    expect(readings(story, THREE, THREE, hot, hot).flat()).toEqual(['score notice', 'limit notice'])
    const cool: Vitals = { ...THREE, temp: 37 }
    expect(readings(story, cool, cool, cool).flat()).toEqual([])
    expect(readings(story, WELL, WELL).flat()).toEqual(['score ended'])
  })
})

describe("limits of the elder's own", () => {
  const used = {
    hr: { low: { high: 45 }, high: { high: 125, critical: 150 } },
    spo2: { low: { high: 86, critical: 80 } },
  }

  it.each<[string, Vitals, string[]]>([
    ['what is normal for them scores nothing', { hr: 118, spo2: 88, rr: 16 }, []],
    ['the rest scores as it does', { hr: 118, spo2: 88, rr: 22, temp: 38.5 }, ['score notice']],
    ['beyond it is told, and scores', { hr: 127, spo2: 88 }, ['limit high']],
    ['the other side is open', { spo2: 100 }, []],
    ['the usual limits of other signs stay', { rr: 27 }, ['limit high']],
  ])('%s', (_reason, each, expected) => {
    expect(readings(tell([vitals], { thresholds: used }), each, each)).toEqual([[], expected])
  })

  it('critical ones speak at once', () => {
    expect(readings(tell([vitals], { thresholds: used }), { hr: 151 })).toEqual([['limit critical']])
  })

  it('say whose they are', () => {
    const story = tell([vitals], { thresholds: used })
    readings(story, { hr: 127, rr: 22, temp: 39.1 }, { hr: 127, rr: 22, temp: 39.1 })
    expect(story.raised[0]).toMatchObject({ evidence: { hrBpm: 127, limitBpm: 125, source: 'own' } })
  })
})

describe('limits that change', () => {
  const strict = { hr: { high: { high: 95 } } }

  it('are held against the last two readings', () => {
    const story = tell([vitals])
    readings(story, { hr: 98 }, { hr: 97 })
    expect(story.change({ thresholds: strict })).toMatchObject([
      {
        severity: 'high',
        lateMs: 0,
        at: story.now(),
        evidence: { hrBpm: 97, limitBpm: 95, source: 'own', limitsChanged: true, ageMs: 0 },
      },
    ])
    expect(story.change({ thresholds: { ...strict } })).toEqual([])
  })

  it('are held against a single reading as soon as nothing contradicted it for a minute', () => {
    const story = tell([vitals])
    readings(story, { hr: 80 }, { hr: 98 })
    story.pass(20_000)
    expect(story.change({ thresholds: strict })).toEqual([])
    expect(story.pass(40_000)).toMatchObject([{ severity: 'high', evidence: { confirmedBy: 'unrefuted' } }])
  })

  it('are held at once against one that stands for long', () => {
    const story = tell([vitals])
    readings(story, { hr: 98 })
    story.pass(5 * MINUTE)
    expect(story.change({ thresholds: strict })).toMatchObject([
      { severity: 'high', evidence: { confirmedBy: 'unrefuted', limitsChanged: true, ageMs: 5 * MINUTE } },
    ])
  })

  it('are held at once against one that is extreme by them', () => {
    const story = tell([vitals])
    readings(story, { hr: 98 })
    expect(story.change({ thresholds: { hr: { high: { critical: 95 } } } })).toMatchObject([
      { severity: 'critical', evidence: { confirmedBy: 'extreme' } },
    ])
  })

  it('say nothing about a reading that is not fresh any more', () => {
    const story = tell([vitals])
    readings(story, { hr: 98 }, { hr: 98 })
    story.pass(FRESH_FOR_MS.hr + 1_000)
    expect(story.change({ thresholds: strict })).toEqual([])
  })

  it('that are wider silence what waits', () => {
    const story = tell([vitals])
    readings(story, { hr: 134 })
    story.change({ thresholds: { hr: { high: { high: 150 } } } })
    expect(story.pass(5 * MINUTE)).toEqual([])
  })

  it('do not stop what waits for another reason', () => {
    const story = tell([vitals])
    readings(story, { hr: 134 })
    story.pass(30_000)
    expect(story.change({ wandering: true })).toEqual([])
    expect(story.pass(30_000)).toMatchObject([{ severity: 'high' }])
  })
})

describe('another wearer', () => {
  it('has no reading of the last one', () => {
    const story = tell([vitals])
    readings(story, SEVEN)
    story.change({ residentId: 'other' })
    expect(story.states.size).toBe(0)
    expect(story.pass(5 * MINUTE)).toEqual([])
  })

  it('ends the notice of the last one, at the time when it was theirs', () => {
    const story = tell([vitals])
    readings(story, THREE, THREE)
    const measuredAt = story.now()
    story.pass(MINUTE)
    expect(story.change({ residentId: null })).toMatchObject([
      { ended: true, at: measuredAt, evidence: { basis: 'wearer', wearerChanged: true } },
    ])
  })
})
