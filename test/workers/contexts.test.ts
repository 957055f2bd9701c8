// Zones of areas in a fold: once for all devices, followed as they change, and judged against where elders are.

import { describe, expect, it } from 'vitest'
import type { RawRecord } from '../../broker/entry.ts'
import type { Zone } from '../../model/zone.ts'
import type { ContextPayload } from '../../workers/context-notes.ts'
import { type Fold, openFold } from '../../workers/fold.ts'
import { NO_CONTEXT } from '../../workers/rule.ts'
import { zones as zonesRule } from '../../workers/rules/zones.ts'
import { foldOne, NOON, said } from './log.ts'
import { circle, placed } from './rules/story.ts'

const rules = [zonesRule as never]
const newFold = (stored: ReadonlyMap<string, string> = new Map()) => openFold({ rules, stored })

const ofArea = (id: string, areaId: string, zone: Parameters<typeof circle>[0] = {}): Zone =>
  circle({ ...zone, id, residentId: null, areaId })

const noted = (payload: ContextPayload, deviceId = ''): RawRecord => said(deviceId, 'context', NOON, payload)

const knownAs = (
  deviceId: string,
  areaIds?: readonly string[],
  zoneIds: readonly string[] = [],
): RawRecord => {
  const { zones: _, areas: __, ...rest } = NO_CONTEXT
  return noted(
    { context: { ...rest, residentId: `of-${deviceId}`, zoneIds, ...(areaIds && { areaIds }) } },
    deviceId,
  )
}

const seen = (deviceId: string, eastM: number, at = NOON): RawRecord =>
  said(deviceId, 'telemetry', at, { ts: at, loc: { ...placed(eastM), acc: 10, src: 'gps' } })

let batch = 0
const told = (fold: Fold, ...records: RawRecord[]) => {
  const folded = foldOne(fold, records, { batch: ++batch })
  expect(folded.ruleErrors).toEqual([])
  return folded.findings.map(({ kind, deviceId, evidence }) => `${deviceId} ${kind} ${evidence.zoneId}`)
}

const AREAS = ['root', 'city', 'street']

describe('the zones of an area', () => {
  it('hold for whoever is in it, and for nobody else', () => {
    const fold = newFold()
    told(fold, noted({ zone: ofArea('z', 'city') }), knownAs('d1', AREAS), knownAs('d2', ['root', 'village']))
    expect(told(fold, seen('d1', 2_000), seen('d2', 2_000))).toEqual(['d1 zone_exit z'])
  })

  it('are a fence of their own for every area of the chain', () => {
    const fold = newFold()
    told(
      fold,
      noted({ zone: ofArea('street-zone', 'street') }),
      noted({ zone: ofArea('city-zone', 'city', { radiusM: 5_000 }) }),
      knownAs('d1', AREAS),
    )
    expect(told(fold, seen('d1', 2_000))).toEqual(['d1 zone_exit street-zone'])
  })

  it('are judged against where the elder is when they change, once the device is told of it', () => {
    const fold = newFold()
    told(fold, noted({ zone: ofArea('z', 'city') }), knownAs('d1', AREAS))
    expect(told(fold, seen('d1', 200))).toEqual([])
    expect(told(fold, noted({ zone: ofArea('z', 'city', { eastM: 5_000 }) }))).toEqual([])
    expect(told(fold, knownAs('d1', AREAS))).toEqual(['d1 zone_exit z'])
    expect(told(fold, knownAs('d1', AREAS)), 'told again').toEqual([])
  })

  it('may be taken away, moved to another area, or given to an elder', () => {
    const fold = newFold()
    told(fold, noted({ zone: ofArea('z', 'city') }), knownAs('d1', AREAS))
    told(fold, noted({ zoneGone: 'z' }), knownAs('d1', AREAS))
    expect(told(fold, seen('d1', 2_000))).toEqual([])
    told(
      fold,
      noted({ zone: ofArea('z', 'city') }),
      noted({ zone: ofArea('z', 'village') }),
      knownAs('d1', AREAS),
    )
    expect(told(fold, seen('d1', 2_100, NOON + 60_000))).toEqual([])
    told(
      fold,
      noted({ zone: ofArea('z', 'city') }),
      noted({ zone: circle({ id: 'z' }) }),
      knownAs('d1', AREAS),
    )
    expect(told(fold, seen('d1', 2_200, NOON + 120_000))).toEqual([])
  })

  it('that a fold knows and the registry does not are let go of', () => {
    const fold = newFold()
    told(
      fold,
      noted({ zone: ofArea('old', 'city') }),
      noted({ zone: ofArea('kept', 'city', { radiusM: 9_000 }) }),
    )
    told(fold, noted({ areaZoneIds: ['kept'] }), knownAs('d1', AREAS))
    expect(told(fold, seen('d1', 2_000))).toEqual([])
    const stored = fold.takeChanges().set.map(([key]) => key)
    expect(stored).toContain('zone|kept')
    expect(stored).not.toContain('zone|old')
  })

  it('stand after a restart as they stood before', () => {
    const before = newFold()
    told(before, noted({ zone: ofArea('z', 'city') }), knownAs('d1', AREAS), seen('d1', 100))
    const after = newFold(new Map(before.takeChanges().set))
    expect(told(after, seen('d1', 2_000, NOON + 60_000))).toEqual(['d1 zone_exit z'])
  })

  it('that an older version stored, by device and without a schedule, hold as they did', () => {
    const { schedule: _, timeZone: __, ...old } = ofArea('z', 'city')
    const before = newFold()
    told(before, noted({ zone: old as Zone }), knownAs('d1', undefined, ['z']))
    const after = newFold(new Map(before.takeChanges().set))
    expect(told(after, seen('d1', 2_000))).toEqual(['d1 zone_exit z'])
  })

  it('of danger are entered', () => {
    const fold = newFold()
    told(
      fold,
      noted({ zone: ofArea('pond', 'city', { kind: 'danger', radiusM: 200 }) }),
      knownAs('d1', AREAS),
    )
    expect(told(fold, seen('d1', 0))).toEqual(['d1 danger_zone_enter pond'])
    expect(told(fold, seen('d1', 50, NOON + 60_000), seen('d1', 900, NOON + 120_000))).toEqual([])
    expect(told(fold, seen('d1', 0, NOON + 180_000))).toEqual(['d1 danger_zone_enter pond'])
  })
})

describe('ten thousand zones of an area', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => {
    const { lat, lon } = placed((i % 100) * 400, Math.floor(i / 100) * 400)
    const shape = { circle: { center: [lon, lat] as [number, number], radiusM: 150 + (i % 7) } }
    return ofArea(`z${i}`, 'city', { shape, kind: i % 2 === 0 ? 'safe' : 'danger' })
  })

  it('are kept once, however many devices are there, and make a fix little dearer', () => {
    const measured = [10, 10_000].map(count => {
      const fold = newFold()
      const some = many.slice(0, count).map(zone => noted({ zone }))
      const devices = Array.from({ length: 200 }, (_, i) => knownAs(`d${i}`, AREAS))
      told(fold, ...some, ...devices)
      const bytes = fold.takeChanges().set.filter(([key]) => key.startsWith('context|'))
      expect(bytes.every(([, json]) => json.length < 500)).toBe(true)
      const rounds = Array.from({ length: 30 }, (_, round) => {
        const records = Array.from({ length: 200 }, (_, i) =>
          seen(`d${i}`, (i % 10) * 400 + 5, NOON + 60_000 * (round + 1)),
        )
        const before = performance.now()
        told(fold, ...records)
        return ((performance.now() - before) * 1_000) / records.length
      })
      return Math.min(...rounds)
    })
    const [few = 0, all = 0] = measured
    process.stdout.write(`a fix with 10 zones ${few.toFixed(1)} µs, with 10,000 zones ${all.toFixed(1)} µs\n`)
    expect(all).toBeLessThan(few * 4 + 10)
  })

  it('are drawn again one by one without being made ready for every device each time', () => {
    const fold = newFold()
    told(fold, ...many.map(zone => noted({ zone })), knownAs('d1', AREAS), seen('d1', 0))
    const same = fold.takeChanges().set.length
    expect(same).toBeGreaterThan(10_000)
    told(fold, ...many.map(zone => noted({ zone })))
    expect(fold.takeChanges().set.filter(([key]) => key.startsWith('zone|'))).toEqual([])
  })
})
