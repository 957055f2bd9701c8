// An elder's own limits: what may be said, and what would silence a vital sign by mistake.

import { expect, it } from 'vitest'
import { thresholdsSchema } from '../../model/thresholds.ts'

it.each<[string, unknown, boolean]>([
  ['none', {}, true],
  ['both sides', { hr: { low: { high: 45, critical: 38 }, high: { high: 120, critical: 150 } } }, true],
  ['one side', { spo2: { low: { high: 86 } } }, true],
  ['critical alone', { sbp: { high: { critical: 200 } } }, true],
  ['tenths', { temp: { high: { high: 38.5 } } }, true],
  ['a sign without a limit', { hr: {} }, false],
  ['a side without a limit', { hr: { low: {}, high: {} } }, false],
  ['critical nearer than high', { hr: { high: { high: 150, critical: 120 } } }, false],
  ['critical where high is', { hr: { low: { high: 40, critical: 40 } } }, false],
  ['low above high', { hr: { low: { high: 120 }, high: { high: 60 } } }, false],
  ['what no reading reaches, below', { hr: { low: { high: 10 } } }, false],
  ['what no reading reaches, above', { spo2: { high: { high: 110 } } }, false],
  ['degrees Fahrenheit', { temp: { high: { high: 101 } } }, false],
  ['no number', { hr: { high: { high: Number.NaN } } }, false],
  ['text', { hr: { high: { high: '120' } } }, false],
  ['a sign that is not judged', { dbp: { high: { high: 100 } } }, false],
  ['a misspelt side', { hr: { hi: { high: 120 } } }, false],
])('%s', (_reason, thresholds, isTaken) => {
  expect(thresholdsSchema.safeParse(thresholds).success).toBe(isTaken)
})
