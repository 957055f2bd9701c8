// NEWS2 as published, at every boundary, and as a sum over what is fresh.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Vitals } from '../../../model/telemetry.ts'
import { epochMs } from '../../../model/units.ts'
import { news2Points } from '../../../workers/rules/news2.ts'
import { scoreOf } from '../../../workers/rules/news2-watch.ts'
import { judgesFor } from '../../../workers/rules/vital-judge.ts'
import { NOTHING_KNOWN, remember } from '../../../workers/rules/vital-memory.ts'
import {
  JUDGED_VITALS,
  type JudgedVital,
  NOT_BELIEVED,
  readVitals,
} from '../../../workers/rules/vital-reading.ts'

/** Chart 1 of the publication, both sides of every boundary: value and points, from the lowest to the highest. */
const CHART: Record<JudgedVital, readonly (readonly [value: number, points: number])[]> = {
  rr: [
    [2, 3],
    [8, 3],
    [9, 1],
    [11, 1],
    [12, 0],
    [20, 0],
    [21, 2],
    [24, 2],
    [25, 3],
    [80, 3],
  ],
  spo2: [
    [50, 3],
    [91, 3],
    [92, 2],
    [93, 2],
    [94, 1],
    [95, 1],
    [96, 0],
    [100, 0],
  ],
  sbp: [
    [40, 3],
    [90, 3],
    [91, 2],
    [100, 2],
    [101, 1],
    [110, 1],
    [111, 0],
    [219, 0],
    [220, 3],
    [300, 3],
  ],
  hr: [
    [20, 3],
    [40, 3],
    [41, 1],
    [50, 1],
    [51, 0],
    [90, 0],
    [91, 1],
    [110, 1],
    [111, 2],
    [130, 2],
    [131, 3],
    [250, 3],
  ],
  temp: [
    [30, 3],
    [34.9, 3],
    [35.0, 3],
    [35.1, 1],
    [35.9, 1],
    [36.0, 1],
    [36.1, 0],
    [37.9, 0],
    [38.0, 0],
    [38.1, 1],
    [38.9, 1],
    [39.0, 1],
    [39.1, 2],
    [43.5, 2],
  ],
}

const ROWS = JUDGED_VITALS.flatMap(name =>
  CHART[name].map(([value, points]) => [name, value, points] as const),
)

/** The points of the row at or below a value: the chart read by its lower ends. */
const byChart = (name: JudgedVital, value: number): number =>
  CHART[name].findLast(([from]) => from <= value)?.[1] ?? Number.NaN

it.each(ROWS)('%s %d: %d', (name, value, points) => {
  expect(news2Points(name, value)).toBe(points)
})

it.each<[string, Vitals, JudgedVital, number]>([
  ['35.04 °C is written as 35.0', { temp: 35.04 }, 'temp', 3],
  ['35.06 °C is written as 35.1', { temp: 35.06 }, 'temp', 1],
  ['36.04 °C is written as 36.0', { temp: 36.04 }, 'temp', 1],
  ['36.06 °C is written as 36.1', { temp: 36.06 }, 'temp', 0],
  ['38.04 °C is written as 38.0', { temp: 38.04 }, 'temp', 0],
  ['38.06 °C is written as 38.1', { temp: 38.06 }, 'temp', 1],
  ['39.04 °C is written as 39.0', { temp: 39.04 }, 'temp', 1],
  ['39.06 °C is written as 39.1', { temp: 39.06 }, 'temp', 2],
  ['a sum of tenths that is not quite 39.1', { temp: 38.8 + 0.3 }, 'temp', 2],
  ['a pulse of 90.4 is 90', { hr: 90.4 }, 'hr', 0],
  ['a pulse of 90.5 is 91', { hr: 90.5 }, 'hr', 1],
  ['an oxygen of 95.6 is 96', { spo2: 95.6 }, 'spo2', 0],
  ['24.4 breaths are 24', { rr: 24.4 }, 'rr', 2],
  ['24.6 breaths are 25', { rr: 24.6 }, 'rr', 3],
  ['a pressure of 219.4 is 219', { sbp: 219.4 }, 'sbp', 0],
])('%s', (_reason, vitals, name, points) => {
  const value = readVitals(vitals)[JUDGED_VITALS.indexOf(name)] as number
  expect(news2Points(name, value)).toBe(points)
})

it('gives nothing for what is no reading', () => {
  for (const name of JUDGED_VITALS) expect(news2Points(name, NOT_BELIEVED)).toBe(0)
})

describe('the score', () => {
  const at = epochMs(1_800_000_000_000)
  const tenth = fc.integer({ min: 300, max: 435 }).map(tenths => tenths / 10)
  const someVitals = fc.record(
    {
      hr: fc.integer({ min: 20, max: 250 }),
      spo2: fc.integer({ min: 50, max: 100 }),
      rr: fc.integer({ min: 2, max: 80 }),
      sbp: fc.integer({ min: 40, max: 254 }),
      temp: tenth,
    },
    { requiredKeys: [] },
  )

  it('is the sum of the chart over what was read twice', () => {
    fc.assert(
      fc.property(someVitals, vitals => {
        const readings = readVitals(vitals)
        const once = remember(NOTHING_KNOWN, readings, at)
        const twice = remember(once, readings, epochMs(at + 20_000))
        const expected = JUDGED_VITALS.reduce((sum, name) => {
          const value = vitals[name]
          return sum + (value === undefined ? 0 : byChart(name, value))
        }, 0)
        expect(scoreOf(judgesFor(null), twice, epochMs(at + 20_000))).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })
})
