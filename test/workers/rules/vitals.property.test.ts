// Vital signs whatever devices say: promises that hold for every story.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Telemetry, Vitals } from '../../../model/telemetry.ts'
import { epochMs } from '../../../model/units.ts'
import type { Raised } from '../../../workers/rule.ts'
import { breachOf, judgesFor, pointsOf } from '../../../workers/rules/vital-judge.ts'
import {
  beforeOf,
  FRESH_FOR_MS,
  type Memory,
  NOTHING_KNOWN,
  newestOf,
  remember,
  takenAt,
} from '../../../workers/rules/vital-memory.ts'
import { JUDGED_VITALS, readVitals } from '../../../workers/rules/vital-reading.ts'
import { vitals } from '../../../workers/rules/vitals.ts'
import { tell } from './story.ts'

const MINUTE = 60_000

/** What sensors say: mostly sense, sometimes a code, sometimes nonsense. */
const said = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: min * 10, max: max * 10 }).map(tenths => tenths / 10) },
    { weight: 1, arbitrary: fc.constantFrom(0, 255, -1, Number.NaN, 1e9, 65_535) },
  )

const signs: fc.Arbitrary<Vitals> = fc.record(
  {
    hr: said(25, 190),
    spo2: said(75, 100),
    rr: said(3, 40),
    sbp: said(65, 255),
    dbp: said(40, 110),
    temp: said(31, 41.5),
  },
  { requiredKeys: [] },
)

const sample: fc.Arbitrary<Telemetry> = fc.record(
  { vitals: signs, worn: fc.boolean(), steps: fc.integer({ min: 0, max: 3 }) },
  { requiredKeys: [] },
)

const own = { hr: { low: { high: 45 }, high: { high: 120, critical: 150 } }, temp: { high: { high: 38.5 } } }

type Moment = {
  afterMs: number
  lateMs: number
  sample: Telemetry
  turn: 'sample' | 'removed' | 'limits' | 'wearer'
}

const moment: fc.Arbitrary<Moment> = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.constantFrom(45 * MINUTE, 2 * 60 * MINUTE)),
  lateMs: fc.constantFrom(0, 0, 0, 5_000, 9 * MINUTE, 11 * MINUTE),
  sample,
  turn: fc.oneof(
    { weight: 20, arbitrary: fc.constant('sample' as const) },
    { weight: 1, arbitrary: fc.constantFrom('removed' as const, 'limits' as const, 'wearer' as const) },
  ),
})

function lived(moments: readonly Moment[]): { raised: readonly Raised[]; largest: number } {
  const story = tell([vitals])
  let turns = 0
  let largest = 0
  for (const { afterMs, lateMs, sample: each, turn } of moments) {
    if (afterMs > 90_000) story.outage(afterMs)
    else story.pass(afterMs)
    if (turn === 'sample') story.sample(each, lateMs)
    else if (turn === 'removed') story.event({ kind: 'removed' }, lateMs)
    else if (turn === 'limits') story.change({ thresholds: ++turns % 2 === 1 ? own : null })
    else story.change({ residentId: `elder-${++turns}` })
    largest = Math.max(largest, String(story.states.get('vitals') ?? '').length)
  }
  return { raised: story.raised, largest }
}

it('says only finite numbers, at most notices of the baseline, and ends only notices that it told', () => {
  let told = 0
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 40, size: 'max' }), moments => {
      const { raised, largest } = lived(moments)
      let holds = false
      for (const { severity, ended, evidence } of raised) {
        told++
        expect(JSON.stringify(evidence)).not.toContain('null')
        expect(evidence.basis).toBeTypeOf('string')
        if (evidence.basis === 'baseline') expect(severity).toBe('notice')
        if (ended) expect(holds, 'a notice was told').toBe(true)
        if (severity === 'notice') holds = !ended
      }
      expect(largest).toBeLessThanOrEqual(330) // all signs, all that is told of them, and a baseline
    }),
    { numRuns: 150 },
  )
  expect(told).toBeGreaterThan(500)
})

it('says nothing of one odd reading among good ones, unless it is extreme', () => {
  const [hr, spo2, rr, , temp] = judgesFor(null)
  const odd = fc.record({
    hr: fc.integer({ min: 31, max: 179 }),
    spo2: fc.integer({ min: 81, max: 100 }),
    rr: fc.integer({ min: 5, max: 36 }),
    temp: fc.integer({ min: 321, max: 409 }).map(tenths => tenths / 10),
  })
  let scored = 0
  fc.assert(
    fc.property(odd, each => {
      const well = { hr: 72, spo2: 97, rr: 16, temp: 36.6 }
      const story = tell([vitals])
      for (const read of [well, well, each, well, well]) {
        story.sample({ vitals: read })
        story.pass(30_000)
      }
      story.pass(10 * MINUTE)
      expect(story.raised).toEqual([])
      if (!hr || !spo2 || !rr || !temp) throw new Error('a sign has no judge')
      const points = pointsOf(hr, each.hr) + pointsOf(spo2, each.spo2) + pointsOf(rr, each.rr)
      if (points + pointsOf(temp, each.temp) >= 7) scored++
      expect(breachOf(hr, each.hr)?.severity).not.toBe('critical')
    }),
    { numRuns: 500 },
  )
  expect(scored).toBeGreaterThan(20)
})

it('remembers of every sign the newest reading and the one before, in whatever order they come', () => {
  const at = fc.integer({ min: 0, max: 3 * 60 }).map(minutes => epochMs(1_800_000_000_000 + minutes * MINUTE))
  fc.assert(
    fc.property(fc.array(fc.tuple(at, signs), { maxLength: 40 }), samples => {
      let memory: Memory = NOTHING_KNOWN
      const known = JUDGED_VITALS.map(() => ({ at: 0, newest: 0, before: 0 }))
      let until = 0
      for (const [takenAtMs, read] of samples) {
        const readings = readVitals(read)
        const isNews = (i: number) =>
          (readings[i] as number) > 0 && (known[i]?.newest === 0 || takenAtMs > (known[i]?.at ?? 0))
        if (JUDGED_VITALS.some((_, i) => isNews(i))) {
          until = Math.max(until, takenAtMs)
          for (const [i, name] of JUDGED_VITALS.entries()) {
            const of = known[i] ?? { at: 0, newest: 0, before: 0 }
            const before = until - of.at <= FRESH_FOR_MS[name] ? of.newest : 0
            if (isNews(i)) known[i] = { at: takenAtMs, newest: readings[i] as number, before }
            else if (until - of.at > FRESH_FOR_MS[name]) known[i] = { at: 0, newest: 0, before: 0 }
          }
        }
        memory = JSON.parse(JSON.stringify(remember(memory, readings, takenAtMs)))
        for (const [i, of] of known.entries()) {
          expect([newestOf(memory, i), beforeOf(memory, i)]).toEqual([of.newest, of.before])
          if (of.newest !== 0) expect(takenAt(memory, i)).toBe(of.at)
        }
      }
    }),
    { numRuns: 500 },
  )
})
