// The bars of the fold: what state an elder leaves, exactly, and what a record costs, as far as a busy machine can say.

import { expect, test } from 'vitest'
import { spreadOf } from '../../bench/figures.ts'
import { costOfFold } from '../../bench/fold.cost.ts'
import { stateOfWeek } from '../../bench/fold.state.ts'

test('an elder whose week is as usual leaves less than 600 bytes', () => {
  const { bytes, rows } = stateOfWeek()
  const usual = spreadOf(bytes)
  expect(usual?.median, JSON.stringify(rows)).toBeLessThan(600)
  expect(bytes.at(-1)).toBeLessThan(600)
  // While an elder is out, or ill, more is remembered for a while.
  expect(usual?.max).toBeLessThan(900)
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
