// Whom an alarm is about, when a device has changed hands or a clock is wrong: a reason a row.

import { describe, expect, test } from 'vitest'
import { subjectOf } from '../../alerts/subject.ts'
import type { FindingKind } from '../../model/finding.ts'
import type { Wearing } from '../../records/subjects.ts'
import { DAY, HOUR, MINUTE, NOON } from './desk.ts'

const worn = (residentId: string, fromAt: number, toAt: number | null): Wearing => ({
  deviceId: 'b',
  residentId,
  name: residentId.toUpperCase(),
  areaId: 'wh-1',
  fromAt,
  toAt,
})

function about(
  wearings: readonly Wearing[],
  { kind = 'sos', at = NOON, receivedAt = NOON }: { kind?: FindingKind; at?: number; receivedAt?: number },
) {
  const registered = { wearings, deviceAreas: new Map([['b', 'wh']]), root: { id: 'root', name: 'all' } }
  const { subject, alsoWornBy } = subjectOf({ kind, deviceId: 'b', at, receivedAt }, registered, NOON)
  return alsoWornBy ? `${subject.id}, also ${alsoWornBy.name}` : subject.id
}

const handedOver = [worn('wang', NOON - 9 * DAY, NOON - 2 * HOUR), worn('li', NOON - 2 * HOUR, null)]
const inTheFuture = [worn('wang', NOON - 9 * DAY, NOON + 8 * HOUR), worn('li', NOON + 8 * HOUR, null)]

describe('the subject', () => {
  test.each<[string, readonly Wearing[], Parameters<typeof about>[1], string]>([
    ['li', handedOver, {}, 'it is hers now, and all clocks are right'],
    ['li, also WANG', handedOver, { at: NOON - 3 * HOUR }, 'an SOS of a device three hours behind'],
    ['li, also WANG', handedOver, { kind: 'unreadable_event', at: NOON - 3 * HOUR }, 'may be an SOS'],
    ['li, also WANG', handedOver, { kind: 'cancel', at: NOON - 3 * HOUR }, 'where her SOS went'],
    ['wang', handedOver, { kind: 'vitals', at: NOON - 3 * HOUR }, 'what was measured on him is his'],
    ['wang', [worn('wang', NOON - DAY, NOON - HOUR)], { at: NOON - 2 * HOUR }, 'nobody wears it any more'],
    ['li', [worn('li', NOON - HOUR, null)], { at: NOON - 2 * HOUR }, 'nobody wore it yet'],
    ['li', [worn('li', NOON - HOUR, null)], { kind: 'vitals', at: NOON - DAY }, 'the same, measured'],
    ['li', [worn('li', NOON + 8 * HOUR, null)], {}, 'assigned while the clock was ahead'],
    ['li, also WANG', inTheFuture, {}, 'handed over while the clock was ahead'],
    ['li, also WANG', inTheFuture, { kind: 'vitals' }, 'the same, measured'],
    ['li', [worn('li', NOON - MINUTE, null)], { at: NOON - HOUR, receivedAt: NOON - HOUR }, 'taken up late'],
    ['b', [worn('wang', NOON - DAY, NOON - HOUR)], {}, 'nobody wears it'],
  ])('is %s', (subject, wearings, finding, _reason) => {
    expect(about(wearings, finding)).toBe(subject)
  })
})
