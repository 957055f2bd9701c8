// The bars of the fold: what state an elder leaves, exactly, and what a record costs, as far as a busy machine can say.

import { expect, test } from 'vitest'
import { costOfFold } from '../../bench/fold/cost.ts'
import { stateAtWorst, stateInCrisis, stateInFalls, stateOfWeek } from '../../bench/fold/state.ts'
import { spreadOf } from '../../bench/report/figures.ts'
import { dangerKey } from '../../workers/rules/danger-zone.ts'
import { markOf } from '../../workers/rules/mark.ts'
import { zonesStored } from '../../workers/rules/zones.stored.ts'

test('an elder whose week is as usual leaves less than 600 bytes', () => {
  const { bytes, rows } = stateOfWeek()
  const usual = spreadOf(bytes)
  expect(usual?.median, JSON.stringify(rows)).toBeLessThan(600)
  expect(usual?.max).toBeLessThan(600)
})

test('an elder all of whose signs are at their limits, outside of a fence and in danger, leaves less than 600 bytes', () => {
  const { bytes, rows } = stateInCrisis()
  const sizes = spreadOf(bytes)
  process.stdout.write(`state in a crisis: ${sizes?.median} bytes (${sizes?.min}–${sizes?.max})\n`)
  expect(sizes?.max, JSON.stringify(rows)).toBeLessThan(600)
  const json = rows.find(({ table }) => table.includes('zones'))?.json
  const { watches = {} } = zonesStored.unpack(JSON.parse(String(json)))
  expect(Object.keys(watches), 'in danger as well').toContain(dangerKey(markOf('river')))
})

test('an elder of whom fifty falls are seen on one day leaves less than 600 bytes', () => {
  const { bytes, rows, falls } = stateInFalls()
  const sizes = spreadOf(bytes)
  process.stdout.write(
    `state on a day of ${falls} falls: ${sizes?.median} bytes (${sizes?.min}–${sizes?.max})\n`,
  )
  expect(falls).toBeGreaterThanOrEqual(50)
  expect(sizes?.max, JSON.stringify(rows)).toBeLessThan(600)
})

test('the worst elder there is leaves less than 600 bytes: all of that at once, five edges under way, the band off', () => {
  const { bytes, rows } = stateAtWorst()
  const sizes = spreadOf(bytes)
  process.stdout.write(`state at worst: ${sizes?.median} bytes (${sizes?.min}–${sizes?.max})\n`)
  expect(sizes?.max, JSON.stringify(rows)).toBeLessThan(600)
  const rules = rows.filter(({ isOfRule }) => isOfRule).map(({ table }) => table.replace(/.*\/|@.*/g, ''))
  expect(rules, 'every rule that remembers').toHaveLength(10)
})

/** The bar is 3 (`node bench/fold.ts` on a quiet machine); beside other tests a fold loses more than a parser does. */
const PARSES_AT_MOST = 6

test(`a record of telemetry costs less than ${PARSES_AT_MOST} times JSON.parse of it`, () => {
  const rounds = costOfFold({ devices: 100, rounds: 5, samplesARound: 100 })
  const ratio = spreadOf(rounds.map(({ foldMicros, parseMicros }) => foldMicros / parseMicros))
  process.stdout.write(
    `fold ÷ JSON.parse: ${ratio?.median.toFixed(2)} (${ratio?.min.toFixed(2)}–${ratio?.max.toFixed(2)})\n`,
  )
  expect(ratio?.min).toBeLessThan(PARSES_AT_MOST)
})
