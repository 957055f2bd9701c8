// Limits in charts, and what charts are drawn from.

import { describe, expect, test } from 'vitest'
import { axisRange, limitsOf, reached } from '../../../console/charts/limits.ts'
import { columnsOf, shown, summaryOf } from '../../../console/charts/readings.ts'
import type { Bucket } from '../../../model/history.ts'

const HOUR_MS = 3_600_000
const bucket = (at: number, mean: number, spread = 2): Bucket => ({
  at,
  mean,
  min: mean - spread,
  max: mean + spread,
  count: 3,
})

describe('limits', () => {
  test('are the usual ones, gravest first on each side', () => {
    expect(limitsOf('spo2', null)).toEqual([
      { at: 80, side: 'below', severity: 'critical' },
      { at: 91, side: 'below', severity: 'high' },
    ])
  })

  test("are the elder's own where they have some, and then no others", () => {
    const thresholds = { hr: { high: { high: 120 } } }
    expect(limitsOf('hr', thresholds)).toEqual([{ at: 120, side: 'above', severity: 'high' }])
    expect(limitsOf('spo2', thresholds)).toHaveLength(2)
  })

  test('are none for the diastolic pressure: no rule judges it', () => {
    expect(limitsOf('dbp', null)).toEqual([])
  })

  test.each<[number, string | undefined]>([
    [79, 'critical'],
    [80, 'critical'],
    [91, 'high'],
    [92, undefined],
  ])('an SpO₂ of %i reaches %s', (value, severity) => {
    expect(reached(value, limitsOf('spo2', null))?.severity).toBe(severity)
  })

  test('the axis goes to the nearest limit on each side, and to all readings beyond', () => {
    const limits = limitsOf('hr', null)
    const [low, high] = axisRange([60, 80], limits)
    expect(low).toBeLessThan(40)
    expect(low).toBeGreaterThan(30)
    expect(high).toBeGreaterThan(131)
    expect(high).toBeLessThan(180)
    expect(axisRange([200], limits)[1]).toBeGreaterThan(200)
    expect(axisRange([], [])).toEqual([0, 1])
  })
})

describe('readings', () => {
  test('of two metrics stand on one axis of time, with a hole where nothing was heard', () => {
    const sbp = [bucket(0, 120), bucket(60_000, 122), bucket(HOUR_MS, 125)]
    const dbp = [bucket(60_000, 80)]
    const { x, mean, min } = columnsOf([sbp, dbp], 60_000)
    expect(x).toEqual([0, 60_000, (60_000 + HOUR_MS) / 2, HOUR_MS])
    expect(mean).toEqual([
      [120, 122, null, 125],
      [null, 80, null, null],
    ])
    expect(min[1]).toBe(120)
  })

  test('come to a last value with its time, and a range', () => {
    expect(summaryOf([bucket(0, 60, 10), bucket(60_000, 70, 1)])).toEqual({
      last: 70,
      lastAt: 60_000,
      min: 50,
      max: 71,
    })
    expect(summaryOf([])).toBeUndefined()
  })

  test('are written as precisely as they are measured', () => {
    expect([shown('temp', 36.64), shown('hr', 71.6)]).toEqual(['36.6', '72'])
  })
})
