// Fixes that come every second: which of them say something new.

import { expect, it } from 'vitest'
import { epochMs } from '../../../model/units.ts'
import { openAreaZones } from '../../../workers/area-zones.ts'
import type { Fix } from '../../../workers/rules/fix.ts'
import { followFix, isToldAgain, NO_TRACK, SOON_MS } from '../../../workers/rules/track.ts'
import { circle, placed, START_AT } from './story.ts'
import { at, elder, fixes } from './walk.ts'

const fix = (afterMs: number, eastM: number, extra: Partial<Fix> = {}): Fix => ({
  at: epochMs(START_AT + afterMs),
  ...placed(eastM),
  accuracyM: 20,
  source: 'gps',
  ...extra,
})
const { track } = followFix(NO_TRACK, fix(0, 0))

it.each<[reason: string, Fix, boolean]>([
  ['the same place a second later', fix(1_000, 0), true],
  ['within its error', fix(1_000, 19), true],
  ['less exact', fix(1_000, 30, { accuracyM: 60, source: 'wifi' }), true],
  ['a cell tower, which says less still', fix(1_000, 900, { accuracyM: 800, source: 'lbs' }), true],
  ['another place', fix(1_000, 21), false],
  ['twice as exact', fix(1_000, 0, { accuracyM: 10 }), false],
  ['a while later', fix(SOON_MS, 0), false],
  ['older, which is to take its place', fix(-1_000, 0), false],
])('a fix is the last one told again, or not: %s', (_reason, next, expected) => {
  expect(isToldAgain(track, next)).toBe(expected)
})

it('writes nothing for a fix that is told again', () => {
  const story = elder()
  story.sample(at(0))
  const before = story.states.get('zones')
  fixes(story, 1_000, ...Array(10).fill(at(2)))
  expect(story.states.get('zones')).toBe(before)
})

const SHORT_DWELL = { dwellMs: 4_000 }

it.each<[whose: string, context: Parameters<typeof elder>[0]]>([
  ['of the elder', { zones: [circle(SHORT_DWELL)] }],
  [
    'of the area',
    { zones: [], areas: [openAreaZones('wh', [circle({ ...SHORT_DWELL, residentId: null, areaId: 'wh' })])] },
  ],
])('a zone with a short dwell takes more fixes: %s', (_whose, context) => {
  expect(fixes(elder(context), 2_000, at(400), at(400), at(400))).toBe(1)
})
