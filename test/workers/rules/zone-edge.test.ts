// A band on a bedside table at the edge of a fence: nights of correlated errors.

import { describe, expect, it } from 'vitest'
import { placed } from './story.ts'
import { at, elder, fixes, HOUR, MINUTE } from './walk.ts'

describe('a still device at the edge of a fence', () => {
  /** Nights of ten hours with a fix every `everyMs`; errors are correlated over three minutes and as large as stated. */
  function nights(count: number, { eastM, everyMs }: { eastM: number; everyMs: number }): number[] {
    const noise = noiseFrom(20_270_301)
    const keep = Math.exp(-everyMs / (3 * MINUTE))
    return Array.from({ length: count }, () => {
      const story = elder()
      let [east, north] = [noise(), noise()]
      for (let passed = 0; passed < 10 * HOUR; passed += everyMs) {
        east = keep * east + Math.sqrt(1 - keep * keep) * noise()
        north = keep * north + Math.sqrt(1 - keep * keep) * noise()
        const acc = 20
        const sigmaM = acc / 1.51 // 68 % of a two-dimensional normal error lie within 1.51 standard deviations
        story.sample({ loc: { ...placed(eastM + east * sigmaM, north * sigmaM), acc, src: 'gps' } })
        story.pass(everyMs)
      }
      return story.raised.length
    })
  }

  it.each([
    ['on it, a fix every 20 s', { eastM: 300, everyMs: 20_000 }, 10],
    ['on it, a fix a minute', { eastM: 300, everyMs: MINUTE }, 10],
    ['just inside', { eastM: 290, everyMs: 20_000 }, 10],
  ])('does not flap: %s', (_where, place, count) => {
    const exits = nights(count, place)
    expect(Math.max(...exits)).toBeLessThanOrEqual(1)
    expect(exits.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(count / 2)
  })

  it('is raised, once, when it lies outside', () => {
    expect(nights(3, { eastM: 370, everyMs: 20_000 })).toEqual([1, 1, 1])
  })

  it('asks for more after it was refuted, but never for ever', () => {
    const story = elder()
    const nearly = [at(325), at(325), at(290)] // outside, outside, inside after all
    expect(fixes(story, 30_000, ...nearly, ...nearly, ...nearly)).toBe(0)
    expect(fixes(story, 30_000, ...Array(10).fill(at(325)))).toBe(0) // five minutes
    expect(fixes(story, 30_000, ...Array(30).fill(at(325)))).toBe(1) // twenty
  })

  it('asks for no more of one who walks away', () => {
    const story = elder()
    const nearly = [at(325), at(325), at(290)]
    fixes(story, 30_000, ...nearly, ...nearly, ...nearly)
    expect(fixes(story, 20_000, at(330), at(350), at(370), at(390))).toBe(1)
  })
})

/** Normally distributed numbers, always the same. */
function noiseFrom(seed: number): () => number {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
}
