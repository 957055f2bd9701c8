import { describe, expect, test } from 'vitest'
import { telemetrySchema } from '../../model/telemetry.ts'
import { buildDistrict } from '../../simulators/district/district.ts'
import { distanceM } from '../../simulators/ground.ts'
import { calmMoment, lifeAt, wearerOf } from '../../simulators/life.ts'
import { sampleOf, WORST_ERROR } from '../../simulators/sensors.ts'

const START = Date.UTC(2026, 2, 1)
const MINUTE = 60_000
const wearers = buildDistrict({ seed: 1, elders: 60 }).households.map(household =>
  wearerOf({ deviceId: household.device.id, household }),
)
const samples = (wearer: (typeof wearers)[number], everyMs: number, count: number) =>
  Array.from({ length: count }, (_, seq) => {
    const now = START + seq * everyMs
    return sampleOf(wearer, calmMoment(wearer, now), { now, seq })
  })

/** What scores 0 in NEWS2 (Royal College of Physicians, 2017). */
const CALM = [
  ['hr', 51, 90],
  ['spo2', 96, 100],
  ['temp', 36.1, 38],
  ['rr', 12, 20],
  ['sbp', 111, 219],
] as const

describe('a quiet day', () => {
  test('is a pure function of seed and time', () => {
    for (const wearer of wearers) expect(samples(wearer, MINUTE, 20)).toEqual(samples(wearer, MINUTE, 20))
  })

  test('has nothing to alarm: vitals score 0, the battery is not low, no fix is surely outside', () => {
    for (const wearer of wearers) {
      for (const sample of samples(wearer, 7 * MINUTE, 600)) {
        telemetrySchema.parse(sample)
        for (const [name, min, max] of CALM) {
          const value = sample.vitals?.[name] ?? min
          expect(value, name).toBeGreaterThanOrEqual(min)
          expect(value, name).toBeLessThanOrEqual(max)
        }
        expect(sample.battery).toBeGreaterThan(30)
        const { lat, lon, acc = 0 } = sample.loc ?? { lat: 0, lon: 0 }
        const outsideM = distanceM({ lat, lon }, wearer.household.home) - wearer.household.fence.insideM
        expect(outsideM).toBeLessThan(2 * acc)
      }
    }
  })

  test('steps add up over the day, and begin anew at midnight', () => {
    const [wearer] = wearers.filter(w => w.household.device.kind === 'watch')
    const steps = samples(wearer as (typeof wearers)[number], 10 * MINUTE, 3 * 144).map(s => s.steps ?? 0)
    const falls = steps.filter((value, i) => value < (steps[i - 1] ?? 0)).length
    expect(falls).toBe(3)
    expect(Math.max(...steps)).toBeGreaterThan(300)
    expect(Math.max(...steps)).toBeLessThan(12_000)
  })

  test('errors of fixes have the size that they state, and hang together over minutes', () => {
    let within = 0
    let count = 0
    let apart = 0
    for (const wearer of wearers) {
      let before: number | undefined
      for (let seq = 0; seq < 400; seq++) {
        const now = START + seq * 10_000
        const still = { ...calmMoment(wearer, now), eastM: 0, northM: 0, outdoors: true }
        const { lat, lon, acc = 1 } = sampleOf(wearer, still, { now, seq }).loc ?? { lat: 0, lon: 0 }
        const errorM = distanceM({ lat, lon }, wearer.household.home)
        expect(errorM).toBeLessThan(acc * WORST_ERROR + 0.5)
        if (errorM <= acc) within++
        if (before !== undefined) apart += Math.abs(errorM - before)
        before = errorM
        count++
      }
    }
    expect(within / count).toBeGreaterThan(0.62)
    expect(within / count).toBeLessThan(0.74)
    expect(apart / count).toBeLessThan(1.5)
  })

  test('a phone knows where it is and no more', () => {
    const [phone] = wearers.filter(w => w.household.device.kind === 'phone')
    const [sample] = samples(phone as (typeof wearers)[number], MINUTE, 1)
    expect(Object.keys(sample ?? {}).sort()).toEqual(['battery', 'loc', 'seq', 'signal', 'ts'])
  })

  test('life goes faster than the clock, the clock stays', () => {
    const pace = { speed: 10, startedAt: START, intervalMs: 1_000 }
    expect(lifeAt(pace, START + 6_000)).toBe(START + MINUTE)
  })
})
