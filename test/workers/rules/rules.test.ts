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

  it('writes nothing while nothing changes', () => {
    const story = tell(RULES.routine)
    const quiet: Telemetry = { battery: 80, worn: true, vitals: { hr: 70, spo2: 97 }, steps: 10 }
    for (let minute = 0; minute < 10; minute++) {
      story.sample(quiet)
      story.pass(60_000)
    }
    story.sample(quiet)
    story.pass(20_000)
    // The last readings of vital signs are kept; everything else is as it was.
    const others = () => JSON.stringify([...story.states].filter(([name]) => name !== 'vitals'))
    const before = others()
    story.sample(quiet)
    expect(others()).toBe(before)
    // Of every device: since when it was heard, and since when it is still.
    expect([...story.states.keys()].sort()).toEqual(['no_movement', 'silent', 'vitals'])
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
