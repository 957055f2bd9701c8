// What people may write, and what becomes of what devices write.

import { describe, expect, test } from 'vitest'
import { nameSchema, storable, textSchema } from '../../model/text.ts'

describe('a text of people', () => {
  test.each([
    ['', 'nothing is a text'],
    ['  两层楼\n门码 1234 ', 'blanks and lines stay'],
    ['👵🏻', 'a whole character of two units'],
  ])('%j is taken: %s', text => {
    expect(textSchema(20).parse(text)).toBe(text)
  })

  test.each([
    ['a\0b', 'NUL'],
    ['\ud83d', 'the first half of a character'],
    ['\udc75 x', 'the second half'],
    ['x'.repeat(21), 'too long'],
  ])('%j is refused: %s', text => {
    expect(textSchema(20).safeParse(text).success).toBe(false)
  })
})

describe('a name', () => {
  test('is taken without the blanks around it', () => {
    expect(nameSchema.parse('\u3000李 秀英 ')).toBe('李 秀英')
  })

  test.each([
    ['', 'must not be blank'],
    ['   ', 'must not be blank'],
    ['\u3000\t\n', 'must not be blank'],
    ['李\0', 'must not hold NUL or half of a character'],
    ['\ud83d', 'must not hold NUL or half of a character'],
  ])('%j is refused: it %s', (name, message) => {
    expect(nameSchema.safeParse(name).error?.issues.map(issue => issue.message)).toEqual([message])
  })
})

test('what a device wrote is kept, with U+FFFD for what cannot be stored', () => {
  expect(storable('救\0命 \ud83d 👵')).toBe('救\ufffd命 \ufffd 👵')
})
