// One whose way leads out: what fixes of all sources say together where no single one is clear.

import { describe, expect, it } from 'vitest'
import { at, elder, fixes, MINUTE } from './walk.ts'

const wifi = { acc: 40, src: 'wifi' } as const
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
