// The escalation's table and its clock.

import { describe, expect, test } from 'vitest'
import {
  type Answering,
  type EscalationClock,
  isAnswered,
  nextStep,
  startClock,
  urgentClock,
} from '../../alerts/escalate.ts'

const SECOND = 1_000
const unanswered: Answering = { class: 'emergency', ownerId: null, acceptedAt: null, alertedAt: 0 }
const answered: Answering = { ...unanswered, ownerId: 'chen', acceptedAt: 10 * SECOND }

/** Takes every step as it falls due; returns [second, step, audience, breached]. */
function climb(incident: Answering, from: EscalationClock, untilS: number) {
  const steps: [number, number, string, boolean][] = []
  let clock = from
  for (let s = 0; s <= untilS; s++) {
    const next = nextStep({ ...incident, ...clock }, s * SECOND)
    if (!next) continue
    steps.push([s, next.step, next.audience, next.breached])
    clock = { escalation: next.step, escalateAt: next.nextAt }
  }
  return steps
}

describe('while nobody answers', () => {
  test('an emergency: 30 s supervisor, 60 s every operator, 180 s everyone and breached, then again', () => {
    expect(climb(unanswered, startClock(unanswered, 0), 600)).toEqual([
      [30, 1, 'supervisor', false],
      [60, 2, 'operators', false],
      [180, 3, 'everyone', true],
      [360, 3, 'everyone', true],
      [540, 3, 'everyone', true],
    ])
  })

  test('the green key climbs slowly', () => {
    const service: Answering = { ...unanswered, class: 'service' }
    expect(climb(service, startClock(service, 0), 700)).toEqual([
      [120, 1, 'supervisor', false],
      [300, 2, 'operators', true],
      [600, 2, 'operators', true],
    ])
  })

  test('a notice never climbs', () => {
    const technical: Answering = { ...unanswered, class: 'technical' }
    expect(startClock(technical, 0)).toEqual({ escalation: -1, escalateAt: null })
    expect(urgentClock(technical, 0)).toEqual({ escalation: -1, escalateAt: null })
    expect(nextStep({ ...technical, escalation: 0, escalateAt: 0 }, 1)).toBeNull()
  })

  test('when its owner is gone the first step is due at once', () => {
    expect(climb(unanswered, urgentClock(unanswered, 0), 60)).toEqual([
      [0, 1, 'supervisor', false],
      [30, 2, 'operators', false],
    ])
  })

  test('steps that were missed are taken one by one; repetitions are not made up for', () => {
    const now = 3_600 * SECOND
    let clock = startClock(unanswered, 0)
    const taken: number[] = []
    for (;;) {
      const next = nextStep({ ...unanswered, ...clock }, now)
      if (!next) break
      taken.push(next.step)
      clock = { escalation: next.step, escalateAt: next.nextAt }
    }
    expect(taken).toEqual([1, 2, 3])
    expect(clock.escalateAt).toBe(now + 180 * SECOND)
  })
})

describe('while somebody is on it', () => {
  test('180 s without progress bring the supervisor, and again', () => {
    expect(climb(answered, startClock(answered, 10 * SECOND), 400)).toEqual([
      [190, 1, 'supervisor', false],
      [370, 1, 'supervisor', false],
    ])
  })

  test.each<[Answering, boolean, string]>([
    [unanswered, false, 'nobody has it'],
    [answered, true, 'accepted after the alert'],
    [{ ...answered, alertedAt: 10 * SECOND }, true, 'accepted in the same millisecond'],
    [{ ...answered, alertedAt: 11 * SECOND }, false, 'alerted anew since'],
    [{ ...answered, ownerId: null }, false, 'its owner is gone'],
  ])('%j is answered: %s, %s', (incident, isIt, _reason) => {
    expect(isAnswered(incident)).toBe(isIt)
  })
})
