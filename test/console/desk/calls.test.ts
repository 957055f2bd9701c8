import { describe, expect, it } from 'vitest'
import { type Calls, callsAfter, NO_CALLS, poppedUp } from '../../../console/desk/calls.ts'
import type { DeskEvent } from '../../../console/desk/desk.ts'
import type { Call } from '../../../model/call.ts'
import { callOf, WANG, ZHANG } from './given.ts'

const told = (given: Partial<Call> = {}): DeskEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'call', ...callOf(given) },
})
const after = (...events: DeskEvent[]): Calls => events.reduce(callsAfter, NO_CALLS)
const shown = (...events: DeskEvent[]) => poppedUp(after(...events), ZHANG.id).map(({ call }) => call.state)
const live: DeskEvent = { type: 'link', link: { state: 'live' } }

describe('what pops up at the desk', () => {
  const ROWS: { reason: string; events: DeskEvent[]; states: Call['state'][] }[] = [
    { reason: 'what rings', events: [told()], states: ['ringing'] },
    {
      reason: 'what I speak on',
      events: [told(), told({ state: 'answered', owner: ZHANG })],
      states: ['answered'],
    },
    {
      reason: 'not what a colleague has answered',
      events: [told(), told({ state: 'answered', owner: WANG })],
      states: [],
    },
    {
      reason: 'that mine was hung up',
      events: [told(), told({ state: 'ended', owner: ZHANG, durationMs: 3_000 })],
      states: ['ended'],
    },
    { reason: 'that nobody answered', events: [told({ state: 'missed' })], states: ['missed'] },
    { reason: 'nothing of what was over before', events: [told({ state: 'ended' })], states: [] },
    {
      reason: 'nothing of what was put away, whatever becomes of it',
      events: [told(), { type: 'callDismissed', id: 'call_1' }, told({ state: 'missed' })],
      states: [],
    },
    { reason: 'nothing of what rang before the line broke', events: [told(), live], states: [] },
    {
      reason: 'what was missed, still, when the line is back',
      events: [told({ state: 'missed' }), live],
      states: ['missed'],
    },
    {
      reason: 'what rings before what I speak on',
      events: [told({ id: 'a', state: 'answered', owner: ZHANG }), told({ id: 'b', startedAt: 9_000 })],
      states: ['ringing', 'answered'],
    },
  ]
  it.each(ROWS)('$reason', ({ events, states }) => {
    expect(shown(...events)).toEqual(states)
  })
})
