import { describe, expect, it } from 'vitest'
import { justTaken, newAtTop } from '../../../console/desk/reveal-top.ts'
import { acceptedBy, alarmOf, ZHANG } from './given.ts'

const [first, second] = [alarmOf({ id: 'a' }), alarmOf({ id: 'b', alertedAt: 2_000 })]

describe('the list is scrolled up', () => {
  it.each([
    { reason: 'for a new alarm at its top', before: [second], after: [first, second], up: true },
    {
      reason: 'for one that alerts anew',
      before: [first],
      after: [{ ...first, alertedAt: 3_000 }],
      up: true,
    },
    { reason: 'not for one that moves up', before: [first, second], after: [second], up: false },
    { reason: 'not for one below', before: [first], after: [first, second], up: false },
    { reason: 'not for an empty one', before: [first], after: [], up: false },
  ])('$reason', ({ before, after, up }) => {
    expect(newAtTop(before, after)).toBe(up)
  })

  it('when the alarm that is read was taken, and not when one is read that was', () => {
    const taken = acceptedBy(ZHANG, { id: 'a' })
    expect(justTaken([first, second], [second, taken], 'a')).toBe(true)
    expect(justTaken([first, second], [second, taken], 'b')).toBe(false)
    expect(justTaken([second, taken], [second, taken], 'a')).toBe(false)
  })
})
