// One whose way leads out: what fixes of all sources say together where no single one is clear.

import { describe, expect, it } from 'vitest'
import type { Telemetry } from '../../../model/telemetry.ts'
import type { Context, Raised } from '../../../workers/rule.ts'
import type { WayOut } from '../../../workers/rules/way-out.ts'
import { fenceOf } from '../../../workers/rules/zone-exit.ts'
import { zonesStored } from '../../../workers/rules/zones.stored.ts'
import { circle, placed, type Story } from './story.ts'
import { at, elder, fixes, MINUTE } from './walk.ts'

const wifi = { acc: 40, src: 'wifi' } as const
const street = { acc: 30 } as const
const cell = { acc: 800, src: 'lbs' } as const

/** Satellites that lead up to the edge, which is 300 m from home, at 1 m/s. */
const upToTheEdge = [at(220), at(240), at(260), at(280), at(300)]

describe('a way out', () => {
  it('is told by Wi-Fi alone, that goes on as one walks', () => {
    const story = elder()
    const out = [60, 80, 100, 120, 140, 160].map(m => at(300 + m, wifi))
    expect(fixes(story, 20_000, ...upToTheEdge, ...out)).toBe(1)
    expect(story.raised[0]?.evidence).toMatchObject({ reason: 'way', source: 'wifi', dwellMs: MINUTE })
  })

  it('is told when the dwell is over, also at a coarse fix, with the place of the last that was none', () => {
    const story = elder()
    expect(fixes(story, 20_000, ...upToTheEdge, at(340, cell), at(360), at(380, cell), at(900, cell))).toBe(1)
    const [{ evidence } = { evidence: {} }] = story.raised
    expect(evidence).toMatchObject({ reason: 'way', source: 'gps', distanceM: 60, fixAgeMs: 40_000 })
  })

  it.each<[string, readonly ReturnType<typeof at>[]]>([
    ['of a band that lies still and errs by much, for long', Array.from({ length: 9 }, () => at(390, wifi))],
    ['of one exact fix that lies anywhere', [at(420), at(290), at(285), at(290)]],
    ['of one that an exact fix refutes', [at(340, wifi), at(380, wifi), at(290), at(420, wifi)]],
  ])('is none %s', (_what, said) => {
    const story = elder()
    expect(fixes(story, 20_000, at(290), at(290), at(290), ...said)).toBe(0)
  })
})

/** A metre less, so that the last of them lies inside for certain. */
const nearTheEdge = [at(219), at(239), at(259), at(279), at(299)]
/** Exact enough to be a witness, and never so far out that it is sure by itself. */
const unsure = [at(320, street), at(340, street), at(357, street), at(359, street)]

describe('a way out that is proven by what comes late', () => {
  it('is told at the next tick, although the last fix is not sure by itself', () => {
    const story = elder()
    let lateMs = 18 * MINUTE
    for (const sample of [...nearTheEdge, ...unsure]) {
      expect(story.sample(sample, lateMs)).toEqual([])
      lateMs -= 20_000
    }
    const [found, ...others] = story.pass(10_000)
    expect(others).toEqual([])
    expect(found).toMatchObject({ kind: 'zone_exit', evidence: { reason: 'way', distanceM: 59 } })
    expect(found?.lateMs).toBeGreaterThan(10 * MINUTE)
  })

  it('is told at the next tick, when its dwell is over at a coarse fix', () => {
    const story = elder()
    let lateMs = 18 * MINUTE
    for (const sample of [...nearTheEdge, at(340, cell), at(360), at(380, cell), at(900, cell)]) {
      expect(story.sample(sample, lateMs)).toEqual([])
      lateMs -= 20_000
    }
    expect(story.pass(10_000)).toMatchObject([{ evidence: { reason: 'way', distanceM: 60, source: 'gps' } }])
  })

  const early = [...nearTheEdge, at(320, street), at(340, street)]

  it('is told at the next tick, when a fix that was missing comes', () => {
    const story = elder()
    expect(fixes(story, 20_000, ...early)).toBe(0)
    story.pass(20_000)
    expect(story.sample(at(345, street))).toEqual([])
    expect(story.sample(at(400, { acc: 35, src: 'wifi' }), 20_000)).toEqual([])
    expect(story.pass(10_000)).toMatchObject([{ evidence: { reason: 'way', distanceM: 45, source: 'gps' } }])
  })

  it('is none any more, when an exact one that was missing lies inside', () => {
    const story = elder()
    fixes(story, 20_000, ...early)
    story.pass(20_000)
    story.sample(at(345, street))
    story.sample(at(290), 20_000)
    expect(fixes(story, 20_000, at(355, street))).toBe(0)
  })

  it('goes on as before, when one was missing that is like those around it', () => {
    const walk = [...unsure.slice(0, 2), at(350, street)]
    const inOrder = elder()
    fixes(inOrder, 20_000, ...nearTheEdge, ...walk)
    const late = elder()
    fixes(late, 20_000, ...nearTheEdge, unsure[0] as Telemetry)
    late.pass(20_000)
    late.sample(at(350, street))
    late.sample(unsure[1] as Telemetry, 20_000)
    late.pass(20_000)
    const [one, other] = [wayOf(late), wayOf(inOrder)]
    expect(one?.odds).toBeCloseTo(other?.odds ?? Number.NaN, 1)
    expect(one).toMatchObject({ wentAt: other?.wentAt, fixes: other?.fixes })
  })
})

describe('where a way out has led', () => {
  it('is past the edge, also where the last fix lies a little inside, or is coarse', () => {
    const story = elder()
    const out = [at(330), at(350), at(285, { acc: 60, src: 'wifi' }), at(200, cell)]
    expect(fixes(story, 20_000, ...nearTheEdge, ...out)).toBe(1)
    const { evidence, at: toldAt } = story.raised[0] as Raised
    expect(evidence).toMatchObject({ distanceM: 50, accuracyM: 10, source: 'gps', dwellMs: MINUTE })
    const { lat, lon } = placed(350)
    expect(evidence.position).toMatchObject({ lat: expect.closeTo(lat, 5), lon: expect.closeTo(lon, 5) })
    expect(evidence.outsideForMs).toBeGreaterThanOrEqual(MINUTE)
    expect(toldAt - Number(evidence.fixAgeMs)).toBe(story.now() - 3 * 20_000)
  })
})

describe('the registry', () => {
  it.each<[string, Partial<Context>]>([
    ['somebody edits the file of the elder', { livesAlone: true }],
    ['the zone is named anew', { zones: [circle({ name: '我家' })] }],
    ['another zone is drawn far away', { zones: [circle(), circle({ id: 'park', eastM: -5_000 })] }],
  ])('does not forget a way that is under way when %s', (_what, changed) => {
    const story = elder()
    fixes(story, 20_000, ...nearTheEdge, ...unsure.slice(0, 2))
    const before = wayOf(story)
    expect(before).toBeDefined()
    expect(story.change(changed)).toEqual([])
    expect(wayOf(story)).toEqual(before)
    expect(fixes(story, 20_000, ...unsure.slice(2))).toBe(1)
  })

  it('does not forget that an elder is at the edge', () => {
    const story = elder()
    const nearly = [at(325), at(325), at(290)]
    fixes(story, 30_000, ...nearly, ...nearly, ...nearly)
    story.change({ livesAlone: true })
    expect(fixes(story, 30_000, ...Array(20).fill(at(325)))).toBe(0)
  })

  it('forgets it when that edge is another one', () => {
    const story = elder()
    fixes(story, 20_000, ...nearTheEdge, ...unsure.slice(0, 2))
    story.change({ zones: [circle({ radiusM: 325 })] })
    expect(fixes(story, 20_000, ...unsure.slice(2))).toBe(0)
  })
})

/** What is known of the way out of the elder's own fence. */
function wayOf({ states }: Story): WayOut | undefined {
  const stored = states.get('zones')
  const { watches } = zonesStored.unpack(JSON.parse(String(stored)))
  return watches?.[fenceOf(circle())]?.way
}
