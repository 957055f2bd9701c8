import { describe, expect, it } from 'vitest'
import {
  acceptedByKey,
  byUrgency,
  isRealerted,
  needsSomebody,
  queueOf,
  urgingOf,
} from '../../../console/desk/queue.ts'
import { acceptedBy, alarmOf, WANG, ZHANG } from './given.ts'

describe('the order of the queue', () => {
  const first = [
    {
      reason: 'severity comes before everything',
      ahead: alarmOf({ id: 'a', severity: 'critical', kind: 'vitals', alertedAt: 9_000 }),
      behind: alarmOf({ id: 'b', severity: 'high', kind: 'sos', alertedAt: 1_000 }),
    },
    {
      reason: 'within a severity, what nobody has comes before what somebody has',
      ahead: alarmOf({ id: 'a', kind: 'vitals', alertedAt: 9_000 }),
      behind: acceptedBy(WANG, { id: 'b', kind: 'sos' }),
    },
    {
      reason: 'an owner who has gone leaves it unowned, whatever its state',
      ahead: alarmOf({ id: 'a', kind: 'vitals', state: 'dispatched', alertedAt: 9_000 }),
      behind: acceptedBy(WANG, { id: 'b', kind: 'sos', state: 'arrived' }),
    },
    {
      reason: 'what its owner has not answered comes before what is in hand',
      ahead: acceptedBy(WANG, { id: 'a', kind: 'vitals', alertedAt: 3_000 }),
      behind: acceptedBy(WANG, { id: 'b', kind: 'sos' }),
    },
    {
      reason: 'the red key comes before a fall',
      ahead: alarmOf({ id: 'a', kind: 'sos', alertedAt: 9_000 }),
      behind: alarmOf({ id: 'b', kind: 'fall', alertedAt: 1_000 }),
    },
    {
      reason: 'a fall comes before the rest',
      ahead: alarmOf({ id: 'a', kind: 'fall', alertedAt: 9_000 }),
      behind: alarmOf({ id: 'b', kind: 'zone_exit', alertedAt: 1_000 }),
    },
    {
      reason: 'among equals, whoever waits longest',
      ahead: alarmOf({ id: 'b', alertedAt: 1_000 }),
      behind: alarmOf({ id: 'a', alertedAt: 2_000 }),
    },
  ]
  it.each(first)('$reason', ({ ahead, behind }) => {
    expect([behind, ahead].sort(byUrgency).map(({ id }) => id)).toEqual([ahead.id, behind.id])
    expect(Math.sign(byUrgency(behind, ahead))).toBe(-Math.sign(byUrgency(ahead, behind)))
  })

  it('keeps the classes apart', () => {
    const alarms = [alarmOf({ id: 'e' }), alarmOf({ id: 's', class: 'service' })]
    expect(queueOf(alarms, 'service').map(({ id }) => id)).toEqual(['s'])
  })
})

describe('the accept key', () => {
  const service = alarmOf({ id: 's', class: 'service', kind: 'service', alertedAt: 1 })
  const high = alarmOf({ id: 'h', severity: 'high', kind: 'vitals' })
  const critical = alarmOf({ id: 'c' })
  const taken = acceptedBy(WANG, { id: 't' })
  const notice = alarmOf({ id: 'n', class: 'technical', severity: 'notice', kind: 'low_battery' })
  const presses = [
    { reason: 'nothing is open: the top one', on: [high, critical], open: undefined, takes: 'c' },
    { reason: 'an emergency, before a service call that waits longer', on: [service, high], takes: 'h' },
    { reason: 'a service call, when it is all there is', on: [service], takes: 's' },
    { reason: 'nothing that somebody has, and nothing technical', on: [taken, notice], takes: undefined },
    { reason: 'the one that is open, before the top one', on: [critical, high], open: 'h', takes: 'h' },
    { reason: 'the open one is taken: the top one', on: [critical, taken], open: 't', takes: 'c' },
    { reason: 'the open one is technical: the top one', on: [critical, notice], open: 'n', takes: 'c' },
    { reason: 'the open one is over or has left: the top one', on: [critical], open: 'gone', takes: 'c' },
  ]
  it.each(presses)('$reason', ({ on, open, takes }) => {
    const alarms = new Map(on.map(alarm => [alarm.id, alarm]))
    expect(acceptedByKey(alarms, open)?.id).toBe(takes)
  })
})

describe('what an alarm asks for', () => {
  it('needs nobody when it is over', () => {
    expect(needsSomebody(alarmOf({ state: 'closed' }))).toBe(false)
  })

  it('is re-alerted from a newer alert until its owner answers', () => {
    const alarm = acceptedBy(ZHANG, { alertedAt: 3_000 })
    expect(isRealerted(alarm, undefined)).toBe(true)
    expect(isRealerted(alarm, 3_000)).toBe(false)
    expect(isRealerted({ ...alarm, acceptedAt: 3_500 }, undefined)).toBe(false)
  })

  const urgings = [
    { reason: 'step 0 is the alarm itself', alarm: alarmOf({ escalation: 0 }), urging: undefined },
    { reason: 'nobody after 30 s', alarm: alarmOf({ escalation: 1 }), urging: 'unanswered' },
    { reason: 'nobody after 180 s', alarm: alarmOf({ escalation: 3 }), urging: 'breached' },
    {
      reason: 'a service call has a shorter ladder',
      alarm: alarmOf({ class: 'service', escalation: 2 }),
      urging: 'breached',
    },
    {
      reason: 'somebody has it and nothing happens',
      alarm: acceptedBy(WANG, { escalation: 1 }),
      urging: 'no_progress',
    },
    {
      reason: 'its owner does not answer what joined',
      alarm: acceptedBy(WANG, { escalation: 1, alertedAt: 3_000 }),
      urging: 'unanswered',
    },
  ]
  it.each(urgings)('$reason', ({ alarm, urging }) => {
    expect(urgingOf(alarm, undefined)).toBe(urging)
  })
})
