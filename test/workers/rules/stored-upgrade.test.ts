// A hub that is upgraded: what rules had written down as plain JSON or as numbers in a row is read, and written in short.

import { describe, expect, it } from 'vitest'
import { SEVERITIES } from '../../../model/finding.ts'
import { openFold } from '../../../workers/fold.ts'
import { NO_CONTEXT } from '../../../workers/rule.ts'
import { vitals } from '../../../workers/rules/vitals.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { foldOne, knows, NOON, said } from '../log.ts'
import { packNumbers } from '../packing.ts'
import { circle, placed } from './story.ts'

const MINUTE = 60_000
const rules = [vitals as never, zones as never]
const context = { ...NO_CONTEXT, residentId: 'elder', zones: [circle()] }

/** A pulse of 140 was told, and that the elder was out of the fence. */
const pulse = { r: 2, n: 0, g: 0, t: NOON }
const { lat, lon } = placed(500)
const crossing = { since: NOON, fixes: 3, zoneId: 'home', raised: 'high', backSince: null, backFixes: 0 }
const older = new Map([
  [
    'rule/vitals@2|d1',
    JSON.stringify({
      w: 0,
      k: [NOON, 140, 0, 0, 0, 0, 140, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      b: [[72.125, 4.5, 80, 711], 0, 0, 0, [36.4323, 0.2668, 77, 711]],
      o: { hr: pulse },
    }),
  ],
  [
    'rule/zones@1|d1',
    JSON.stringify({
      residentId: 'elder',
      track: { recent: [0, 1, 2].map(m => [NOON - (2 - m) * MINUTE, lat, lon, 10, 1]) },
      watches: { elder: { crossing, refuted: 0, nearAt: NOON } },
    }),
  ],
])

const later = (minute: number, hr: number, eastM: number) =>
  said('d1', 'telemetry', NOON + minute * MINUTE, {
    vitals: { hr },
    loc: { ...placed(eastM), acc: 10, src: 'gps' },
  })

it('tells nothing anew, and what gets worse', () => {
  const fold = openFold({ rules, stored: older })
  foldOne(fold, knows('d1', NOON + MINUTE, context), { batch: 1 })
  const { findings, ruleErrors } = foldOne(
    fold,
    [later(2, 141, 500), later(3, 142, 510), later(4, 185, 510)],
    { batch: 2 },
  )
  expect(ruleErrors).toEqual([])
  expect(findings).toMatchObject([{ kind: 'vitals', severity: 'critical' }])
})

it('is written down in short with the next checkpoint, and says the same then', () => {
  const { set, delete: gone } = openFold({ rules, stored: older }).takeChanges()
  expect(gone.toSorted()).toEqual([...older.keys()].toSorted())
  const again = new Map(set)
  expect([...again.keys()]).toEqual(expect.arrayContaining(['rule/vitals@4|d1', 'rule/zones@3|d1']))
  const fold = openFold({ rules, stored: again })
  foldOne(fold, knows('d1', NOON + MINUTE, context), { batch: 1 })
  expect(foldOne(fold, [later(2, 141, 500)], { batch: 2 }).findings).toEqual([])
})

it.each([
  ['of today', 'rule/zones@3|d1', '{"residentId":"elder"}'],
  ['of today, cut short', 'rule/zones@3|d1', '"=*c8"'],
  ['of the version before', 'rule/zones@2|d1', '{"residentId":"elder"}'],
  ['of the first', 'rule/zone_exit@1|d1', '{"residentId":"elder"}'],
])('counts a text that is damaged as absent, and says so: one %s', (_which, key, text) => {
  const damaged: string[] = []
  const stored = new Map([[key, text]])
  const fold = openFold({ rules, stored, onDamage: key => damaged.push(key) })
  foldOne(fold, knows('d1', NOON, context), { batch: 1 })
  const { ruleErrors } = foldOne(fold, [later(2, 72, 0)], { batch: 2 })
  expect(ruleErrors).toEqual([])
  expect(damaged).toEqual([key])
})

describe('a fence of an area, which had the bare id of it as its key', () => {
  const district = circle({ id: 'district', residentId: null, areaId: 'street-1', radiusM: 400 })
  const ofBoth = { ...context, zones: [circle(), district] }
  const plain = { residentId: 'elder', track: { recent: [[NOON, lat, lon, 10, 1]] } }
  const told = { crossing: { ...crossing, zoneId: 'district' }, refuted: 0, nearAt: NOON }
  /** Until, parts, fixes: one, at the newest time, its place; none held. */
  const track = packNumbers([NOON, 0, 1, 0, lat * 1e6, lon * 1e6, 100, 1, 0])
  /** None refuted, at the newest time, a crossing: since then, by three fixes, high, not coming back. */
  const edge = packNumbers([0, 0, 1, 0, 3, SEVERITIES.indexOf('high') + 1, 0])

  it.each<[string, string, unknown]>([
    ['rule/zones@2|d1', 'packed', ['elder', track, 0, 'home', edge, 'street-1', 'district', edge]],
    [
      'rule/zones@1|d1',
      'plain',
      { ...plain, watches: { elder: { crossing, refuted: 0, nearAt: NOON }, 'street-1': told } },
    ],
  ])('%s is not told anew, and again when the elder has been back: %s', (key, _how, stored) => {
    const fold = openFold({ rules, stored: new Map([[key, JSON.stringify(stored)]]) })
    foldOne(fold, knows('d1', NOON + MINUTE, ofBoth), { batch: 1 })
    const out = foldOne(fold, [later(2, 72, 900), later(3, 72, 900)], { batch: 2 })
    expect(out.ruleErrors).toEqual([])
    expect(out.findings).toEqual([])
    const again = foldOne(fold, [later(13, 72, 0), later(23, 72, 1_000)], { batch: 3 })
    expect(again.findings.map(({ evidence }) => evidence.zoneId)).toEqual(['home', 'district'])
  })
})
