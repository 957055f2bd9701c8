// A hub that is upgraded while an elder is out: what the rule `zone_exit` had stored is taken over by `zones`.

import { describe, expect, it } from 'vitest'
import { openFold } from '../../../workers/fold.ts'
import { NO_CONTEXT } from '../../../workers/rule.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { foldOne, knows, NOON, said, ticked } from '../log.ts'
import { circle, placed } from './story.ts'

const MINUTE = 60_000
const context = { ...NO_CONTEXT, residentId: 'elder', zones: [circle()] }
const rules = [zones as never]

const fix = (minute: number, eastM: number) => ({
  at: NOON + minute * MINUTE,
  ...placed(eastM),
  accuracyM: 10,
  source: 'gps',
})
const outing = { since: NOON, fixes: 3, zoneId: 'home', backSince: null, backFixes: 0 }

/** As `zone_exit`, version 1, wrote it down: the last three fixes 500 m out, or at home. */
function stored(eastM: number, raised: string | null | undefined): Map<string, string> {
  const recent = [0, 1, 2].map(minute => fix(minute, eastM))
  const watch = { outing: { ...outing, raised }, refuted: 0, nearAt: NOON + 2 * MINUTE }
  const state = {
    residentId: 'elder',
    track: { at: NOON + 2 * MINUTE, recent, held: [] },
    watches: raised === undefined ? {} : { elder: watch },
  }
  return new Map([['rule/zone_exit@1|d1', JSON.stringify(state)]])
}

const at = (minute: number, eastM: number) =>
  said('d1', 'telemetry', NOON + minute * MINUTE, { loc: { ...placed(eastM), acc: 10, src: 'gps' } })

describe('an upgrade', () => {
  it.each<[string, number, string | null | undefined, number, string[]]>([
    ['who was out, and is: told once, by the old one', 500, 'high', 900, []],
    ['who was out, and not told of yet', 500, null, 420, ['zone_exit']],
    ['who was at home, and leaves', 0, undefined, 900, ['zone_exit']],
    ['who was at home, and stays', 0, undefined, 0, []],
  ])('of an elder %s', (_who, eastM, raised, nowM, kinds) => {
    const fold = openFold({ rules, stored: stored(eastM, raised) })
    // The registry is told anew, then the device goes on.
    const known = foldOne(fold, knows('d1', NOON + 3 * MINUTE, context), { batch: 1 })
    const next = foldOne(
      fold,
      [4, 5, 6].flatMap(m => [at(m, nowM), ticked(NOON + m * MINUTE)]),
      { batch: 2 },
    )
    expect([...known.findings, ...next.findings].map(({ kind }) => kind)).toEqual(kinds)
    expect(next.ruleErrors).toEqual([])
  })

  it('misses one who comes back and leaves again', () => {
    const fold = openFold({ rules, stored: stored(500, 'high') })
    foldOne(fold, knows('d1', NOON + 3 * MINUTE, context), { batch: 1 })
    const { findings } = foldOne(fold, [at(4, 900), at(14, 0), at(24, 900)], { batch: 2 })
    expect(findings).toMatchObject([{ kind: 'zone_exit', at: NOON + 24 * MINUTE }])
  })

  it('is written down with the next checkpoint, whether the device has said something or not', () => {
    const { set, delete: gone } = openFold({ rules, stored: stored(500, 'high') }).takeChanges()
    expect(gone).toEqual(['rule/zone_exit@1|d1'])
    const again = openFold({ rules, stored: new Map(set) })
    foldOne(again, knows('d1', NOON + 3 * MINUTE, context), { batch: 1 })
    expect(foldOne(again, [at(4, 900)], { batch: 2 }).findings).toEqual([])
  })

  it('keeps what the newer rule knows already', () => {
    const { set } = openFold({ rules, stored: stored(500, 'high') }).takeChanges()
    const both = new Map([...set, ...stored(0, undefined)])
    const { set: kept } = openFold({ rules, stored: both }).takeChanges()
    expect(kept.filter(([key]) => key.startsWith('rule/'))).toEqual([])
  })
})
