// The lifecycle's table, row by row as docs/alarms.md has it, and what it refuses.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Actor,
  type Deed,
  HUB,
  type Refusal,
  type Standing,
  TRANSITIONS,
  transition,
} from '../../alerts/lifecycle.ts'
import { ACTIONS, INCIDENT_CLASSES, INCIDENT_STATES, type IncidentState, WORK } from '../../model/incident.ts'
import { ROLES } from '../../model/user.ts'

const chen: Actor = { userId: 'chen', role: 'operator' }
const liu: Actor = { userId: 'liu', role: 'operator' }
const song: Actor = { userId: 'song', role: 'supervisor' }
const admin: Actor = { userId: 'root', role: 'admin' }
const he: Actor = { userId: 'he', role: 'responder' }
const ear: Actor = { userId: 'ear', role: 'auditor' }

type Doer = Actor | typeof HUB

const at = (
  state: IncidentState,
  ownerId: string | null,
  cls: Standing['class'] = 'emergency',
): Standing => ({
  state,
  ownerId,
  class: cls,
})

describe('allowed', () => {
  test.each<[Standing, Deed, Doer, IncidentState, string | null, string]>([
    [at('raised', null), 'accept', chen, 'accepted', 'chen', 'an operator takes it'],
    [at('raised', null), 'accept', song, 'accepted', 'song', 'a supervisor may as well'],
    [at('raised', null), 'accept', admin, 'accepted', 'root', 'an administrator is a supervisor here'],
    [at('dispatched', null), 'accept', liu, 'dispatched', 'liu', 'its owner lapsed; the work goes on'],
    [at('arrived', null), 'accept', liu, 'arrived', 'liu', 'its owner lapsed; the work goes on'],
    [at('accepted', 'chen'), 'accept', chen, 'accepted', 'chen', 'again: acknowledges a re-alert'],
    [at('accepted', 'chen'), 'takeover', song, 'accepted', 'song', 'a supervisor takes over'],
    [at('arrived', 'chen'), 'takeover', admin, 'arrived', 'root', 'in any open state'],
    [at('raised', null), 'takeover', song, 'accepted', 'song', 'what is nobody’s is accepted'],
    [at('accepted', 'chen'), 'release', chen, 'raised', null, 'back to the queue'],
    [at('dispatched', 'chen'), 'release', chen, 'dispatched', null, 'somebody is on the way all the same'],
    [at('accepted', 'chen'), 'lapse', HUB, 'raised', null, 'the browser died'],
    [at('arrived', 'chen'), 'lapse', HUB, 'arrived', null, 'the browser died'],
    [at('accepted', 'chen'), 'dispatch', chen, 'dispatched', 'chen', 'a responder is sent'],
    [at('dispatched', 'chen'), 'arrive', chen, 'arrived', 'chen', 'the owner hears of it'],
    [at('dispatched', 'chen'), 'arrive', he, 'arrived', 'chen', 'the responder says it'],
    [at('dispatched', null), 'arrive', he, 'arrived', null, 'also when nobody listens'],
    [at('dispatched', 'chen'), 'dispatch', chen, 'dispatched', 'chen', 'one more is sent'],
    [at('arrived', 'chen'), 'dispatch', chen, 'arrived', 'chen', 'who is there stays there'],
    [at('dispatched', 'chen'), 'nobody_comes', HUB, 'accepted', 'chen', 'the last one cannot come'],
    [at('dispatched', null), 'nobody_comes', HUB, 'raised', null, 'and nobody has it'],
    [at('accepted', 'chen'), 'hand_over', chen, 'accepted', 'chen', 'the ambulance has it'],
    [at('resolved', 'chen'), 'call', liu, 'resolved', 'chen', 'the follow-up'],
    [at('arrived', 'chen'), 'tick', chen, 'arrived', 'chen', 'a step is done'],
    [at('accepted', 'chen'), 'shift', liu, 'accepted', 'liu', 'handed on with the shift'],
    [at('raised', null), 'shift', liu, 'accepted', 'liu', 'its owner has left already'],
    [at('accepted', 'chen'), 'resolve', chen, 'resolved', 'chen', 'its owner ends it'],
    [at('dispatched', null), 'resolve', song, 'resolved', null, 'a supervisor ends what nobody owns'],
    [at('arrived', 'chen'), 'resolve', song, 'resolved', 'chen', 'or what somebody owns'],
    [at('resolved', 'chen'), 'reopen', liu, 'accepted', 'liu', 'it was not over'],
    [at('resolved', 'chen'), 'close', liu, 'closed', 'chen', 'the follow-up call is made'],
    [at('arrived', 'chen'), 'note', chen, 'arrived', 'chen', 'in any open state'],
    [at('raised', null, 'technical'), 'condition_end', HUB, 'closed', null, 'clears itself'],
    [at('raised', null), 'outage_end', HUB, 'closed', null, 'an area is heard again'],
  ])('%j %s by %j → %s, owned by %s: %s', (incident, action, actor, state, ownerId, _reason) => {
    expect(transition(incident, action, actor)).toEqual({ state, ownerId })
  })
})

describe('refused', () => {
  test.each<[Standing, Deed, Doer, Refusal, string]>([
    [at('accepted', 'chen'), 'accept', liu, 'taken', 'somebody has it'],
    [at('dispatched', 'chen'), 'accept', song, 'taken', 'a supervisor takes over instead'],
    [at('accepted', 'chen'), 'takeover', liu, 'role', 'only supervisors take over'],
    [at('accepted', 'chen'), 'release', liu, 'taken', 'not theirs to give'],
    [at('accepted', 'chen'), 'dispatch', song, 'taken', 'take over first'],
    [at('raised', null), 'dispatch', chen, 'state', 'accept first'],
    [at('dispatched', null), 'arrive', chen, 'state', 'accept first: it lapsed'],
    [at('raised', null), 'resolve', song, 'state', 'nobody has looked at it'],
    [at('dispatched', 'chen'), 'resolve', liu, 'taken', 'not theirs'],
    [at('dispatched', null), 'resolve', liu, 'state', 'accept first'],
    [at('closed', 'chen'), 'reopen', song, 'state', 'closed is closed'],
    [at('resolved', 'chen'), 'note', chen, 'state', 'it is over'],
    [at('raised', null), 'close', song, 'state', 'resolve first'],
    [at('accepted', 'chen'), 'nobody_comes', HUB, 'state', 'nobody was sent'],
    [at('arrived', 'chen'), 'nobody_comes', HUB, 'state', 'somebody is there'],
    [at('accepted', 'chen'), 'tick', liu, 'taken', 'not theirs'],
    [at('raised', null), 'call', chen, 'state', 'accept first'],
    [at('raised', null), 'accept', he, 'role', 'a responder is sent, not asked'],
    [at('raised', null), 'accept', ear, 'role', 'an auditor only reads'],
    [at('accepted', 'chen'), 'accept', ear, 'role', 'whoever has it'],
    [at('raised', null), 'condition_end', HUB, 'state', 'an emergency never ends by itself'],
    [at('accepted', 'chen', 'technical'), 'condition_end', HUB, 'state', 'somebody works on it'],
    [at('accepted', 'chen'), 'outage_end', HUB, 'state', 'somebody works on it'],
    [at('raised', null), 'outage_end', song, 'role', 'only the hub counts devices'],
    [at('accepted', 'chen'), 'lapse', song, 'role', 'only the hub knows who is gone'],
  ])('%j %s by %j: %s, %s', (incident, action, actor, refused, _reason) => {
    expect(transition(incident, action, actor)).toEqual({ refused })
  })
})

describe('the table', () => {
  const standing = fc.record({
    state: fc.constantFrom(...INCIDENT_STATES),
    class: fc.constantFrom(...INCIDENT_CLASSES),
    ownerId: fc.constantFrom(null, 'chen', 'liu', 'song'),
  })
  const actor = fc.record({ userId: fc.constantFrom('chen', 'liu', 'song'), role: fc.constantFrom(...ROLES) })

  test('gives an owned incident to somebody else only by takeover', () => {
    fc.assert(
      fc.property(standing, fc.constantFrom(...ACTIONS), actor, (incident, action, by) => {
        const after = transition(incident, action, by)
        if ('refused' in after || incident.ownerId === null || incident.state === 'resolved') return
        const isHandedOn = after.ownerId !== null && after.ownerId !== incident.ownerId
        expect(!isHandedOn || action === 'takeover').toBe(true)
      }),
    )
  })

  test('leaves nothing accepted without an owner, and nothing raised with one', () => {
    const consistent = standing.filter(
      ({ state, ownerId }) => (state !== 'raised' || !ownerId) && (state !== 'accepted' || ownerId !== null),
    )
    fc.assert(
      fc.property(consistent, fc.constantFrom(...ACTIONS, ...WORK), actor, (incident, action, by) => {
        const after = transition(incident, action, by)
        if ('refused' in after) return
        expect(after.state !== 'raised' || after.ownerId === null).toBe(true)
        expect(after.state !== 'accepted' || after.ownerId !== null).toBe(true)
      }),
    )
  })

  test('lets nobody but its people touch an alarm', () => {
    const outsiders = ROLES.filter(role => ['auditor', 'family', 'integration'].includes(role))
    for (const role of outsiders) {
      for (const { action, from } of TRANSITIONS) {
        const incident = at(from[0] ?? 'raised', 'chen')
        expect(transition(incident, action, { userId: 'chen', role })).toEqual({ refused: 'role' })
      }
    }
  })
})
