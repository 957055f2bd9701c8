// Leaving a safe zone, told as walks: when it must be raised, and when it must not.

import { describe, expect, it } from 'vitest'
import type { Telemetry } from '../../../model/telemetry.ts'
import { STALE_MS } from '../../../workers/rule.ts'
import { NOW_WITHIN_MS, zones } from '../../../workers/rules/zones.ts'
import { circle, HOME, placed, tell } from './story.ts'
import { at, type Extra, elder, fixes, HOUR, MINUTE } from './walk.ts'

describe('walking out', () => {
  it('is raised within 90 s of being 50 m outside, at 1 m/s with a fix every 20 s', () => {
    const story = elder()
    let outsideAt: number | undefined
    for (let walkedM = 0; walkedM <= 500 && story.raised.length === 0; walkedM += 20) {
      story.sample(at(walkedM))
      if (walkedM >= 350) outsideAt ??= story.now()
      story.pass(20_000)
    }
    expect(story.raised).toHaveLength(1)
    expect((story.raised[0]?.at ?? 0) - (outsideAt ?? 0)).toBeLessThanOrEqual(90_000)
  })

  it('says how far, how exact, how long and where', () => {
    const story = elder()
    fixes(story, 20_000, at(0), at(350), at(350), at(350), at(350))
    expect(story.raised).toEqual([
      {
        kind: 'zone_exit',
        severity: 'high',
        at: story.now() - 20_000,
        lateMs: 0,
        evidence: {
          zoneId: 'home',
          zoneName: '家',
          reason: 'dwell',
          distanceM: 50,
          accuracyM: 10,
          source: 'gps',
          outsideForMs: 60_000,
          dwellMs: 60_000,
          fixes: 4,
          position: { ...placed(350), accuracyM: 10, source: 'gps' },
        },
      },
    ])
  })

  it('is critical for one who gets lost, also when that is learned while they are out', () => {
    expect(fixes(elder({ wandering: true }), MINUTE, at(0), at(900))).toBe(1)
    const story = elder()
    fixes(story, MINUTE, at(900), at(900))
    expect(story.change({ wandering: true })).toMatchObject([
      { severity: 'critical', evidence: { reason: 'worsened' } },
    ])
    fixes(story, MINUTE, at(900), at(900))
    expect(story.raised.map(({ severity }) => severity)).toEqual(['high', 'critical'])
  })

  it('is raised once, until the elder has been back', () => {
    const story = elder()
    const out = [at(400), at(420), at(440), at(460), at(480), at(480)]
    expect(fixes(story, 30_000, at(0), ...out)).toBe(1)
    expect(fixes(story, 30_000, ...out, ...out)).toBe(0)
    expect(fixes(story, 30_000, at(100), at(0), ...out)).toBe(1)
  })
})

describe('what makes an exit', () => {
  it.each<[string, readonly Telemetry[], number]>([
    ['three fixes over the dwell', [at(340), at(340), at(340)], 1],
    ['two are not enough', [at(340), at(340)], 0],
    ['not within twice the accuracy', Array(20).fill(at(340, { acc: 25 })), 0],
    [
      'but beyond it, also when inexact',
      [at(460, { acc: 50 }), at(460, { acc: 50 }), at(460, { acc: 50 })],
      1,
    ],
    ['or for long', Array(13).fill(at(420, { acc: 50 })), 1],
    ['but not for as short as an error lasts', Array(12).fill(at(420, { acc: 50 })), 0],
    ['one fix far outside and accurate', [at(1_000)], 1],
    ['far outside but inexact needs company', [at(1_000, { acc: 80 })], 0],
    ['one inside in between starts it anew', [at(340), at(340), at(290), at(340), at(340)], 0],
    ['one that is not sure leaves it standing', [at(340), at(340), at(310), at(340)], 1],
    ['cell towers alone never, however far', Array(50).fill(at(9_000, { src: 'lbs', acc: 800 })), 0],
    ['nor any other fix as coarse', Array(50).fill(at(9_000, { src: 'wifi', acc: 250 })), 0],
    ['nor towers that claim to be exact', Array(50).fill(at(9_000, { src: 'lbs', acc: 10 })), 0],
    [
      'towers support what a better fix began',
      [at(340), at(9_000, { src: 'lbs', acc: 800 }), at(9_000, { src: 'lbs', acc: 800 })],
      1,
    ],
    ['no fix at all is 0° N 0° E', Array(5).fill({ loc: { lat: 0, lon: 0, acc: 10 } }), 0],
  ])('%s', (_reason, samples, expected) => {
    expect(fixes(elder(), 30_000, ...samples)).toBe(expected)
  })

  it.each<[string, Extra, number, number]>([
    ['satellites', { src: 'gps' }, 340, 1],
    ['Wi-Fi', { src: 'wifi' }, 390, 0],
    ['Wi-Fi, further out', { src: 'wifi' }, 460, 1],
    ['cell towers', { src: 'lbs' }, 5_000, 0],
    ['who knows', {}, 490, 0],
    ['who knows, further out', {}, 610, 1],
  ])('without an accuracy, %s are taken for what they usually are', (_source, { src }, eastM, expected) => {
    const loc = { ...placed(eastM), ...(src && { src }) }
    expect(fixes(elder(), 30_000, { loc }, { loc }, { loc }, { loc })).toBe(expected)
  })

  it('takes the dwell of the zone', () => {
    const story = tell([zones], { zones: [circle({ dwellMs: 10 * MINUTE })] })
    expect(fixes(story, MINUTE, ...Array(10).fill(at(340)))).toBe(0)
    expect(fixes(story, MINUTE, at(340))).toBe(1)
  })

  it('is measured by when fixes were taken, not by when they came', () => {
    const story = elder()
    const found = [60_000, 30_000, 0].flatMap(lateMs => story.sample(at(340), lateMs))
    expect(found).toMatchObject([{ evidence: { outsideForMs: 60_000 } }])
  })

  it.each([
    ['gcj02', { lat: 37.511032, lon: 122.125057 }],
    ['bd09', { lat: 37.516936, lon: 122.131576 }],
  ] as const)('is judged in WGS-84, whatever the device speaks: %s', (datum, place) => {
    // Home as this datum has it; taken for WGS-84 it lies half a kilometre away, or more than one.
    const loc = { ...place, acc: 10, src: 'gps' } as const
    const small = { zones: [circle({ radiusM: 100 })] }
    expect(fixes(tell([zones], small), MINUTE, ...Array(5).fill({ loc: { ...loc, datum } }))).toBe(0)
    expect(fixes(tell([zones], small), MINUTE, ...Array(5).fill({ loc }))).toBe(1)
  })
})

describe('jumps', () => {
  it.each<[string, readonly Telemetry[], number]>([
    ['one far away and back is a glitch', [at(0), at(9_000), at(0), at(0)], 0],
    ['one that the next agrees with is a car', [at(0), at(9_000), at(9_100)], 1],
    ['glitches to different places', [at(0), at(9_000), at(-9_000), at(0), at(5_000), at(0)], 0],
    ['a train is fast in every fix', [at(0), at(3_000), at(6_000), at(9_000)], 1],
    ['a fast car is possible', [at(0), at(815)], 1],
  ])('%s', (_reason, samples, expected) => {
    expect(fixes(elder(), 20_000, ...samples)).toBe(expected)
  })
})

describe('late fixes', () => {
  it('say nothing against newer ones that are inside', () => {
    const story = elder()
    story.sample(at(0))
    for (const lateMs of [8, 6, 4, 2].map(minutes => minutes * MINUTE)) story.sample(at(900), lateMs)
    story.pass(MINUTE)
    expect(story.raised).toEqual([])
    expect(fixes(story, MINUTE, at(0), at(0))).toBe(0)
  })

  it('take their place among those that prove an exit, which is told at the next tick', () => {
    const story = elder()
    for (const lateMs of [80_000, 40_000, 0]) story.sample(at(lateMs === 80_000 ? 0 : 340), lateMs)
    expect(story.sample(at(340), 20_000)).toEqual([]) // between the second and the third; 40 s are no dwell yet
    expect(story.pass(20_000)).toEqual([])
    expect(story.sample(at(340))).toMatchObject([{ evidence: { fixes: 4, outsideForMs: 60_000 } }])

    const late = elder()
    for (const lateMs of [60_000, 0]) late.sample(at(340), lateMs)
    expect(late.sample(at(340), 30_000)).toEqual([])
    expect(late.pass(10_000)).toMatchObject([
      { kind: 'zone_exit', lateMs: 10_000, evidence: { reason: 'dwell', fixes: 3 } },
    ])
    expect(late.pass(5 * MINUTE)).toEqual([])
  })

  it('that were inside start an exit anew which newer ones had begun', () => {
    const story = elder()
    for (const lateMs of [60_000, 0]) story.sample(at(340), lateMs)
    expect(story.sample(at(280), 30_000)).toEqual([])
    expect(story.pass(20_000)).toEqual([])
    expect(fixes(story, 20_000, at(340))).toBe(0)
  })

  it.each([
    ['older than what an exit is counted from', 2 * HOUR],
    ['taken at the same time as a known one', 0],
  ])('are left out when they are %s', (_why, lateMs) => {
    const story = elder()
    for (let i = 0; i < 4; i++) {
      story.sample(at(i))
      story.pass(MINUTE)
    }
    story.sample(at(4))
    const before = JSON.stringify(story.states.get('zones'))
    story.sample(at(200), lateMs)
    expect(JSON.stringify(story.states.get('zones'))).toBe(before)
  })

  it('that are stale are told at the next tick, as late as they are, when nothing newer is known', () => {
    const story = elder()
    for (let lateMs = HOUR; lateMs > STALE_MS; lateMs -= MINUTE) story.sample(at(900), lateMs)
    const found = story.pass(MINUTE)
    expect(found).toMatchObject([{ kind: 'zone_exit', evidence: { reason: 'far' } }])
    expect(found[0]?.lateMs).toBeGreaterThan(STALE_MS)
    expect((found[0]?.at ?? 0) + (found[0]?.lateMs ?? 0)).toBe(story.now() - MINUTE + 10_000)
  })

  it('that are older than half an hour are not where the elder is now', () => {
    const story = elder()
    for (let lateMs = 3 * HOUR; lateMs > HOUR; lateMs -= MINUTE) story.sample(at(900), lateMs)
    expect(story.pass(MINUTE)).toEqual([])
    expect(fixes(story, MINUTE, at(900))).toBe(1)
  })

  it('that are stale raise nothing, and the first fresh one says that it still holds', () => {
    const story = elder()
    for (let lateMs = HOUR; lateMs > STALE_MS; lateMs -= MINUTE) story.sample(at(900), lateMs)
    expect(story.raised).toEqual([])
    expect(story.sample(at(900))).toMatchObject([
      { lateMs: 0, evidence: { reason: 'far', outsideForMs: HOUR } },
    ])
  })

  it('that are stale and followed by one at home raise nothing at all', () => {
    const story = elder()
    for (let lateMs = HOUR; lateMs > STALE_MS; lateMs -= MINUTE) story.sample(at(900), lateMs)
    expect(fixes(story, MINUTE, at(0), at(0))).toBe(0)
  })
})

describe('several zones', () => {
  const park = circle({ id: 'park', name: '公园', eastM: 1_000 })
  const district = circle({ id: 'district', residentId: null, areaId: 'street-1', radiusM: 5_000 })

  it.each<[string, Parameters<typeof tell>[1], readonly Telemetry[], readonly string[]]>([
    ['from home to the park is no alarm', { zones: [circle(), park] }, [at(0), at(900), at(1_000)], []],
    [
      'out of both is one, and the nearest is named',
      { zones: [circle(), park] },
      [at(0), at(2_000)],
      ['park'],
    ],
    [
      'leaving home inside the district is one',
      { zones: [circle(), district] },
      [at(0), at(1_000)],
      ['home'],
    ],
    [
      'leaving both is one of each',
      { zones: [circle(), district] },
      [at(0), at(1_000), at(2_000), at(4_000), at(5_600)],
      ['home', 'district'],
    ],
  ])('%s', (_reason, context, samples, expected) => {
    const story = tell([zones], context)
    fixes(story, MINUTE, ...samples)
    expect(story.raised.map(({ evidence }) => evidence.zoneId)).toEqual(expected)
  })

  it('an area that has the id of the elder has a fence of its own', () => {
    const namesake = { ...district, areaId: 'elder' }
    const story = tell([zones], { zones: [circle(), namesake] })
    fixes(story, MINUTE, at(0), at(1_000), at(2_000), at(4_000), at(5_600))
    expect(story.raised.map(({ evidence }) => evidence.zoneId)).toEqual(['home', 'district'])
  })

  it('stays quiet in a hole only when it is not one', () => {
    const [lonM, latM] = [HOME.lon, HOME.lat]
    const square = (half: number): [number, number][] => [
      [lonM - half, latM - half],
      [lonM + half, latM - half],
      [lonM + half, latM + half],
      [lonM - half, latM + half],
    ]
    const lake = circle({ shape: { polygon: [square(0.02), square(0.01)] } })
    const samples = Array(5).fill(at(0))
    expect(fixes(tell([zones], { zones: [lake] }), MINUTE, ...samples)).toBe(1)
    const meadow = circle({ shape: { polygon: [square(0.02)] } })
    expect(fixes(tell([zones], { zones: [meadow] }), MINUTE, ...samples)).toBe(0)
  })
})

describe('zones that change', () => {
  it('an elder who is already outside when the zone is drawn is missed at once', () => {
    const story = tell([zones])
    fixes(story, MINUTE, at(340), at(340), at(340))
    const found = story.change({ zones: [circle()] })
    expect(found).toMatchObject([
      {
        kind: 'zone_exit',
        at: story.now(),
        lateMs: 0,
        evidence: { reason: 'dwell', fixes: 3, fixAgeMs: MINUTE },
      },
    ])
    expect(story.change({ zones: [circle()] })).toEqual([])
    expect(fixes(story, MINUTE, at(340), at(340), at(340))).toBe(0)
  })

  it('one fix is known, far away: that is enough here as well', () => {
    const story = tell([zones])
    fixes(story, MINUTE, at(2_000))
    expect(story.change({ zones: [circle()] })).toHaveLength(1)
  })

  it('one fix is known, not far: the next ones complete it', () => {
    const story = tell([zones])
    fixes(story, MINUTE, at(340))
    expect(story.change({ zones: [circle()] })).toEqual([])
    expect(fixes(story, MINUTE, at(340), at(340))).toBe(1)
  })

  it.each([
    ['of half an hour ago is where they are', NOW_WITHIN_MS, 1],
    ['older than that is not', NOW_WITHIN_MS + 1, 0],
  ])('a last fix %s', (_reason, ageMs, expected) => {
    const story = tell([zones])
    story.sample(at(2_000))
    story.pass(ageMs)
    expect(story.change({ zones: [circle()] })).toHaveLength(expected)
    expect(fixes(story, MINUTE, at(2_000))).toBe(1 - expected) // it is only later, not never
  })

  it('a smaller zone counts from now on; a larger one takes the exit back', () => {
    const story = elder()
    fixes(story, MINUTE, at(200), at(200), at(200))
    expect(story.change({ zones: [circle({ radiusM: 100 })] })).toHaveLength(1)
    expect(story.change({ zones: [circle({ radiusM: 400 })] })).toEqual([])
    expect(story.change({ zones: [circle({ radiusM: 100 })] })).toHaveLength(1)
  })

  it('a zone that is deleted and drawn again is another zone', () => {
    const story = elder()
    fixes(story, MINUTE, at(900))
    expect(story.change({ zones: [] })).toEqual([])
    expect(story.change({ zones: [circle({ id: 'home-2' })] })).toMatchObject([
      { evidence: { zoneId: 'home-2' } },
    ])
    expect(story.change({ zones: [circle({ id: 'home-3' })] })).toMatchObject([
      { evidence: { zoneId: 'home-3' } },
    ])
  })

  it('a change of something else raises nothing and delays nothing', () => {
    const story = elder()
    fixes(story, 30_000, at(0), at(340), at(340))
    expect(story.change({ wandering: true })).toEqual([])
    expect(fixes(story, 30_000, at(340))).toBe(1)
  })

  it('one who was out of a wider zone for a while was out of a narrower one as well; of a wider one nobody knows', () => {
    const slow = { dwellMs: 10 * MINUTE }
    const story = tell([zones], { zones: [circle(slow)] })
    fixes(story, MINUTE, ...Array(9).fill(at(340)))
    expect(story.change({ zones: [circle({ ...slow, radiusM: 290 })] })).toEqual([])
    expect(fixes(story, MINUTE, at(340), at(340))).toBe(1)
    const other = tell([zones], { zones: [circle(slow)] })
    fixes(other, MINUTE, ...Array(9).fill(at(340)))
    expect(other.change({ zones: [circle({ ...slow, radiusM: 310 })] })).toEqual([])
    expect(fixes(other, MINUTE, at(340), at(340))).toBe(0)
  })

  it('a shorter dwell is over at once', () => {
    const story = tell([zones], { zones: [circle({ dwellMs: 10 * MINUTE })] })
    fixes(story, MINUTE, ...Array(5).fill(at(340)))
    expect(story.change({ zones: [circle()] })).toMatchObject([
      { evidence: { reason: 'dwell', dwellMs: MINUTE } },
    ])
  })

  it('the next wearer does not start where the last one was', () => {
    const story = tell([zones], { residentId: 'former' })
    fixes(story, MINUTE, at(2_000), at(2_000))
    expect(story.change({ residentId: 'elder', zones: [circle()] })).toEqual([])
    expect(story.states.size).toBe(0)
  })

  it('a device that was heard before it was assigned does', () => {
    const story = tell([zones], { residentId: null })
    fixes(story, MINUTE, at(2_000))
    expect(story.change({ residentId: 'elder', zones: [circle()] })).toHaveLength(1)
  })
})

describe('coming back', () => {
  it('to a zone smaller than the accuracy is noticed as well, and the next exit is raised', () => {
    const story = tell([zones], { zones: [circle({ radiusM: 40 })] })
    expect(fixes(story, 30_000, at(900))).toBe(1)
    fixes(story, 5 * MINUTE, at(10, { acc: 60 }), at(20, { acc: 60 }), at(5, { acc: 60 }), at(5, { acc: 60 }))
    expect(fixes(story, 30_000, at(900))).toBe(1)
  })
})
