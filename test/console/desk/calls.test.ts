import { describe, expect, it } from 'vitest'
import { type Calls, callKeys, callsAfter, NO_CALLS, poppedUp } from '../../../console/desk/calls.ts'
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
const putAway: DeskEvent = { type: 'callDismissed', id: 'call_1' }
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
      events: [told(), putAway, told({ state: 'answered' }), told({ state: 'ended', owner: ZHANG })],
      states: [],
    },
    {
      reason: 'that nobody answered what was put away while it rang',
      events: [told(), putAway, told({ state: 'missed' })],
      states: ['missed'],
    },
    {
      reason: 'a missed one that was put away no more',
      events: [told(), putAway, told({ state: 'missed' }), putAway, told({ state: 'missed' })],
      states: [],
    },
    { reason: 'nothing of what rang before the line broke', events: [told(), live], states: [] },
    {
      reason: 'what was missed, still, when the line is back',
      events: [told({ state: 'missed' }), live],
      states: ['missed'],
    },
    {
      reason: 'what I speak on before what begins to ring',
      events: [told({ id: 'b', startedAt: 500 }), told({ id: 'a', state: 'answered', owner: ZHANG })],
      states: ['answered', 'ringing'],
    },
    {
      reason: 'what rings before what I have ended',
      events: [
        told({ id: 'a' }),
        told({ id: 'a', state: 'ended', owner: ZHANG }),
        told({ id: 'b', startedAt: 9_000 }),
      ],
      states: ['ringing', 'ended'],
    },
  ]
  it.each(ROWS)('$reason', ({ events, states }) => {
    expect(shown(...events)).toEqual(states)
  })
})

describe('the keys of calls', () => {
  const mine = told({ id: 'mine', state: 'answered', owner: ZHANG })
  const rings = told({ id: 'rings', startedAt: 9_000 })
  const ROWS: { reason: string; events: DeskEvent[]; takes?: string; others?: string }[] = [
    { reason: 'all mean what rings', events: [rings], takes: 'rings', others: 'rings' },
    { reason: 'all but the taking mean what I speak on', events: [mine], others: 'mine' },
    {
      reason: 'a call that begins to ring takes only the taking',
      events: [mine, rings],
      takes: 'rings',
      others: 'mine',
    },
    {
      reason: 'one that I have taken is mine before it is answered',
      events: [told({ id: 'mine', owner: ZHANG, startedAt: 9_500 }), rings],
      takes: 'rings',
      others: 'mine',
    },
    {
      reason: 'what I have ended gives them back',
      events: [mine, told({ id: 'mine', state: 'ended', owner: ZHANG }), rings],
      takes: 'rings',
      others: 'rings',
    },
    {
      reason: 'a missed one is taken after what rings',
      events: [told({ id: 'missed', state: 'missed' }), rings],
      takes: 'rings',
      others: 'rings',
    },
  ]
  it.each(ROWS)('$reason', ({ events, takes, others }) => {
    const keys = callKeys(poppedUp(after(...events), ZHANG.id), ZHANG.id)
    expect(keys).toEqual({ takesId: takes, othersId: others })
  })
})
