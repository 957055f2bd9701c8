// What a finding does to an incident: a reason a row, and what holds whatever comes in whatever order.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAnswered } from '../../alerts/escalate.ts'
import { type Decision, type RaiseContext, type RaiseReason, raise } from '../../alerts/raise.ts'
import { FINDING_KINDS, type Finding, SEVERITIES, severityRank } from '../../model/finding.ts'
import type { Incident } from '../../records/casework.ts'
import { finding, HOUR, MINUTE, NOON, SECOND } from './desk.ts'

const context = (given: Partial<RaiseContext> = {}): RaiseContext => ({
  subject: { type: 'resident', id: 'li', name: '李秀英' },
  areaId: 'wh-1',
  now: NOON,
  class: 'emergency',
  newId: 'inc_1',
  previousId: null,
  lastPressAt: null,
  ...given,
})

/** What is open after these findings. */
function opened(...given: Partial<Finding>[]): Incident {
  let incident: Incident | null = null
  for (const one of given)
    incident = raise(incident, finding({ receivedAt: NOON, ...one }), context()).incident
  if (!incident) throw new Error('nothing was opened')
  return incident
}

const accepted = (incident: Incident, acceptedAt: number): Incident => ({
  ...incident,
  state: 'accepted',
  ownerId: 'chen',
  acceptedAt,
})

const zoneExit = { kind: 'zone_exit', severity: 'high' } as const
const later = NOON + MINUTE

describe('the reason', () => {
  const raised = opened(zoneExit)
  const sos = opened({})
  test.each<[Incident | null, Partial<Finding>, Partial<RaiseContext>, RaiseReason, string]>([
    [null, {}, {}, 'first', 'nothing was open'],
    [raised, { kind: 'sos' }, {}, 'worsened', 'high becomes critical'],
    [sos, { kind: 'sos' }, {}, 'realert', 'another critical one'],
    [sos, { kind: 'vitals', severity: 'critical' }, {}, 'realert', 'critical of another kind'],
    [raised, { kind: 'unreadable_event', severity: 'high' }, {}, 'realert', 'it may have been an SOS'],
    [sos, { kind: 'unreadable_event', severity: 'high' }, {}, 'realert', 'and another one'],
    [sos, zoneExit, {}, 'repeat', 'less than what is open'],
    [raised, zoneExit, {}, 'repeat', 'the same again'],
    [sos, { bytesHash: 'h' }, { lastPressAt: later - 5 * SECOND }, 'resent', 'the same bytes, seconds later'],
    [sos, { bytesHash: 'h' }, { lastPressAt: later - 119_999 }, 'resent', 'just within two minutes'],
    [sos, { bytesHash: 'h' }, { lastPressAt: later - 120_000 }, 'realert', 'two minutes: a new press'],
    [
      sos,
      { bytesHash: 'h' },
      { lastPressAt: later + 1 },
      'realert',
      'older than the press: in doubt another',
    ],
    [sos, { bytesHash: 'h' }, {}, 'realert', 'no copy of it here'],
    [sos, { bytesHash: 'h', eventId: 'e' }, { lastPressAt: later }, 'realert', 'an id says that it is new'],
    [null, { bytesHash: 'h' }, {}, 'first', 'nothing is open: somebody must look'],
    [sos, { kind: 'cancel', severity: 'notice' }, {}, 'cancelled', 'noted'],
    [null, { kind: 'cancel', severity: 'notice' }, { class: 'technical' }, 'cancelled', 'still visible'],
    [null, { kind: 'low_battery', ended: true }, {}, 'nothing_open', 'the desk holds no such condition'],
  ])('%#: %s', (open, given, around, reason) => {
    const decision = raise(open, finding({ receivedAt: later, ...given }), context({ now: later, ...around }))
    expect(decision.reason).toBe(reason)
    expect(decision.entries).toHaveLength(
      reason === 'nothing_open' ? 0 : open || given.kind !== 'cancel' ? 1 : 2,
    )
  })
})

describe('what joins', () => {
  test('takes the alarm to where its subject is now, and says so first', () => {
    const decision = raise(opened({}), finding({ receivedAt: later }), context({ areaId: 'qd', now: later }))
    expect(decision.incident?.areaId).toBe('qd')
    expect(decision.entries.map(({ kind, detail }) => [kind, detail.fromAreaId, detail.toAreaId])).toEqual([
      ['moved', 'wh-1', 'qd'],
      ['finding', undefined, undefined],
    ])
  })

  test('shows the gravest kind and its device, and counts', () => {
    const incident = opened(
      { kind: 'fall', severity: 'high', deviceId: 'b-li' },
      { kind: 'vitals', severity: 'critical', deviceId: 'p-li' },
      { kind: 'sos', severity: 'critical', deviceId: 'b-li', count: 5 },
      { kind: 'fall', severity: 'critical', deviceId: 'p-li' },
    )
    expect(incident).toMatchObject({ kind: 'sos', severity: 'critical', deviceId: 'b-li', findings: 8 })
  })

  test('a new press on an answered alarm starts a new answer clock, and 30 s for its owner', () => {
    const { incident } = raise(
      accepted(opened({}), NOON),
      finding({ receivedAt: later }),
      context({ now: later }),
    )
    expect(incident).toMatchObject({ alertedAt: later, escalation: 0, escalateAt: later + 30 * SECOND })
    expect(incident && isAnswered(incident)).toBe(false)
  })

  test('a press that was received before the accept but comes to the desk after it is not answered', () => {
    const owned = accepted(opened({}), later)
    const { incident } = raise(owned, finding({ receivedAt: later - SECOND }), context({ now: later }))
    expect(incident && isAnswered(incident)).toBe(false)
  })

  test('a press that was received while the clock was ahead waits no longer than any other', () => {
    const { incident } = raise(null, finding({ receivedAt: NOON + 8 * HOUR }), context())
    expect(incident).toMatchObject({ escalation: 0, escalateAt: NOON + 30 * SECOND })
  })

  test('a press on an alarm of a clock that was ahead starts the answer clock of now', () => {
    const ahead = accepted(opened({ receivedAt: NOON + 8 * HOUR }), NOON + 8 * HOUR)
    const { incident } = raise(ahead, finding({ receivedAt: later }), context({ now: later }))
    expect(incident).toMatchObject({ escalation: 0, escalateAt: later + 30 * SECOND })
    expect(incident && isAnswered(incident)).toBe(false)
  })

  test('a repeat that is not critical alerts nobody anew', () => {
    const owned = accepted(opened(zoneExit), NOON)
    const { incident } = raise(owned, finding({ receivedAt: later, ...zoneExit }), context())
    expect(incident).toMatchObject({ alertedAt: NOON, escalateAt: owned.escalateAt, findings: 2 })
  })

  test('what worsens an unanswered alarm brings the next step nearer, never further', () => {
    const climbing = { ...opened(zoneExit), escalation: 2, escalateAt: NOON + 3 * MINUTE }
    const pressedAfter = (ms: number): Incident | null =>
      raise(climbing, finding({ receivedAt: NOON + ms }), context({ now: NOON + ms })).incident
    const early = pressedAfter(70 * SECOND)
    expect(early).toMatchObject({
      escalation: 2,
      escalateAt: NOON + 100 * SECOND,
      alertedAt: NOON + 70 * SECOND,
    })
    const late = pressedAfter(170 * SECOND)
    expect(late).toMatchObject({ escalation: 2, escalateAt: NOON + 3 * MINUTE })
  })

  test('a cancel lowers nothing', () => {
    const open = opened({})
    const { incident } = raise(open, finding({ receivedAt: later, kind: 'cancel' }), context())
    expect(incident).toEqual(open)
  })

  test('a cancel without an alarm is a technical incident that is closed at once', () => {
    const cancel = finding({ receivedAt: NOON, kind: 'cancel', severity: 'notice' })
    const { incident, entries } = raise(null, cancel, context({ class: 'technical' }))
    expect(incident).toMatchObject({ class: 'technical', state: 'closed', kind: 'cancel', escalateAt: null })
    expect(entries.map(({ kind }) => kind)).toEqual(['cancelled', 'closed'])
  })
})

describe('technical conditions', () => {
  const technical = context({ class: 'technical' })
  const low = { kind: 'low_battery', severity: 'notice' } as const
  const off = { kind: 'power_off', severity: 'notice' } as const
  const say = (open: Incident | null, given: Partial<Finding>): Decision =>
    raise(open, finding({ receivedAt: NOON, ...given }), technical)

  test('are a list that clears itself', () => {
    let open = say(null, low).incident
    open = say(open, off).incident
    open = say(open, low).incident
    expect(open?.conditions.map(({ kind }) => kind)).toEqual(['low_battery', 'power_off'])
    const one = say(open, { ...low, ended: true })
    expect(one.incident).toMatchObject({ state: 'raised' })
    const none = say(one.incident, { ...off, ended: true })
    expect(none.incident).toMatchObject({ state: 'closed', conditions: [] })
    expect(none.entries.map(({ kind, by }) => [kind, by])).toEqual([
      ['ended', undefined],
      ['closed', undefined],
    ])
  })

  test('of two devices end one by one', () => {
    const both = say(say(null, low).incident, { ...low, deviceId: 'p-li' }).incident
    const one = say(both, { ...low, ended: true })
    expect(one.incident).toMatchObject({
      state: 'raised',
      conditions: [{ kind: 'low_battery', deviceId: 'p-li' }],
    })
  })

  test('never climb the ladder', () => {
    expect(say(null, low).incident).toMatchObject({ escalation: -1, escalateAt: null })
  })

  test('that a person works on stay theirs to resolve', () => {
    const owned = accepted(say(null, low).incident as Incident, NOON)
    expect(say(owned, { ...low, ended: true }).incident).toMatchObject({ state: 'accepted', conditions: [] })
  })
})

describe('whatever comes, in whatever order', () => {
  const arrival = fc.record({
    kind: fc.constantFrom(...FINDING_KINDS.filter(kind => kind !== 'cancel')),
    severity: fc.constantFrom(...SEVERITIES),
    receivedAt: fc.integer({ min: NOON - MINUTE, max: NOON + 10 * MINUTE }),
    accepts: fc.boolean(),
  })

  test('severity never falls, the alert never goes back, and an open emergency always has a next step', () => {
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 1, maxLength: 30 }), arrivals => {
        let open: Incident | null = null
        for (const { accepts, ...given } of arrivals) {
          const before: Incident | null = accepts && open ? accepted(open, given.receivedAt) : open
          const { incident }: Decision = raise(before, finding(given), context())
          if (!incident) throw new Error('an emergency was lost')
          expect(incident.escalateAt).not.toBeNull()
          if (before) {
            expect(severityRank(incident.severity)).toBeGreaterThanOrEqual(severityRank(before.severity))
            expect(incident.alertedAt).toBeGreaterThanOrEqual(before.alertedAt)
            expect(incident.ownerId).toBe(before.ownerId)
            expect(incident.findings).toBe(before.findings + 1)
          }
          open = incident
        }
      }),
    )
  })
})
