import { describe, expect, it } from 'vitest'
import {
  type AcceptKey,
  type Aim,
  createAcceptKey,
  SETTLE_MS,
  slips,
} from '../../../console/desk/accept-key.ts'

const clocked = (): { key: AcceptKey; pass(ms: number): void } => {
  let now = 0
  return {
    key: createAcceptKey({ now: () => now }),
    pass(ms) {
      now += ms
    },
  }
}

describe('where the accept key points', () => {
  const ROWS: { reason: string; before: Aim; after: Aim; slipped: boolean }[] = [
    {
      reason: 'a colleague took the one that is read: the top one is another',
      before: { takesId: 'x', readId: 'x' },
      after: { takesId: 'y', readId: 'x' },
      slipped: true,
    },
    {
      reason: 'the one that is read was the last: what comes next is not meant either',
      before: { takesId: 'x', readId: 'x' },
      after: { takesId: undefined, readId: 'x' },
      slipped: true,
    },
    {
      reason: 'the operator opened another one',
      before: { takesId: 'x', readId: 'x' },
      after: { takesId: 'y', readId: 'y' },
      slipped: false,
    },
    {
      reason: 'the operator closed it',
      before: { takesId: 'x', readId: 'x' },
      after: { takesId: 'y', readId: undefined },
      slipped: false,
    },
    {
      reason: 'the first alarm after a quiet hour',
      before: { takesId: undefined, readId: undefined },
      after: { takesId: 'x', readId: undefined },
      slipped: false,
    },
    {
      reason: 'nothing is read: the key means the top, whichever that is',
      before: { takesId: 'x', readId: undefined },
      after: { takesId: 'y', readId: undefined },
      slipped: false,
    },
  ]
  it.each(ROWS)('$reason', ({ before, after, slipped }) => {
    expect(slips(before, after)).toBe(slipped)
  })
})

describe('a press that accepts', () => {
  it('is not meant for another alarm just after the one that was read has been taken', () => {
    const { key, pass } = clocked()
    key.aimed({ takesId: 'x', readId: 'x' })
    pass(5_000)
    key.aimed({ takesId: 'y', readId: 'x' })
    pass(100)
    expect(key.mayTake('key')).toBe(false)
    expect(key.mayTake('hand')).toBe(true) // the button of one row means that row
    pass(SETTLE_MS)
    expect(key.mayTake('key')).toBe(true)
  })

  it('is the second half of a double press just after an accept', () => {
    const { key, pass } = clocked()
    expect(key.mayTake('key')).toBe(true)
    key.answered()
    pass(250)
    expect(key.mayTake('key')).toBe(false)
    expect(key.mayTake('hand')).toBe(false) // the next row has moved under the pointer
    pass(SETTLE_MS)
    expect(key.mayTake('key')).toBe(true)
  })

  it('takes the top one while that changes all the time', () => {
    const { key, pass } = clocked()
    for (const takesId of ['a', 'b', 'c']) {
      key.aimed({ takesId, readId: undefined })
      pass(50)
    }
    expect(key.mayTake('key')).toBe(true)
  })
})
