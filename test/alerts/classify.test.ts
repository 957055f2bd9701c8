// Which class a finding belongs to (docs/alarms.md), and which incident it may join.

import { describe, expect, test } from 'vitest'
import { classesOf } from '../../alerts/classify.ts'
import { FINDING_KINDS, type FindingKind, queueRank, SEVERITIES, type Severity } from '../../model/finding.ts'
import type { IncidentClass } from '../../model/incident.ts'

describe('the class of a finding', () => {
  test.each<[kind: FindingKind, severity: Severity, classes: IncidentClass[], reason: string]>([
    ['sos', 'critical', ['emergency'], 'the red key'],
    ['fall', 'critical', ['emergency'], 'the device is sure'],
    ['fall', 'high', ['emergency'], 'the classifier alone is still a fall'],
    ['fall', 'notice', ['technical'], 'it says so too often of this wearer: for review'],
    ['unreadable_event', 'high', ['emergency'], 'it may have been an SOS'],
    ['vitals', 'critical', ['emergency'], 'a limit crossed hard'],
    ['vitals', 'high', ['emergency'], 'a single limit'],
    ['vitals', 'notice', ['technical'], 'a notice clears itself'],
    ['zone_exit', 'high', ['emergency'], 'somebody is lost'],
    ['zone_exit', 'critical', ['emergency'], 'somebody who wanders is lost'],
    ['danger_zone_enter', 'high', ['emergency'], 'somebody is at the water'],
    ['no_movement', 'high', ['emergency'], 'somebody lies somewhere'],
    ['missed_check_in', 'high', ['emergency'], 'somebody has not been heard of'],
    ['silent', 'notice', ['technical'], 'most are out of reach for a while'],
    ['silent', 'high', ['emergency'], 'nobody sees somebody who lives alone'],
    ['area_outage', 'high', ['emergency'], 'nobody there can call for help'],
    ['removed', 'high', ['emergency'], 'an elder who wanders took it off'],
    ['removed', 'notice', ['technical'], 'most take it off to wash'],
    ['low_battery', 'notice', ['technical'], 'a notice'],
    ['power_off', 'notice', ['technical'], 'a notice'],
    ['service', 'high', ['service'], 'the green key has a queue of its own'],
    ['custom', 'high', ['service'], 'a person reads what the device says'],
    ['cancel', 'notice', ['emergency', 'service', 'technical'], 'it speaks about the alarm that is open'],
  ])('%s %s → %j: %s', (kind, severity, classes, _reason) => {
    expect(classesOf({ kind, severity })).toEqual(classes)
  })

  test('a condition that ends is technical, whatever its kind', () => {
    expect(classesOf({ kind: 'removed', severity: 'notice', ended: true })).toEqual(['technical'])
  })

  test('every kind and severity has one', () => {
    for (const kind of FINDING_KINDS) {
      for (const severity of SEVERITIES) expect(classesOf({ kind, severity }).length).toBeGreaterThan(0)
    }
  })
})

describe('the queue', () => {
  test('puts severity first, then sos, then falls, then the rest', () => {
    const waiting = [
      { severity: 'notice', kind: 'low_battery' },
      { severity: 'high', kind: 'area_outage' },
      { severity: 'high', kind: 'zone_exit' },
      { severity: 'critical', kind: 'vitals' },
      { severity: 'high', kind: 'fall' },
      { severity: 'critical', kind: 'fall' },
      { severity: 'critical', kind: 'sos' },
    ] as const
    const queue = waiting.toSorted((a, b) => queueRank(a) - queueRank(b))
    expect(queue.map(({ severity, kind }) => `${severity} ${kind}`)).toEqual([
      'critical sos',
      'critical fall',
      'critical vitals',
      'high fall',
      'high zone_exit',
      'high area_outage',
      'notice low_battery',
    ])
  })
})
