import { describe, expect, it } from 'vitest'
import { freshnessOf, type Known, knownAfter, type Read } from '../../../console/charts/known.ts'
import { endOf, everyOf, spanAround } from '../../../console/charts/readings.ts'
import type { TimelineEntry } from '../../../model/incident.ts'
import { alarmOf, entryOf } from '../desk/given.ts'

const HOUR_MS = 3_600_000
const AT = 1_800_000_000_000
/** What a chart may be cut into (docs of the interface). */
const POINTS_MAX = 2_000

describe('the hours that are drawn', () => {
  it.each([1, 6, 20, 100])('go on to now while the alarm is open, also after %i h', hours => {
    const now = AT + hours * HOUR_MS
    expect(spanAround({ at: AT, endedAt: undefined }, now)).toEqual({
      from: AT - 3 * HOUR_MS,
      to: now,
      isLive: true,
    })
  })

  it('go on for an hour after its end, and stand still then', () => {
    const endedAt = AT + 8 * HOUR_MS
    expect(spanAround({ at: AT, endedAt }, endedAt + HOUR_MS / 2).isLive).toBe(true)
    expect(spanAround({ at: AT, endedAt }, endedAt + 50 * HOUR_MS)).toMatchObject({
      to: endedAt + HOUR_MS,
      isLive: false,
    })
  })

  it.each([1, 11, 50, 119, 500, 5_000])('of an alarm of %i h fit into one chart', hours => {
    const span = spanAround({ at: AT, endedAt: undefined }, AT + hours * HOUR_MS)
    expect((span.to - span.from) / everyOf(span)).toBeLessThanOrEqual(POINTS_MAX)
  })
})

describe('the end of an alarm', () => {
  const timeline: TimelineEntry[] = [
    entryOf({ seq: 1, at: 10 }),
    entryOf({ seq: 2, kind: 'resolved', at: 50 }),
    entryOf({ seq: 3, kind: 'noted', at: 90 }),
  ]

  it.each([
    ['accepted', undefined],
    ['resolved', 50],
    ['closed', 50],
  ] as const)('%s: %s', (state, end) => {
    expect(endOf({ alarm: alarmOf({ state }), timeline })).toBe(end)
  })
})

describe('readings that cannot be read again', () => {
  const read = (isLive: boolean): Read => ({
    status: 'known',
    span: { from: 0, to: 1, isLive },
    everyMs: 60_000,
    readings: {},
    thresholds: null,
    hasHoles: false,
  })
  const failed = { status: 'failed', problem: 'UNREACHABLE' } as const

  it('stay, and are not called live until they are read again', () => {
    const known = knownAfter({ status: 'loading' }, read(true)) as Known & { status: 'known' }
    expect(freshnessOf(known)).toBe('live')
    const stale = knownAfter(known, failed) as Known & { status: 'known' }
    expect([stale.readings, freshnessOf(stale)]).toEqual([known.readings, 'stale'])
    expect(freshnessOf(knownAfter(stale, read(true)) as Known & { status: 'known' })).toBe('live')
    expect(freshnessOf(knownAfter(stale, read(false)) as Known & { status: 'known' })).toBe('past')
  })

  it('are a failure where nothing was ever read', () => {
    expect(knownAfter({ status: 'loading' }, failed)).toEqual(failed)
  })
})
