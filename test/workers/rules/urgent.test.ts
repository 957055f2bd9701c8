// The urgent lane: every event is a finding of its own, with its identity, its place and its text.

import { describe, expect, it } from 'vitest'
import type { DeviceEvent } from '../../../model/event.ts'
import { lanesOfEvent } from '../../../model/lane.ts'
import { RULES } from '../../../workers/rules/index.ts'
import { START_AT, tell } from './story.ts'

type Row = readonly [
  reason: string,
  event: DeviceEvent,
  wandering: boolean,
  expected: readonly [kind: string, severity: string] | null,
]

const ROWS: readonly Row[] = [
  ['the red key', { kind: 'sos' }, false, ['sos', 'critical']],
  [
    'the red key of a wandering elder is no more urgent than urgent',
    { kind: 'sos' },
    true,
    ['sos', 'critical'],
  ],
  ['a fall that the device flagged', { kind: 'fall' }, false, ['fall', 'critical']],
  ['the green key', { kind: 'service' }, false, ['service', 'high']],
  ['a band taken off', { kind: 'removed' }, false, ['removed', 'notice']],
  ['a band taken off by one who gets lost', { kind: 'removed' }, true, ['removed', 'high']],
  ['a cancel informs and lowers nothing', { kind: 'cancel' }, false, ['cancel', 'notice']],
  ['what only its device understands', { kind: 'custom', text: '门磁' }, false, ['custom', 'high']],
  ['a low battery may wait in the routine lane', { kind: 'low_battery' }, false, null],
  ['going off may wait in the routine lane', { kind: 'power_off' }, false, null],
  ['a check-in is no alarm', { kind: 'check_in' }, false, null],
]

describe('urgent rules', () => {
  it.each(ROWS)('%s', (_reason, event, wandering, expected) => {
    const found = tell(RULES.urgent, { wandering }).event(event)
    expect(found.map(({ kind, severity }) => [kind, severity])).toEqual(expected === null ? [] : [expected])
  })

  it('raises nothing twice that arrives in both lanes', () => {
    for (const [, event] of ROWS) {
      const found = lanesOfEvent(event.kind).flatMap(lane => tell(RULES[lane]).event(event))
      expect(found.length).toBe(event.kind === 'check_in' ? 0 : 1)
    }
  })

  it('carries the event id where there is one, else the hash of its bytes', () => {
    const story = tell(RULES.urgent)
    expect(story.event({ kind: 'sos', id: 'f3' })[0]).toMatchObject({ eventId: 'f3' })
    expect(story.event({ kind: 'sos', id: 'f3' })[0]).not.toHaveProperty('bytesHash')
    expect(story.event({ kind: 'sos' })[0]).toMatchObject({ bytesHash: 'hash' })
    expect(story.event({ kind: 'sos' })[0]).not.toHaveProperty('eventId')
  })

  it('tells where and what, in WGS-84', () => {
    const loc = {
      lat: 39.91334545536069,
      lon: 116.38404722455657,
      datum: 'gcj02',
      acc: 20,
      src: 'bds',
    } as const
    const [found] = tell(RULES.urgent).event({ kind: 'sos', loc, text: '胸口痛' })
    expect(found?.evidence).toEqual({
      position: {
        lat: expect.closeTo(39.911954, 6),
        lon: expect.closeTo(116.377817, 6),
        accuracyM: 20,
        source: 'bds',
      },
      text: '胸口痛',
    })
    expect(tell(RULES.urgent).event({ kind: 'sos' })[0]?.evidence).toEqual({})
  })

  it('raises an SOS of three days ago, marked with its delay', () => {
    const lateMs = 3 * 86_400_000
    expect(tell(RULES.urgent).event({ kind: 'sos' }, lateMs)[0]).toMatchObject({
      severity: 'critical',
      at: START_AT - lateMs,
      lateMs,
    })
  })

  it('raises every press, however many there were', () => {
    const story = tell(RULES.urgent)
    for (let press = 0; press < 20; press++) expect(story.event({ kind: 'sos' })).toHaveLength(1)
  })

  it('raises what it cannot read, with the text as it came', () => {
    expect(tell(RULES.urgent).unreadable('{"kind":"so')).toEqual([
      {
        kind: 'unreadable_event',
        severity: 'high',
        at: START_AT,
        lateMs: 0,
        evidence: { reason: 'not_json', raw: '{"kind":"so' },
        bytesHash: 'hash',
      },
    ])
  })

  it('keeps no state', () => {
    const story = tell(RULES.urgent)
    for (const [, event] of ROWS) story.event(event)
    expect(story.states.size).toBe(0)
  })
})
