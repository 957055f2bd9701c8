import { describe, expect, it } from 'vitest'
import { type Desk, deskAfter, EMPTY_DESK } from '../../../console/desk/desk.ts'
import { TOLD_AT_ONCE, toldBetween } from '../../../console/desk/desktop.ts'
import type { Alarm } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, callOf, WANG } from './given.ts'

const deskOf = (...alarms: Alarm[]): Desk => deskAfter(EMPTY_DESK, { type: 'loaded', alarms, seq: 1 })
const withAlarm = (desk: Desk, alarm: Alarm): Desk => deskAfter(desk, { type: 'alarm', alarm })

describe('the computer tells', () => {
  const high = alarmOf({ severity: 'high' })
  const ROWS: { reason: string; before: Alarm[]; alarm: Alarm; told: string[] }[] = [
    { reason: 'of a new alarm', before: [], alarm: alarmOf(), told: ['alarm inc_1'] },
    { reason: 'of one that gets graver', before: [high], alarm: alarmOf({ seq: 2 }), told: ['alarm inc_1'] },
    {
      reason: 'of one that came back to the queue',
      before: [acceptedBy(WANG)],
      alarm: alarmOf({ seq: 2 }),
      told: ['alarm inc_1'],
    },
    { reason: 'nothing of one in hand', before: [], alarm: acceptedBy(WANG), told: [] },
    { reason: 'nothing twice', before: [alarmOf()], alarm: alarmOf({ seq: 2, findings: 2 }), told: [] },
    {
      reason: 'nothing of notices',
      before: [],
      alarm: alarmOf({ class: 'technical', kind: 'low_battery' }),
      told: [],
    },
  ]
  it.each(ROWS)('$reason', ({ before, alarm, told }) => {
    const desk = deskOf(...before)
    expect(toldBetween(desk, withAlarm(desk, alarm)).map(({ tag }) => tag)).toEqual(told)
  })

  it('nothing of what the list holds when the desk is opened', () => {
    expect(toldBetween(EMPTY_DESK, deskOf(alarmOf()))).toEqual([])
  })

  it('of the gravest, when many come at once', () => {
    const many = Array.from({ length: 9 }, (_, n) => alarmOf({ id: `inc_${n}`, severity: 'high' }))
    const told = toldBetween(deskOf(), deskOf(...many, alarmOf({ id: 'grave' })))
    expect(told.length).toBe(TOLD_AT_ONCE)
    expect(told[0]).toMatchObject({ tag: 'alarm grave', stays: true })
  })

  it('that the session has ended, once, and until somebody is back', () => {
    const live = deskAfter(deskOf(), { type: 'link', link: { state: 'live' } })
    const ended = deskAfter(live, {
      type: 'link',
      link: { state: 'broken', since: 0, retryAt: null, attempt: 0, reason: 'signed_out' },
    })
    expect(toldBetween(live, ended)).toEqual([{ about: 'ended', tag: 'session', stays: true }])
    expect(toldBetween(ended, withAlarm(ended, alarmOf())).map(({ about }) => about)).toEqual(['alarm'])
    expect(toldBetween(ended, live)).toEqual([])
  })

  it('of a call that rings, once', () => {
    const desk = deskOf()
    const rings = deskAfter(desk, { type: 'message', message: { type: 'call', ...callOf() }, now: 0 })
    expect(toldBetween(desk, rings)).toMatchObject([{ about: 'call', tag: 'call call_1' }])
    const taken = deskAfter(rings, { type: 'callTaken', seen: callOf({ owner: WANG }) })
    expect(toldBetween(rings, taken)).toEqual([])
  })
})
