// The clock of the hub was ahead and is set right: what was taken meanwhile must not make all that follows look old.

import { expect, it } from 'vitest'
import { checkIn } from '../../../workers/rules/check-in.ts'
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

it('the daily check-in is asked for again on the day that it is', () => {
  const story = tell([checkIn], { timeZone: 'UTC', checkInBy: '12:00', areaId: 'home' })
  story.change({})
  story.setBack(-4 * DAY)
  story.event({ kind: 'check_in' })
  story.setBack(4 * DAY)
  story.pass(2 * DAY)
  const missed = story.raised.flatMap(({ ended, evidence }) => (ended ? [] : [evidence.day]))
  expect(missed).toEqual(['2027-03-01', '2027-03-02'])
})

it.each(['Europe/Berlin', 'Asia/Shanghai', 'America/New_York'])(
  'and one that was given early for the next day is not asked for twice, in %s',
  timeZone => {
    for (const checkInBy of ['23:30', '24:00']) {
      const story = tell([checkIn], { timeZone, checkInBy, areaId: 'home' })
      story.change({})
      for (let day = 0; day < 40; day++) {
        story.event({ kind: 'check_in' })
        story.pass(DAY)
      }
      expect(story.raised.filter(({ ended }) => !ended)).toEqual([])
    }
  },
)
