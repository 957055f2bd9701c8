// Vital signs against their limits: which readings are believed, when they speak, and when they speak again.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Severity, severityRank } from '../../../model/finding.ts'
import type { Vitals } from '../../../model/telemetry.ts'
import { STALE_MS } from '../../../workers/rule.ts'
import { news2Points } from '../../../workers/rules/news2.ts'
import { breachOf, isCalm, type Judge, judgesFor } from '../../../workers/rules/vital-judge.ts'
import { JUDGED_VITALS, type JudgedVital, readVitals } from '../../../workers/rules/vital-reading.ts'
import { vitals } from '../../../workers/rules/vitals.ts'
import { tell } from './story.ts'

const MINUTE = 60_000
const USUAL = judgesFor(null)
const judgeOf = (name: JudgedVital): Judge => USUAL[JUDGED_VITALS.indexOf(name)] as Judge

/** Tells a reading every 20 s, and returns what each raised. */
function readings(...series: readonly Vitals[]): string[][] {
  const story = tell([vitals])
  return series.map(reading => {
    story.pass(20_000)
    return story.sample({ vitals: reading }).map(({ severity, ended }) => (ended ? 'ended' : severity))
  })
}

describe('limits', () => {
  it('calls calm only what reaches none of them', async () => {
    const reading = fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
      { weight: 1, arbitrary: fc.double({ min: 8, max: 120 }) },
    )
    let calm = 0
    await fc.assert(
      fc.property(
        fc.record({ hr: reading, spo2: reading, rr: reading, sbp: reading, temp: reading }),
        given => {
          const read = readVitals(given as Vitals)
          if (!isCalm(USUAL, read)) return
          calm++
          for (const [i, judge] of USUAL.entries()) {
            if (read[i] === 0) continue
            expect(breachOf(judge, read[i] as number)).toBeUndefined()
            expect(news2Points(judge.name, read[i] as number)).toBe(0)
          }
        },
      ),
      { numRuns: 5_000 },
    )
    expect(calm).toBeGreaterThan(10)
    const well = readVitals({ hr: 72, spo2: 97, sbp: 128, dbp: 78, temp: 36.5, rr: 16 })
    expect(isCalm(USUAL, well)).toBe(true)
  })

  it.each<[JudgedVital, number, Severity | undefined]>([
    ['rr', 4, 'critical'],
    ['rr', 8, 'high'],
    ['rr', 9, undefined],
    ['rr', 24, undefined],
    ['rr', 25, 'high'],
    ['rr', 37, 'critical'],
    ['spo2', 100, undefined],
    ['spo2', 92, undefined],
    ['spo2', 91, 'high'],
    ['spo2', 80, 'critical'],
    ['sbp', 70, 'critical'],
    ['sbp', 90, 'high'],
    ['sbp', 91, undefined],
    ['sbp', 219, undefined],
    ['sbp', 220, 'high'],
    ['sbp', 250, 'critical'],
    ['hr', 30, 'critical'],
    ['hr', 40, 'high'],
    ['hr', 41, undefined],
    ['hr', 130, undefined],
    ['hr', 131, 'high'],
    ['hr', 180, 'critical'],
    ['temp', 32, 'critical'],
    ['temp', 35, 'high'],
    ['temp', 35.1, undefined],
    ['temp', 39, undefined],
    ['temp', 39.1, 'notice'],
    ['temp', 40.1, 'high'],
    ['temp', 41, 'critical'],
  ])('%s %d: %s', (name, value, severity) => {
    expect(breachOf(judgeOf(name), value)?.severity).toBe(severity)
  })
})

describe('readings that say nothing', () => {
  it.each<[string, Vitals]>([
    ['zero is "no value"', { hr: 0, spo2: 0, sbp: 0, dbp: 0, temp: 0, rr: 0 }],
    ['255 is "no value" in a byte', { hr: 255, rr: 255, spo2: 255, temp: 255, dbp: 255 }],
    ['255 of both pressures is a cuff without a value', { sbp: 255, dbp: 255 }],
    ['below zero there is nothing', { hr: -1, temp: -40, spo2: -5 }],
    ['no heart beats this fast', { hr: 251 }],
    ['no blood holds more oxygen than it can', { spo2: 101 }],
    ['a sensor off the skin reads the room', { temp: 24.5 }],
    ['nobody is this hot', { temp: 45 }],
    ['systolic below diastolic is a slipped cuff', { sbp: 60, dbp: 85 }],
    ['what is no number says nothing', { hr: Number.NaN, spo2: Number.NaN, rr: Number.POSITIVE_INFINITY }],
    ['diastolic pressure has no limit of its own', { dbp: 130 }],
  ])('%s', (_reason, reading) => {
    expect(readings(reading, reading, reading, reading, reading)).toEqual([[], [], [], [], []])
  })

  it.each<[string, Vitals]>([
    ['by itself', { sbp: 255 }],
    ['beside a diastolic one', { sbp: 255, dbp: 140 }],
    ['beside a diastolic one of which the device says nothing', { sbp: 255, dbp: 0 }],
  ])('but a systolic pressure of 255 is an emergency, %s', (_reason, reading) => {
    expect(readings(reading)).toEqual([['critical']])
  })

  it('but a diastolic pressure that is none leaves the systolic one alone', () => {
    expect(readings({ sbp: 62, dbp: 255 })).toEqual([['critical']])
  })

  it('are those of a band that is not worn', () => {
    const story = tell([vitals])
    for (let i = 0; i < 5; i++) {
      story.sample({ worn: false, vitals: { hr: 20, spo2: 60 } })
      story.pass(MINUTE)
    }
    expect(story.raised).toEqual([])
  })

  it.each([
    ['stale', STALE_MS + 1, []],
    ['late, but not stale', STALE_MS, ['critical']],
  ])('are those that are %s', (_reason, lateMs, expected) => {
    const story = tell([vitals])
    expect(story.sample({ vitals: { hr: 25 } }, lateMs).map(found => found.severity)).toEqual(expected)
  })
})

describe('a reading out of limits', () => {
  it('speaks at once when it is extreme', () => {
    const story = tell([vitals])
    expect(story.sample({ vitals: { spo2: 74 } })).toEqual([
      {
        kind: 'vitals',
        severity: 'critical',
        at: story.now(),
        lateMs: 0,
        evidence: {
          basis: 'limit',
          metric: 'spo2',
          spo2Percent: 74,
          limitPercent: 80,
          side: 'below',
          source: 'hub',
          confirmedBy: 'extreme',
        },
      },
    ])
  })

  it('is no emergency while it stands alone', () => {
    expect(readings({ hr: 140 }, { hr: 80 }, { hr: 80 }, { hr: 80 }, { hr: 80 }).flat()).toEqual([])
  })

  it('is one when a second agrees', () => {
    const story = tell([vitals])
    story.sample({ vitals: { hr: 134 } })
    story.pass(20_000)
    expect(story.sample({ vitals: { hr: 137 } })[0]).toMatchObject({
      severity: 'high',
      evidence: {
        hrBpm: 137,
        limitBpm: 131,
        confirmedBy: 'second_reading',
        firstBpm: 134,
        firstBeforeMs: 20_000,
      },
    })
  })

  it('is one when nothing contradicts it for a minute', () => {
    const story = tell([vitals])
    story.sample({ vitals: { hr: 134 } })
    expect(story.pass(59_000)).toEqual([])
    expect(story.pass(11_000)).toMatchObject([
      { severity: 'high', evidence: { hrBpm: 134, confirmedBy: 'unrefuted', waitedMs: 60_000 } },
    ])
    expect(story.pass(10 * MINUTE)).toEqual([])
  })

  it('does not count the time in which the hub itself was down', () => {
    const story = tell([vitals])
    story.sample({ vitals: { hr: 134 } })
    story.outage(3_600_000)
    expect(story.pass(30_000)).toEqual([])
    expect(story.pass(30_000)).toMatchObject([{ severity: 'high' }])
  })

  it('is not confirmed by the same sample sent again', () => {
    const story = tell([vitals])
    expect([...story.sample({ vitals: { hr: 134 } }), ...story.sample({ vitals: { hr: 134 } })]).toEqual([])
  })

  it('is not waited for when the band comes off', () => {
    for (const takeOff of [
      (story: ReturnType<typeof tell>) => story.sample({ worn: false }),
      (story: ReturnType<typeof tell>) => story.event({ kind: 'removed' }),
    ]) {
      const story = tell([vitals])
      story.sample({ vitals: { hr: 134 } })
      story.pass(20_000)
      takeOff(story)
      story.pass(5 * MINUTE)
      expect(story.raised).toEqual([])
    }
  })

  it('is judged for each vital sign by itself', () => {
    const story = tell([vitals])
    for (let i = 0; i < 2; i++) {
      story.sample({ vitals: { hr: 140, spo2: 88, rr: 16, sbp: 120, temp: 36.6 } })
      story.pass(20_000)
    }
    expect(story.raised.map(({ evidence }) => evidence.metric)).toEqual(['hr', 'spo2'])
  })
})

describe('after it was raised', () => {
  it.each<[string, readonly number[], readonly string[]]>([
    ['it does not repeat itself', [135, 135, 138, 140, 135], ['high']],
    ['it speaks again when it gets worse', [135, 135, 138, 185, 190], ['high', 'critical']],
    ['getting better is no news', [185, 140, 140, 140], ['critical']],
    ['one good reading is no recovery', [135, 135, 80, 135, 135], ['high']],
    ['nor are readings just inside the limit', [135, 135, 129, 130, 128, 135, 135], ['high']],
    ['after a recovery it speaks anew', [135, 135, 80, 82, 135, 135], ['high', 'high']],
  ])('%s', (_reason, series, expected) => {
    expect(readings(...series.map(hr => ({ hr }))).flat()).toEqual(expected)
  })

  it.each<[string, number, string[]]>([
    ['within the day it does not repeat itself', 8, []],
    ['what was not read for half a day is told anew', 13, ['high']],
  ])('%s', (_reason, hours, expected) => {
    const story = tell([vitals])
    const high = () => {
      story.sample({ vitals: { sbp: 226, dbp: 110 } })
      return story.pass(2 * MINUTE).map(({ severity }) => severity)
    }
    expect(high()).toEqual(['high'])
    story.outage(hours * 60 * MINUTE)
    expect(high()).toEqual(expected)
  })

  it('a notice that was not read for half a day ends once', () => {
    const story = tell([vitals])
    const heard = (temp: number) => {
      story.pass(20_000)
      return story.sample({ vitals: { temp } }).map(({ ended }) => (ended ? 'ended' : 'told'))
    }
    expect([...heard(39.4), ...heard(39.4)]).toEqual(['told'])
    story.outage(20 * 60 * MINUTE)
    expect([...heard(36.6), ...heard(36.6), ...heard(36.6)]).toEqual(['ended'])
  })

  it('a notice ends, and nothing is kept', () => {
    expect(readings(...[39.4, 39.4, 38, 37.5, 37].map(temp => ({ temp }))).flat()).toEqual([
      'notice',
      'ended',
    ])
  })

  it('a fever that rises speaks at every step, each confirmed by its own second reading', () => {
    const fever = [38.5, 39.2, 39.6, 40.2, 40.4, 41.2, 40.4, 38, 37]
    expect(readings(...fever.map(temp => ({ temp })))).toEqual([
      [],
      [],
      ['notice'],
      [],
      ['high'],
      ['critical'],
      [],
      [],
      ['ended'],
    ])
  })

  it('two readings agree on the lesser', () => {
    expect(readings({ temp: 40.5 }, { temp: 39.5 }, { temp: 39.5 }).flat()).toEqual(['notice'])
  })
})

it('never repeats a severity without a recovery or a rise in between', () => {
  const reading = fc.record({ hr: fc.integer({ min: 25, max: 190 }) })
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 60 }), series => {
      const story = tell([vitals])
      let last: Severity | undefined
      let good = 0
      for (const each of series) {
        story.pass(20_000)
        const found = story.sample({ vitals: each })
        good = breachOf(judgeOf('hr'), each.hr) === undefined ? good + 1 : 0
        if (good >= 2) last = undefined
        for (const { severity } of found) {
          if (last !== undefined) expect(severityRank(severity)).toBeGreaterThan(severityRank(last))
          last = severity
        }
      }
    }),
  )
})
