import { describe, expect, it } from 'vitest'
import { type Deed, DISPOSITIONS_BY_CLASS, permitted } from '../../../console/desk/permitted.ts'
import { worksAtDesk } from '../../../console/shell/roles.ts'
import { type Alarm, DISPOSITIONS, WORK } from '../../../model/incident.ts'
import type { Role } from '../../../model/user.ts'
import { acceptedBy, alarmOf, WANG, ZHANG } from './given.ts'

const ROWS: { reason: string; role: Role; alarm: Alarm; may: Deed[] }[] = [
  { reason: 'what is raised is accepted', role: 'operator', alarm: alarmOf(), may: ['accept'] },
  {
    reason: 'my own: send help, or end it',
    role: 'operator',
    alarm: acceptedBy(ZHANG),
    may: ['release', 'dispatch', 'note', 'resolve', ...WORK],
  },
  {
    reason: 'my own, help on the way',
    role: 'operator',
    alarm: acceptedBy(ZHANG, { state: 'dispatched' }),
    may: ['release', 'dispatch', 'arrive', 'note', 'resolve', ...WORK],
  },
  {
    reason: 'my own, help there',
    role: 'operator',
    alarm: acceptedBy(ZHANG, { state: 'arrived' }),
    may: ['release', 'dispatch', 'note', 'resolve', ...WORK],
  },
  { reason: 'a colleague has it', role: 'operator', alarm: acceptedBy(WANG), may: [] },
  {
    reason: 'a supervisor takes over or ends what a colleague has',
    role: 'supervisor',
    alarm: acceptedBy(WANG),
    may: ['takeover', 'resolve'],
  },
  {
    reason: 'an administrator may do what a supervisor may',
    role: 'admin',
    alarm: acceptedBy(WANG),
    may: ['takeover', 'resolve'],
  },
  {
    reason: 'its owner has gone',
    role: 'operator',
    alarm: alarmOf({ state: 'dispatched', acceptedAt: 2_000 }),
    may: ['accept'],
  },
  {
    reason: 'resolved: followed up, or not over after all',
    role: 'operator',
    alarm: acceptedBy(WANG, { state: 'resolved' }),
    may: ['close', 'reopen', 'call'],
  },
  { reason: 'over', role: 'supervisor', alarm: alarmOf({ state: 'closed' }), may: [] },
  {
    reason: 'technical alarms clear themselves',
    role: 'supervisor',
    alarm: alarmOf({ class: 'technical', kind: 'low_battery' }),
    may: [],
  },
  { reason: 'other roles only look', role: 'responder', alarm: alarmOf(), may: [] },
]

describe('what may be done with an alarm', () => {
  it.each(ROWS)('$reason', ({ role, alarm, may }) => {
    expect(permitted({ user: { id: ZHANG.id, role }, alarm })).toEqual(may)
  })

  it('is a desk for three roles', () => {
    const roles: Role[] = ['operator', 'supervisor', 'admin', 'responder', 'auditor', 'family', 'integration']
    expect(roles.filter(worksAtDesk)).toEqual(['operator', 'supervisor', 'admin'])
  })
})

describe('how it can have ended', () => {
  it.each(['emergency', 'service'] as const)('is any disposition, once, for %s', kind => {
    expect(DISPOSITIONS_BY_CLASS[kind].toSorted()).toEqual(DISPOSITIONS.toSorted())
  })
})
