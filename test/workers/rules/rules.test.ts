// All rules of a lane together: none hides another, none is disturbed by another, the same story is told twice.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LANES } from '../../../model/lane.ts'
import type { Telemetry } from '../../../model/telemetry.ts'
import { RULES } from '../../../workers/rules/index.ts'
import { circle, placed, tell } from './story.ts'

const atHome: Telemetry = { loc: { ...placed(0), acc: 10, src: 'gps' }, battery: 60, worn: true }
const allAtOnce: Telemetry = {
  loc: { ...placed(2_000), acc: 10, src: 'gps' },
  vitals: { hr: 190, spo2: 70, temp: 36.5 },
  battery: 9,
  worn: true,
}

describe('the routine lane', () => {
  it('a low battery masks neither an exit nor bad vitals in the same sample', () => {
    const story = tell(RULES.routine, { wandering: true, zones: [circle()] })
    story.sample(atHome)
    story.pass(60_000)
    expect(story.sample(allAtOnce).map(({ kind, severity }) => [kind, severity])).toEqual([
      ['vitals', 'critical'],
      ['vitals', 'critical'],
      ['zone_exit', 'critical'],
      ['low_battery', 'notice'],
    ])
  })

  it('costs nothing while nothing changes', () => {
    const story = tell(RULES.routine)
    story.sample({ battery: 80, worn: true, vitals: { hr: 70, spo2: 97 }, steps: 10 })
    expect(story.states.size).toBe(0)
    const context = { residentId: null, wandering: false, zones: [] }
    const times = { now: story.now(), at: story.now(), lateMs: 0 }
    for (const rule of RULES.routine) {
      const quiet = {
        type: 'sample',
        ...times,
        sample: { battery: 80, worn: true, vitals: { hr: 70 } },
      } as const
      expect(rule.step(rule.start(), quiet, context)).toBeUndefined()
    }
  })
})

it('every rule has a name of its own, and a lane', () => {
  const names = LANES.flatMap(lane => RULES[lane].map(rule => rule.name))
  expect(new Set(names).size).toBe(names.length)
})

it('the same story gives the same findings, byte for byte', () => {
  const moment = fc.record({
    passMs: fc.integer({ min: 0, max: 120_000 }),
    lateMs: fc.constantFrom(0, 0, 0, 5_000, 400_000, 4_000_000),
    eastM: fc.integer({ min: -1_500, max: 1_500 }),
    acc: fc.constantFrom(5, 20, 60, 900),
    hr: fc.constantFrom(0, 25, 38, 70, 135, 185, 255),
    battery: fc.integer({ min: 5, max: 50 }),
    worn: fc.boolean(),
    also: fc.constantFrom('nothing', 'removed', 'low_battery', 'power_off', 'edit'),
  })
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 40 }), moments => {
      const told = [0, 1].map(() => {
        const story = tell(RULES.routine, { zones: [circle()] })
        for (const { passMs, lateMs, eastM, acc, hr, battery, worn, also } of moments) {
          story.pass(passMs)
          story.sample({ loc: { ...placed(eastM), acc }, vitals: { hr }, battery, worn }, lateMs)
          if (also === 'edit') story.change({ zones: [circle({ radiusM: acc * 20 })] })
          else if (also !== 'nothing') story.event({ kind: also })
        }
        return JSON.stringify([story.raised, [...story.states]])
      })
      expect(told[0]).toBe(told[1])
    }),
    { numRuns: 50 },
  )
})
