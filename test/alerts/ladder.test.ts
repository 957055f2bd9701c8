// Which ladder holds for an alarm, and which tables are refused.

import { describe, expect, test } from 'vitest'
import { UNANSWERED } from '../../alerts/escalate.ts'
import { type AreaLadder, ladderFor, readLadders, waitsOfAll } from '../../alerts/ladder.ts'
import { stepsSchema } from '../../model/ladder.ts'
import { type Logged, testLog } from '../gateway/desk.ts'

const SECOND = 1_000
const incident = {
  class: 'emergency',
  severity: 'critical',
  ownerId: null,
  acceptedAt: null,
  alertedAt: 0,
} as const
const areaPath = '/root/wh/wh-1/'

const steps = (afterMs: number) => [
  { afterMs: 0, audience: 'console' as const, breached: false, contacts: 'none' as const },
  { afterMs, audience: 'everyone' as const, breached: true, contacts: 'all' as const },
]
const ladder = (id: string, change: Partial<AreaLadder> = {}): AreaLadder => ({
  id,
  areaPath: '/root/',
  class: 'emergency',
  severity: null,
  because: 'unanswered',
  ladder: { steps: steps(Number(id) * SECOND), repeatMs: 60 * SECOND },
  ...change,
})

describe('the nearest area that has one', () => {
  test.each<[string, AreaLadder[], number]>([
    ['none: the usual', [], 30],
    ['the only one', [ladder('1')], 1],
    ['the nearer one', [ladder('1'), ladder('2', { areaPath: '/root/wh/' })], 2],
    ['of this severity before that of all', [ladder('1'), ladder('2', { severity: 'critical' })], 2],
    ['nearer goes before more exact', [ladder('1', { severity: 'critical' }), ladder('2', { areaPath })], 2],
    ['not of another severity', [ladder('1', { severity: 'high' })], 30],
    ['not of another area', [ladder('1', { areaPath: '/root/qd/' })], 30],
    ['not of an area whose name begins alike', [ladder('1', { areaPath: '/root/wh/wh/' })], 30],
    ['not of another class', [ladder('1', { class: 'service' })], 30],
    ['not of the other clock', [ladder('1', { because: 'no_progress' })], 30],
    [
      'a broken one is the usual, not the one above it',
      [ladder('1'), ladder('2', { areaPath, ladder: null })],
      30,
    ],
  ])('%s', (_why, ladders, seconds) => {
    expect(ladderFor(ladders, { incident, areaPath })?.steps[1]?.afterMs).toBe(seconds * SECOND)
  })

  test('a notice has none, whatever the rows say', () => {
    const technical = { ...incident, class: 'technical' } as const
    expect(ladderFor([ladder('1', { class: 'technical' })], { incident: technical, areaPath })).toBeNull()
  })
})

test('a row that cannot be read is said, and is no ladder', () => {
  const logged: Logged[] = []
  const row = {
    id: 'l1',
    areaId: 'wh',
    areaPath: '/root/wh/',
    class: 'emergency' as const,
    severity: null,
    because: 'unanswered' as const,
    repeatMs: 60 * SECOND,
    changedAt: 0,
    archivedAt: null,
  }
  const read = readLadders(
    [
      { ...row, stepsJson: JSON.stringify(steps(SECOND)) },
      { ...row, id: 'l2', stepsJson: '[]' },
      { ...row, id: 'l3', stepsJson: '{' },
      { ...row, id: 'l4', stepsJson: JSON.stringify(steps(SECOND)), repeatMs: 0 },
    ],
    testLog(logged),
  )
  expect(read.map(({ id, ladder }) => [id, ladder !== null])).toEqual([
    ['l1', true],
    ['l2', false],
    ['l3', false],
    ['l4', false],
  ])
  expect(logged.filter(({ level }) => level === 'error')).toHaveLength(3)
})

test('a wait is as long as the longest ladder allows', () => {
  const waits = waitsOfAll([ladder('1'), ladder('400')])
  const first = waits.find(
    ({ class: cls, isAnswered, step }) => cls === 'emergency' && !isAnswered && step === 0,
  )
  expect(first?.waitMs).toBe(400 * SECOND)
  const usual = waits.filter(({ class: cls, isAnswered }) => cls === 'emergency' && !isAnswered)
  expect(usual).toHaveLength(UNANSWERED.emergency?.steps.length ?? 0)
})

describe('refused at the edge: a table by which nobody is told', () => {
  const [alert, last] = steps(30 * SECOND)
  test.each<[string, unknown]>([
    ['no steps', []],
    ['the alert alone', [alert]],
    ['it does not begin with the alert', [last, { ...last, afterMs: 60 * SECOND }]],
    ['not in order', [alert, last, { ...last, afterMs: 10 * SECOND }]],
    ['twice the same time', [alert, last, last]],
    ['it ends at a console', [alert, { ...alert, afterMs: SECOND }]],
    ['an audience that nobody is', [alert, { ...last, audience: 'nobody' }]],
    ['too late', [alert, { ...last, afterMs: 24 * 3_600 * SECOND }]],
    ['a negative time', [{ ...alert, afterMs: -1 }, last]],
    ['a word too much', [alert, { ...last, silent: true }]],
  ])('%s', (_why, table) => {
    expect(stepsSchema.safeParse(table).success).toBe(false)
  })

  test('what is well is taken', () => {
    expect(stepsSchema.safeParse([alert, last]).success).toBe(true)
  })
})
