// What docs/rules.md says of vital signs is what the code does.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Limit, VITAL_LIMITS } from '../../model/vital-limits.ts'
import { PLAUSIBLE_VITALS } from '../../model/vital-range.ts'
import {
  CLIPPED_AT,
  LEAST_HOURS,
  MEMORY_HOURS,
  UNUSUAL_FROM,
  USUAL_WITHIN,
} from '../../workers/rules/baseline.ts'
import { UNUSUAL_FOR_MS, UNUSUAL_READINGS } from '../../workers/rules/baseline-watch.ts'
import { SCORE_LIMITS } from '../../workers/rules/news2.ts'
import { FRESH_FOR_MS } from '../../workers/rules/vital-memory.ts'
import { JUDGED_VITALS, type JudgedVital } from '../../workers/rules/vital-reading.ts'
import { REST_MS } from '../../workers/rules/vital-rest.ts'
import { TOLD_FOR_MS, UNREFUTED_MS } from '../../workers/rules/vital-watch.ts'

const MINUTE = 60_000

/** Lines are wrapped anywhere. */
const rules = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')

const ROW: Record<JudgedVital, string> = {
  hr: 'pulse, bpm',
  spo2: 'SpO₂, %',
  rr: 'respiration, per minute',
  sbp: 'systolic pressure, mmHg',
  temp: 'temperature, °C',
}

describe.each(JUDGED_VITALS)('%s', name => {
  const row = rules.split(`| ${ROW[name]} |`)[1]?.slice(0, 200) ?? ''
  const { below, above, recoveredBy } = VITAL_LIMITS[name]
  const { from, to } = PLAUSIBLE_VITALS[name]
  const written = (sign: string) => (limit: Limit) => `${sign} ${limit.at}`

  test('its limits', () => {
    for (const text of [...below.map(written('≤')), ...above.map(written('≥'))]) expect(row).toContain(text)
  })

  test('what is no value, and when it has recovered', () => {
    expect(row).toContain(`< ${from}, > ${to}`)
    expect(row).toContain(` ${recoveredBy} |`)
  })
})

test.each([
  SCORE_LIMITS.map(({ at, severity }) => `${severity} from ${at}`).join(', '),
  `pulse, SpO₂ and respiration for ${FRESH_FOR_MS.hr / MINUTE} min, pressure and temperature for ${FRESH_FOR_MS.sbp / MINUTE} min`,
  `or ${UNREFUTED_MS / 1_000} s in which nothing contradicts it`,
  `was not read for ${TOLD_FOR_MS / 3_600_000} hours`,
  `no step for ${REST_MS / MINUTE} min`,
  `more than ${UNUSUAL_FROM} spreads from its level`,
  `over at least ${UNUSUAL_FOR_MS / MINUTE} min`,
  `within ${USUAL_WITHIN} spreads`,
  `before ${LEAST_HOURS} hours`,
  `From ${MEMORY_HOURS} hours on`,
  `at most ${CLIPPED_AT} spreads away`,
])('%s', words => {
  expect(rules).toContain(words)
})

test('three readings', () => {
  expect(UNUSUAL_READINGS).toBe(3)
  expect(rules).toContain('in three readings at rest in a row')
})
