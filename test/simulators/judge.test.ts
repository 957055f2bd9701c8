import { describe, expect, test } from 'vitest'
import { judge, type Outcome, type Sighting } from '../../simulators/oracle/judge.ts'
import { linesOf, reportOn } from '../../simulators/oracle/report.ts'
import type { Expectation } from '../../simulators/scenarios/episode.ts'

const T = 1_000_000
const NO_FLEET = { devices: 1, connected: 1, sent: 1, acked: 1, overwritten: 0, reconnects: 0, refused: 0 }

const key: Expectation = { deviceId: 'd1', kind: 'sos', eventId: 'e1', notBefore: T, deadline: T + 1_000 }
const exit: Expectation = { deviceId: 'd1', kind: 'zone_exit', notBefore: T, deadline: T + 90_000 }
const fever: Expectation = { ...exit, kind: 'vitals' }

const seen = (seq: number, afterMs: number, more: Partial<Sighting> = {}): Sighting => ({
  seq,
  deviceId: 'd1',
  kind: 'sos',
  severity: 'critical',
  seenAt: T + afterMs,
  ...more,
})
const pressed = (seq: number, afterMs: number) => seen(seq, afterMs, { eventId: 'e1' })
const left = (seq: number, afterMs: number) => seen(seq, afterMs, { kind: 'zone_exit' })
const ill = (seq: number, afterMs: number, metric: string, severity: Sighting['severity']) =>
  seen(seq, afterMs, { kind: 'vitals', metric, severity })

type Row = [reason: string, owed: Expectation[], seen: Sighting[], now: number, Outcome[], unexpected: number]

const ROWS: Row[] = [
  ['a key that came within its time', [key], [pressed(1, 40)], T + 9_000, ['on_time'], 0],
  ['at the deadline itself is in time', [key], [pressed(1, 1_000)], T + 9_000, ['on_time'], 0],
  [
    'a key that came behind its deadline is late, not missing',
    [key],
    [pressed(1, 1_001)],
    T + 9_000,
    ['late'],
    0,
  ],
  ['a key that never came is missing', [key], [], T + 1_001, ['missing'], 0],
  ['a key that is not yet due is no failure', [key], [], T + 500, ['pending'], 0],
  [
    'one event id on two places of the feed is doubled',
    [key],
    [pressed(1, 40), pressed(2, 50)],
    T + 9_000,
    ['doubled'],
    0,
  ],
  [
    'the same place again after a reconnect is a replay',
    [key],
    [pressed(1, 40), pressed(1, 3_000)],
    T + 9_000,
    ['on_time'],
    0,
  ],
  [
    'a replay that came first in the list keeps the first time',
    [key],
    [pressed(1, 3_000), pressed(1, 40)],
    T + 9_000,
    ['on_time'],
    0,
  ],
  ['another event id is another alarm', [key], [seen(1, 40, { eventId: 'e2' })], T + 9_000, ['missing'], 1],
  ['an SOS without an id does not answer a key with one', [key], [seen(1, 40)], T + 9_000, ['missing'], 1],
  [
    'two keys of one device are told apart by their ids',
    [key, { ...key, eventId: 'e2' }],
    [pressed(1, 40), seen(2, 60, { eventId: 'e2' })],
    T + 9_000,
    ['on_time', 'on_time'],
    0,
  ],
  ['a condition by device and kind', [exit], [left(1, 60_000)], T + 99_000, ['on_time'], 0],
  [
    'a condition of another device is not its',
    [exit],
    [{ ...left(1, 60_000), deviceId: 'd2' }],
    T + 99_000,
    ['missing'],
    1,
  ],
  [
    'a condition of another kind is not its',
    [exit],
    [ill(1, 60_000, 'hr', 'high')],
    T + 99_000,
    ['missing'],
    1,
  ],
  ['a condition behind its deadline is late', [exit], [left(1, 95_000)], T + 99_000, ['late'], 0],
  ['an exit before there was a reason is unexpected', [exit], [left(1, -5_000)], T + 99_000, ['missing'], 1],
  ['an exit twice is doubled', [exit], [left(1, 60_000), left(2, 61_000)], T + 99_000, ['doubled'], 0],
  [
    'long after, it belongs to something else',
    [exit],
    [left(1, 60_000), left(2, 400_000)],
    T + 500_000,
    ['on_time'],
    1,
  ],
  [
    'a second exit answers the second expectation',
    [exit, { ...exit, notBefore: T + 400_000, deadline: T + 490_000 }],
    [left(1, 60_000), left(2, 450_000)],
    T + 500_000,
    ['on_time', 'on_time'],
    0,
  ],
  [
    'a fever speaks of each vital sign once',
    [fever],
    [ill(1, 60_000, 'hr', 'high'), ill(2, 60_000, 'temp', 'notice')],
    T + 99_000,
    ['on_time'],
    0,
  ],
  [
    'a vital sign that gets worse speaks again',
    [fever],
    [ill(1, 60_000, 'temp', 'notice'), ill(2, 70_000, 'temp', 'high')],
    T + 99_000,
    ['on_time'],
    0,
  ],
  [
    'the same vital sign as grave as before is doubled',
    [fever],
    [ill(1, 60_000, 'hr', 'high'), ill(2, 70_000, 'hr', 'high')],
    T + 99_000,
    ['doubled'],
    0,
  ],
  ['what nobody owed is unexpected', [], [left(1, 0)], T, [], 1],
]

describe('the oracle judges', () => {
  test.each(ROWS)('%s', (_reason, expectations, sightings, now, outcomes, unexpected) => {
    const judgement = judge({ expectations, sightings, now })
    expect(judgement.verdicts.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(judgement.unexpected).toHaveLength(unexpected)
  })
})

describe('the report', () => {
  const reportOf = (expectations: Expectation[], sightings: Sighting[], acked: string[] = []) =>
    reportOn(judge({ expectations, sightings, now: T + 9_000 }), { fleet: NO_FLEET, acked: new Set(acked) })

  test('fails for missing and doubled, not for late and unexpected', () => {
    expect(reportOf([key], [pressed(1, 5_000), left(2, 0)])).toMatchObject({
      ok: true,
      late: 1,
      unexpected: 1,
    })
    expect(reportOf([key], [])).toMatchObject({ ok: false, missing: 1 })
    expect(reportOf([key], [pressed(1, 1), pressed(2, 2)])).toMatchObject({ ok: false, doubled: 1 })
  })

  test('says which missing key had been acknowledged', () => {
    expect(reportOf([key], [], ['e1'])).toMatchObject({
      acknowledgedAndMissing: 1,
      wrong: [{ outcome: 'missing', deviceId: 'd1', kind: 'sos', eventId: 'e1', acknowledged: true }],
    })
    expect(reportOf([key], []).acknowledgedAndMissing).toBe(0)
  })

  test('delays of keys and of conditions are kept apart', () => {
    const keys = Array.from({ length: 100 }, (_, i): Expectation => ({ ...key, eventId: `k${i}` }))
    const came = keys.map((_, i) => seen(i + 1, i + 1, { eventId: `k${i}` }))
    const report = reportOf([...keys, exit], [...came, left(999, 8_000)])
    expect(report.keyDelaysMs).toEqual({ p50: 50, p99: 99, max: 100 })
    expect(report.byKind.zone_exit?.delaysMs).toEqual({ p50: 8_000, p99: 8_000, max: 8_000 })
  })

  test('lists the gravest first and is no wall of lines', () => {
    const keys = Array.from({ length: 60 }, (_, i): Expectation => ({ ...key, eventId: `k${i}` }))
    const came = keys.slice(1).map((_, i) => seen(i + 1, 2_000, { eventId: `k${i + 1}` }))
    const report = reportOf(keys, came)
    expect(report.wrong.map(({ outcome }) => outcome)).toEqual(['missing', ...Array(59).fill('late')])
    expect(linesOf(report)).toContain('  … and 40 more')
    expect(linesOf(report).length).toBeLessThan(32)
  })

  test('is told in lines, the verdict last', () => {
    expect(linesOf(reportOf([key], [pressed(1, 40)])).at(-1)).toMatch(/^OK/)
    const failed = linesOf(reportOf([key], [], ['e1']))
    expect(failed.at(-1)).toMatch(/^FAILED: 1 missing \(1 of them acknowledged\)/)
    expect(failed.join('\n')).toContain('missing    sos of d1, event e1, acknowledged')
  })
})
