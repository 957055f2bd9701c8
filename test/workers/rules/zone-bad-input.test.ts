// Positions that make no sense: each is left out by name, none raises an exit, and none hides the one that follows.

import { describe, expect, it } from 'vitest'
import { openFold } from '../../../workers/fold.ts'
import { NO_CONTEXT } from '../../../workers/rule.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { foldOne, knows, NOON, said } from '../log.ts'
import { circle, placed } from './story.ts'

const home = placed(0)
const context = { ...NO_CONTEXT, residentId: 'elder', zones: [circle()] }
const MINUTE = 60_000

const at = (minute: number, loc: object | string) => {
  const body = typeof loc === 'string' ? `{"loc":${loc},"battery":50}` : { loc, battery: 50 }
  return said('d1', 'telemetry', NOON + minute * MINUTE, body)
}

describe('a position that makes no sense', () => {
  it.each<[string, object | string, string[]]>([
    ['latitude 91', { lat: 91, lon: 122 }, ['loc', 'loc.lat']],
    ['swapped', { lat: home.lon, lon: home.lat }, ['loc', 'loc.lat']],
    ['NaN, which is no JSON number', `{"lat":"NaN","lon":122}`, ['loc', 'loc.lat']],
    ['beyond all numbers', `{"lat":1e999,"lon":122}`, ['loc', 'loc.lat']],
    ['null', { lat: null, lon: null }, ['loc', 'loc.lat', 'loc.lon']],
    ['half of one', { lat: 37 }, ['loc', 'loc.lon']],
    ['accuracy 0', { ...placed(900), acc: 0 }, ['loc.acc']],
    ['accuracy −1', { ...placed(900), acc: -1 }, ['loc.acc']],
    ['accuracy 0 of satellites', { ...placed(900), acc: 0, src: 'gps' }, ['loc.acc']],
    ['accuracy −1 of satellites', { ...placed(900), acc: -1, src: 'bds' }, ['loc.acc']],
    [
      'accuracy NaN of satellites, which is null in JSON',
      { ...placed(900), acc: Number.NaN, src: 'gps' },
      ['loc.acc'],
    ],
    ['accuracy 200 km of satellites', { ...placed(900), acc: 200_000, src: 'gps' }, ['loc.acc']],
    ['accuracy 10,000 m', { ...placed(20_000), acc: 10_000 }, []],
    ['of a source that nobody knows', { ...placed(900), src: 'guess' }, ['loc.src']],
    ['no fix, which receivers call 0° N 0° E', { lat: 0, lon: 0, acc: 5 }, ['loc.zero']],
  ])('%s', (_what, loc, ignored) => {
    const fold = openFold({ rules: [zones as never], stored: new Map() })
    foldOne(fold, knows('d1', NOON, context), { batch: 1 })
    const odd = foldOne(fold, [at(1, { ...home, acc: 10 }), at(2, loc)], { batch: 2 })
    expect(odd.findings).toEqual([])
    expect(odd.ruleErrors).toEqual([])
    expect(odd.ignored.toSorted()).toEqual(ignored)
    const out = foldOne(fold, [at(3, { ...placed(900), acc: 10, src: 'gps' })], { batch: 3 })
    expect(out.findings).toMatchObject([{ kind: 'zone_exit', evidence: { reason: 'far' } }])
  })

  it('samples of a message that are out of order are taken in theirs', () => {
    const fold = openFold({ rules: [zones as never], stored: new Map() })
    foldOne(fold, knows('d1', NOON, context), { batch: 1 })
    const kept = [4, 1, 3, 2].map(minute => ({
      ts: NOON + minute * MINUTE,
      loc: { ...placed(minute === 1 ? 0 : 400), acc: 10, src: 'gps' },
    }))
    const record = said('d1', 'telemetry', NOON + 4 * MINUTE, kept)
    expect(foldOne(fold, [record], { batch: 2 }).findings).toMatchObject([
      { at: NOON + 4 * MINUTE, evidence: { fixes: 3, outsideForMs: 2 * MINUTE } },
    ])
  })
})
