// What fixes of different exactness say together about an exit.

import { describe, expect, it } from 'vitest'
import type { Telemetry } from '../../../model/telemetry.ts'
import { at, elder, fixes } from './walk.ts'

const wifi = (eastM: number) => at(eastM, { src: 'wifi', acc: 60 })
const tower = (eastM: number) => at(eastM, { src: 'lbs', acc: 800 })

describe('one exact fix that is clear of the edge', () => {
  it.each<[string, readonly Telemetry[], number]>([
    ['and two inexact ones that agree', [at(290), wifi(320), wifi(350), at(400)], 1],
    ['alone', [at(290), tower(300), tower(300), tower(300), at(400)], 0],
    ['that is not clear enough', [at(290), wifi(320), wifi(350), at(325)], 0],
    ['against an inexact one a little inside', [at(290), at(350), wifi(270), wifi(340), at(400)], 1],
    ['against an exact one inside', [at(290), at(350), at(280), wifi(340), at(400)], 0],
    [
      'against three inexact ones inside',
      [at(350), wifi(270), wifi(270), wifi(270), wifi(320), wifi(320)],
      0,
    ],
    ['that towers contradict, which know nothing', [at(290), at(340), tower(-900), at(360), wifi(370)], 1],
    ['before which nothing was exact', [wifi(250), wifi(330), wifi(340), wifi(330)], 0],
  ])('%s', (_what, samples, expected) => {
    expect(fixes(elder(), 30_000, ...samples)).toBe(expected)
  })

  it('says since when the elder is out, and how many fixes say so', () => {
    const story = elder()
    fixes(story, 30_000, at(290), wifi(320), wifi(350), at(400))
    expect(story.raised).toMatchObject([{ evidence: { reason: 'clear', fixes: 3 } }])
    // A third of the way from 10 m inside to 20 m outside, which took half a minute.
    expect(Number(story.raised[0]?.evidence.outsideForMs) / 1_000).toBeCloseTo(80, 0)
  })
})
