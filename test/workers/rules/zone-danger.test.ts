// Entering a danger zone, told as walks: when it must be raised, and when it must not.

import { describe, expect, it } from 'vitest'
import type { Telemetry } from '../../../model/telemetry.ts'
import type { Position, Zone } from '../../../model/zone.ts'
import { STALE_MS } from '../../../workers/rule.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { circle, placed, tell } from './story.ts'
import { at, fixes, HOUR, MINUTE } from './walk.ts'

/** A pond of 60 m around a place 500 m east of home. */
const pond = (zone: Parameters<typeof circle>[0] = {}) =>
  circle({ id: 'pond', name: '池塘', kind: 'danger', eastM: 500, radiusM: 60, ...zone })
const near = (context: Parameters<typeof tell>[1] = {}) => tell([zones], { zones: [pond()], ...context })

describe('walking in', () => {
  it('says how deep, how exact, how long and where', () => {
    const story = near()
    fixes(story, 30_000, at(400), at(480), at(490), at(500))
    expect(story.raised).toEqual([
      {
        kind: 'danger_zone_enter',
        severity: 'high',
        at: story.now() - 30_000,
        lateMs: 0,
        evidence: {
          zoneId: 'pond',
          zoneName: '池塘',
          reason: 'dwell',
          depthM: 60,
          accuracyM: 10,
          source: 'gps',
          insideForMs: 60_000,
          dwellMs: 60_000,
          fixes: 3,
          position: { ...placed(500), accuracyM: 10, source: 'gps' },
        },
      },
    ])
  })

  it('is critical for one who gets lost', () => {
    const story = near({ wandering: true })
    fixes(story, 30_000, at(500), at(500), at(500))
    expect(story.raised).toMatchObject([{ severity: 'critical' }])
  })

  it('is raised once, until the elder has left it', () => {
    const story = near()
    expect(fixes(story, 30_000, ...Array(40).fill(at(500)))).toBe(1)
    fixes(story, 30_000, at(700), at(700))
    expect(fixes(story, 30_000, at(500), at(500), at(500))).toBe(1)
  })

  it.each<[string, readonly Telemetry[], number]>([
    ['two fixes are not enough', [at(500), at(500)], 0],
    ['nor a dwell that is too short', [at(500), at(500), at(400)], 0],
    ['one outside in between starts it anew', [at(500), at(500), at(580), at(500), at(500)], 0],
    ['not within the accuracy of the edge', Array(20).fill(at(445, { acc: 12 })), 0],
    ['cell towers alone never', Array(50).fill(at(500, { src: 'lbs', acc: 800 })), 0],
    ['nor towers that claim to be exact', Array(50).fill(at(500, { src: 'lbs', acc: 10 })), 0],
    ['nor any other fix as coarse', Array(50).fill(at(500, { src: 'wifi', acc: 250 })), 0],
    ['nor Wi-Fi that cannot tell the pond from its bench', Array(50).fill(at(500, { acc: 130 })), 0],
    ['an impossible jump is held back', [at(-9_000), at(500), at(-9_000), at(500), at(-9_000)], 0],
  ])('%s', (_reason, samples, expected) => {
    expect(fixes(near(), 30_000, ...samples)).toBe(expected)
  })

  it.each<[string, readonly Telemetry[], number]>([
    ['one fix, deep and accurate', [at(500)], 1],
    ['deep, but inexact, needs company', [at(500, { acc: 40 })], 0],
    ['accurate, but not deep, as well', [at(650)], 0],
  ])('a reservoir: %s', (_reason, samples, expected) => {
    const story = near({ zones: [pond({ radiusM: 200 })] })
    expect(fixes(story, 30_000, ...samples)).toBe(expected)
    if (expected > 0) expect(story.raised).toMatchObject([{ evidence: { reason: 'deep', fixes: 1 } }])
  })

  it('takes the dwell of the zone', () => {
    const story = near({ zones: [pond({ dwellMs: 10 * MINUTE })] })
    expect(fixes(story, MINUTE, ...Array(10).fill(at(500)))).toBe(0)
    expect(fixes(story, MINUTE, at(500))).toBe(1)
  })
})

describe('a lane along a road', () => {
  const line: Position[] = [-1_000, 1_000].map((northM): Position => {
    const { lat, lon } = placed(500, northM)
    return [lon, lat]
  })
  const lane: Zone = { ...pond(), id: 'lane', shape: { corridor: { line, widthM: 20 } } }

  it.each<[string, number, number, number]>([
    ['in its middle', 500, 10, 1],
    ['in its inner half', 504, 15, 1],
    ['at its edge', 508, 15, 0],
    ['beside it', 515, 15, 0],
    ['in its middle, by a fix that cannot tell', 500, 25, 0],
  ])('%s', (_where, eastM, acc, expected) => {
    expect(fixes(near({ zones: [lane] }), 30_000, ...Array(4).fill(at(eastM, { acc })))).toBe(expected)
  })
})

describe('beside a safe zone', () => {
  it('both are judged: a pond in the park, and home', () => {
    const home = circle()
    const story = tell([zones], { zones: [home, pond()] })
    fixes(story, 30_000, at(0), at(500), at(500), at(500), at(500))
    expect(story.raised.map(({ kind }) => kind).sort()).toEqual(['danger_zone_enter', 'zone_exit'])
    fixes(story, 30_000, at(0), at(0))
    fixes(story, 30_000, at(500), at(500), at(500), at(500))
    expect(story.raised).toHaveLength(4)
  })

  it('a danger zone is no fence: being outside of it is nothing', () => {
    expect(fixes(near(), MINUTE, ...Array(10).fill(at(9_000)))).toBe(0)
  })
})

describe('zones that change, and fixes that are late', () => {
  it('an elder who is already inside when it is drawn is told at once, and once', () => {
    const story = tell([zones])
    fixes(story, MINUTE, at(500), at(500), at(500))
    expect(story.change({ zones: [pond()] })).toMatchObject([
      { kind: 'danger_zone_enter', at: story.now(), evidence: { reason: 'dwell', fixAgeMs: MINUTE } },
    ])
    expect(story.change({ zones: [pond()] })).toEqual([])
    expect(story.change({ zones: [] })).toEqual([])
    expect(story.change({ zones: [pond()] })).toHaveLength(1)
  })

  it('one that became safe is no danger any more', () => {
    const story = near()
    fixes(story, MINUTE, at(500), at(500))
    story.change({ zones: [pond({ kind: 'safe' })] })
    expect(fixes(story, MINUTE, at(500), at(500))).toBe(0)
  })

  it('stale fixes are told at the next tick, marked late', () => {
    const story = near()
    for (let lateMs = HOUR; lateMs > STALE_MS; lateMs -= MINUTE)
      expect(story.sample(at(500), lateMs)).toEqual([])
    const [found] = story.pass(10_000)
    expect(found).toMatchObject({ kind: 'danger_zone_enter' })
    expect(found?.lateMs).toBeGreaterThan(STALE_MS)
  })
})
