// The clock of the hub was ahead and is set right: what was taken meanwhile must not make all that follows look old.

import { expect, it } from 'vitest'
import { noMovement } from '../../../workers/rules/no-movement.ts'
import { vitals } from '../../../workers/rules/vitals.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { circle, tell } from './story.ts'
import { at, fixes, HOUR, MINUTE } from './walk.ts'

const DAY = 24 * HOUR

it('an elder who leaves is missed', () => {
  const story = tell([zones], { zones: [circle()] })
  fixes(story, MINUTE, at(0), at(0))
  story.setBack(DAY)
  expect(fixes(story, 20_000, at(0), at(350), at(350), at(350), at(350))).toBe(1)
})

it('a pulse that is too fast is told, and one that was told is not told again', () => {
  const story = tell([vitals])
  const race = () => {
    story.pass(20_000)
    return story.sample({ vitals: { hr: 150 } }).map(({ severity }) => severity)
  }
  story.sample({ vitals: { hr: 70 } })
  story.setBack(DAY)
  expect([race(), race(), race()]).toEqual([[], ['high'], []])
  story.setBack(DAY)
  expect([race(), race(), race()]).toEqual([[], [], []])
})

it('an elder who does not move is told of', () => {
  const story = tell([noMovement], { timeZone: 'UTC', waking: { from: '07:00', to: '21:00' } })
  const lie = (forMs: number) => {
    for (let passedMs = 0; passedMs < forMs; passedMs += 5 * MINUTE) {
      story.sample({ steps: 500, worn: true })
      story.pass(5 * MINUTE)
    }
  }
  lie(HOUR)
  story.setBack(DAY)
  lie(4 * HOUR)
  expect(story.raised.map(({ kind }) => kind)).toEqual(['no_movement'])
})
