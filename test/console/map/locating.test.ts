import { describe, expect, it } from 'vitest'
import { ANSWER_WITHIN_MS, type Asked, canBeAsked, locatingOf } from '../../../console/map/locating.ts'

const NOW = 1_000_000
const asked: Asked = { is: 'asked', at: NOW, since: 500 }
const LATE = NOW + ANSWER_WITHIN_MS

describe('a device that was asked where it is', () => {
  it.each([
    [{ is: 'not' }, 500, NOW, 'can_ask', 'nobody has asked'],
    [{ is: 'sending' }, 500, NOW, 'waiting', 'the question is on its way'],
    [{ is: 'failed' }, 500, NOW, 'not_sent', 'the hub did not take it'],
    [asked, 500, LATE - 1, 'waiting', 'it may still answer'],
    [asked, 500, LATE, 'no_answer', 'nobody waits for ever'],
    [asked, 900, NOW + 5_000, 'can_ask', 'a newer position is the answer'],
    [asked, 900, LATE + 5_000, 'can_ask', 'also a late one'],
    [{ is: 'asked', at: NOW, since: undefined }, undefined, LATE, 'no_answer', 'it never told a place'],
    [{ is: 'asked', at: NOW, since: undefined }, 900, LATE, 'can_ask', 'its first place is an answer'],
  ] as const)('%j, last place of %s, at %i: %s, for %s', (state, since, now, expected, _reason) => {
    expect(locatingOf(state, since, now)).toBe(expected)
  })

  it('is none where an alarm was called in', () => {
    expect([canBeAsked('bracelet-1'), canBeAsked('unknown')]).toEqual([true, false])
  })
})
