// What people may send along with what they do about an alarm, and what is refused by its field.

import { expect, test } from 'vitest'
import { alarmActionSchema, WORK_BODIES } from '../../model/alarm-deeds.ts'

test.each([1, 2, 3, 4, 5])('a follow-up has the mark %i', mark => {
  expect(alarmActionSchema.parse({ mark })).toEqual({ mark })
})

test.each<[body: object, path: string, why: string]>([
  [{ mark: 0 }, 'mark', 'below the scale'],
  [{ mark: 6 }, 'mark', 'above it'],
  [{ mark: 2.5 }, 'mark', 'between two marks'],
  [{ mark: '5' }, 'mark', 'a text'],
  [{ disposition: 'vanished' }, 'disposition', 'no disposition'],
  [{ disposition: '' }, 'disposition', 'none said'],
  [{ seenSeq: -1 }, 'seenSeq', 'no place of the feed'],
  [{ text: 'a\0b' }, 'text', 'cannot be stored'],
])('%j is refused at %s: %s', (body, path) => {
  const { error } = alarmActionSchema.safeParse(body)
  expect(error?.issues.map(issue => issue.path.join('.'))).toEqual([path])
})

test('nothing else is taken along, so that a misspelt field is not thought to be heard', () => {
  expect(alarmActionSchema.safeParse({ dispositon: 'hospital' }).success).toBe(false)
})

test.each([
  ['120', true],
  ['110', true],
  ['119', true],
  ['112', false],
])('a hand-over to %s: %s', (service, isTaken) => {
  expect(WORK_BODIES.hand_over.safeParse({ service }).success).toBe(isTaken)
})
