import { describe, expect, it } from 'vitest'
import { asKind, type Chosen, moved, periodOf } from '../../../console/figures/period.ts'

const ZONE = 'Asia/Shanghai'
/** Saturday, 15:00 in Shanghai. */
const NOW = Date.UTC(2026, 10, 21, 7)
const at = (day: string) => Date.parse(`${day}T00:00:00+08:00`)
const HOUR = 3_600_000

describe('a period', () => {
  it.each<[reason: string, Chosen, first: string, last: string, before: string]>([
    ['a day that is over', { kind: 'day', day: '2026-11-20' }, '2026-11-20', '2026-11-20', '2026-11-19'],
    [
      'a week begins on Monday',
      { kind: 'week', day: '2026-11-18' },
      '2026-11-16',
      '2026-11-22',
      '2026-11-09',
    ],
    [
      'Sunday belongs to the week before',
      { kind: 'week', day: '2026-11-15' },
      '2026-11-09',
      '2026-11-15',
      '2026-11-02',
    ],
    [
      'a month has its own length',
      { kind: 'month', day: '2026-02-10' },
      '2026-02-01',
      '2026-02-28',
      '2026-01-01',
    ],
    [
      'January follows December',
      { kind: 'month', day: '2026-01-31' },
      '2026-01-01',
      '2026-01-31',
      '2025-12-01',
    ],
    [
      'both days of a custom time count',
      { kind: 'custom', first: '2026-11-01', last: '2026-11-10' },
      '2026-11-01',
      '2026-11-10',
      '2026-10-22',
    ],
  ])('%s', (_reason, chosen, first, last, before) => {
    const period = periodOf(chosen, NOW, ZONE)
    expect(period).toMatchObject({ first, last, from: at(first) })
    expect(period?.before.from).toBe(at(before))
    expect(period?.before.to).toBeLessThanOrEqual(at(first))
  })

  it('that goes on is counted until now, and compared with as much of the one before', () => {
    const period = periodOf({ kind: 'day', day: '2026-11-21' }, NOW, ZONE)
    expect(period).toMatchObject({ to: NOW, goesOn: true })
    expect(period?.before).toEqual({ from: at('2026-11-20'), to: at('2026-11-20') + 15 * HOUR })
  })

  it('has days of the hub’s zone where clocks change', () => {
    const chosen: Chosen = { kind: 'day', day: '2026-10-25' }
    const period = periodOf(chosen, Date.UTC(2026, 11, 1), 'Europe/Berlin')
    expect((period?.to ?? 0) - (period?.from ?? 0)).toBe(25 * HOUR)
  })

  it.each<[reason: string, Chosen]>([
    ['its end is before its beginning', { kind: 'custom', first: '2026-11-10', last: '2026-11-09' }],
    ['it has not begun', { kind: 'day', day: '2026-11-22' }],
    ['it is longer than the hub counts at once', { kind: 'custom', first: '2025-01-01', last: '2026-11-01' }],
    ['half a date was typed', { kind: 'custom', first: '2026-11', last: '2026-11-09' }],
    ['there is no such date', { kind: 'day', day: '2026-13-40' }],
  ])('is none where %s', (_reason, chosen) => {
    expect(periodOf(chosen, NOW, ZONE)).toBe(undefined)
  })
})

describe('choosing', () => {
  it.each<[Chosen, by: 1 | -1, Chosen]>([
    [{ kind: 'day', day: '2026-03-01' }, -1, { kind: 'day', day: '2026-02-28' }],
    [{ kind: 'week', day: '2026-11-18' }, -1, { kind: 'week', day: '2026-11-11' }],
    [{ kind: 'month', day: '2026-03-31' }, -1, { kind: 'month', day: '2026-02-01' }],
    [
      { kind: 'custom', first: '2026-11-01', last: '2026-11-10' },
      1,
      { kind: 'custom', first: '2026-11-11', last: '2026-11-20' },
    ],
  ])('%j moved by %i is %j', (chosen, by, expected) => {
    expect(moved(chosen, by)).toEqual(expected)
  })

  it('keeps the time when the kind changes, and never goes beyond today', () => {
    expect(asKind({ kind: 'month', day: '2026-11-01' }, 'day', '2026-11-21')).toEqual({
      kind: 'day',
      day: '2026-11-21',
    })
    expect(asKind({ kind: 'week', day: '2026-11-18' }, 'custom', '2026-11-21')).toEqual({
      kind: 'custom',
      first: '2026-11-16',
      last: '2026-11-21',
    })
  })
})
