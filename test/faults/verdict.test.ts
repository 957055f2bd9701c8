// The judge of the fault tests, judged: what it lets pass, nobody else will see.

import { expect, it } from 'vitest'
import type { Alarm, TimelineEntry } from '../../model/incident.ts'
import type { Shown } from './load/console.ts'
import { type Evidence, verdictOn } from './verdict.ts'

const alarm = { id: 'inc', deviceId: 'd1', kind: 'sos', severity: 'critical' } as Alarm

function shown(seq: number, entry: Partial<TimelineEntry>, shownAt = 1_000 + seq): Shown {
  return { seq, alarm, shownAt, entry: { seq, at: shownAt, kind: 'finding', detail: {}, ...entry } }
}
const finding = (seq: number, eventId: string, shownAt?: number): Shown =>
  shown(seq, { eventId, findingId: `f-${eventId}` }, shownAt)

const press = (eventId: string, acknowledgedAt = 1_000) => ({
  eventId,
  deviceId: 'd1',
  pressedAt: 900,
  acknowledgedAt,
})
const watching = (...messages: Shown[]) => ({
  name: 'console',
  since: messages[0] ? messages[0].seq - 1 : 0,
  shown: messages,
  unrecorded: [],
  resets: () => 0,
})
const judged = (evidence: Partial<Evidence>) =>
  verdictOn({ presses: [], consoles: [], troubles: [], ...evidence })

it('is content when each acknowledged press is one finding on every console', () => {
  const presses = [press('a'), press('b')]
  const consoles = [
    watching(finding(1, 'a'), finding(2, 'b')),
    watching(finding(1, 'a', 1_500), finding(2, 'b')),
  ]
  expect(judged({ presses, consoles })).toMatchObject({
    ok: true,
    acknowledged: 2,
    shown: { p50: 1, max: 2 },
  })
})

it('names what was acknowledged and is on no feed', () => {
  const verdict = judged({ presses: [press('a'), press('b')], consoles: [watching(finding(1, 'a'))] })
  expect(verdict).toMatchObject({ ok: false, lost: ['b'] })
})

it('does not miss a press that nobody acknowledged', () => {
  const { acknowledgedAt: _, ...onItsWay } = press('a')
  expect(judged({ presses: [onItsWay], consoles: [watching()] })).toMatchObject({ ok: true, pressed: 1 })
})

it('names an event that stands there twice, also when nobody acknowledged it', () => {
  const second = shown(2, { eventId: 'a', findingId: 'another' })
  const { acknowledgedAt: _, ...onItsWay } = press('a')
  for (const one of [press('a'), onItsWay]) {
    const verdict = judged({ presses: [one], consoles: [watching(finding(1, 'a'), second)] })
    expect(verdict).toMatchObject({ ok: false, doubled: ['a'] })
  }
})

it('takes a re-send that is noted as one for what it is', () => {
  const noted = shown(2, { kind: 'resent', eventId: 'a', findingId: 'another' })
  expect(judged({ presses: [press('a')], consoles: [watching(finding(1, 'a'), noted)] }).ok).toBe(true)
})

it('names a finding that was written down twice', () => {
  const again = shown(2, { findingId: 'f-a' })
  expect(judged({ consoles: [watching(finding(1, 'a'), again)] })).toMatchObject({
    ok: false,
    repeatedFindings: ['f-a'],
  })
})

it.each([
  ['a gap', [1, 3], 'console was shown 3 after 1'],
  ['a step back', [1, 2, 1], 'console was shown 1 after 2'],
  ['the same place again', [1, 1], 'console was shown 1 after 1'],
])('names %s in what one console was shown', (_, places, named) => {
  const verdict = judged({ consoles: [watching(...places.map(seq => shown(seq, { kind: 'noted' })))] })
  expect(verdict).toMatchObject({ ok: false, disorder: [named] })
})

it('names a console that was told to begin anew', () => {
  expect(judged({ consoles: [{ ...watching(), resets: () => 1 }] }).ok).toBe(false)
})

it('says of the latest what was going on, and how late each kind of fault alone made them', () => {
  const troubles = [
    { name: 'broker-1 killed', from: 2_000, until: 3_000 },
    { name: 'broker-2 killed', from: 90_000, until: 91_000 },
  ]
  const presses = [press('a', 1_000), press('b', 4_000), press('c', 20_000)]
  const consoles = [watching(finding(1, 'a', 5_000), finding(2, 'b', 4_010), finding(3, 'c', 20_007))]
  expect(judged({ presses, consoles, troubles }).shown).toMatchObject({
    worst: [
      { eventId: 'a', delayMs: 4_000, during: ['broker-1 killed'] },
      { eventId: 'b', delayMs: 10, during: ['broker-1 killed'] },
      { eventId: 'c', delayMs: 7, during: [] },
    ],
    alone: [
      { kind: 'broker killed', delayMs: 4_000 },
      { kind: 'calm', delayMs: 7 },
    ],
  })
})

it('takes an alarm for told when it was shown before it could be recorded', () => {
  const told = { ...watching(finding(1, 'a', 31_000)), unrecorded: [{ eventId: 'a', shownAt: 1_200 }] }
  expect(judged({ presses: [press('a')], consoles: [told] })).toMatchObject({
    shown: { max: 30_000 },
    told: { max: 200 },
  })
})
