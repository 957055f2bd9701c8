// Readings that are not believed are counted by part, and neither raise nor hide anything.

import { describe, expect, it } from 'vitest'
import { openFold } from '../../workers/fold.ts'
import { emptyFolded, type Folded } from '../../workers/folded.ts'
import { vitals } from '../../workers/rules/vitals.ts'
import { foldOne, NOON, said } from './log.ts'

/** Folds the same sample three times, twenty seconds apart. */
function folded(sample: unknown): Folded {
  const fold = openFold({ rules: [vitals], stored: new Map() })
  const records = [0, 20_000, 40_000].map(after => said('d1', 'telemetry', NOON + after, sample))
  return foldOne(fold, records, { batch: 1 })
}

describe('readings that are not believed', () => {
  it.each<[string, unknown, string[]]>([
    ['no value, as zero', { vitals: { hr: 0, temp: 36.6 } }, ['vitals.hr']],
    ['no value, as a byte', { vitals: { hr: 255, spo2: 255 } }, ['vitals.hr', 'vitals.spo2']],
    ['a pressure of 255', { vitals: { sbp: 255, dbp: 255 } }, ['vitals.dbp', 'vitals.sbp']],
    ['below zero', { vitals: { hr: -1, rr: -1 } }, ['vitals.hr', 'vitals.rr']],
    ['the room', { vitals: { temp: 21.5, hr: 70 } }, ['vitals.temp']],
    ['a slipped cuff', { vitals: { sbp: 70, dbp: 95 } }, ['vitals.sbp']],
    ['not worn', { worn: false, vitals: { hr: 30, temp: 22 } }, ['vitals.hr', 'vitals.temp']],
  ])('%s: counted, and nothing is raised', (_reason, sample, parts) => {
    const { ignored, findings } = folded(sample)
    expect(ignored.sort()).toEqual([...parts, ...parts, ...parts].sort())
    expect(findings).toEqual([])
  })

  it('do not hide the others of the sample', () => {
    const { ignored, findings } = folded({ vitals: { hr: 0, spo2: 75 } })
    expect(ignored).toEqual(['vitals.hr', 'vitals.hr', 'vitals.hr'])
    expect(findings).toMatchObject([{ kind: 'vitals', severity: 'critical', evidence: { metric: 'spo2' } }])
  })

  it('are none in a sample that is well', () => {
    const { ignored } = folded({
      vitals: { hr: 72, spo2: 97, rr: 16, sbp: 128, dbp: 78, temp: 36.6 },
      worn: true,
    })
    expect(ignored).toEqual(emptyFolded().ignored)
  })
})
