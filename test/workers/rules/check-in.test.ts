// The daily "I'm well": by when, in whose time, and what counts as given.

import { describe, expect, it } from 'vitest'
import { type EpochMs, epochMs } from '../../../model/units.ts'
import { type Input, NO_CONTEXT, type Raised } from '../../../workers/rule.ts'
import { BACK_WITHIN_MS, checkIn } from '../../../workers/rules/check-in.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** An elder from a moment on: what is done, and what is missed, by the hour of the hub (UTC). */
function elder(begin: string, context: Partial<typeof NO_CONTEXT>) {
  let known = {
    ...NO_CONTEXT,
    areaId: 'home',
    residentId: 'elder',
    timeZone: 'UTC',
    checkInBy: '09:00',
    ...context,
  }
  let now: EpochMs = epochMs(Date.parse(begin))
  let state = checkIn.start()
  const missed: string[] = []

  function put(input: Input): readonly Raised[] {
    const step = checkIn.step(state === null ? null : JSON.parse(JSON.stringify(state)), input, known)
    if (step?.state !== undefined) state = step.state
    for (const { ended, evidence } of step?.findings ?? [])
      if (!ended) missed.push(`${evidence.day} at ${new Date(now).toISOString().slice(5, 16)}`)
    return step?.findings ?? []
  }
  put({ type: 'context', now })

  return {
    missed,
    state: () => state,
    /** Until then, with a tick every 10 s. */
    until(then: string): void {
      const end = Date.parse(then)
      while (now < end) {
        now = epochMs(Math.min(now + 10_000, end))
        put({ type: 'tick', now })
      }
    },
    /** Nothing runs until then; ticks go on afterwards and say so. */
    down(then: string): void {
      const gapMs = Date.parse(then) - now
      now = epochMs(Date.parse(then))
      put({ type: 'tick', now, gapMs })
    },
    checksIn(lateMs = 0): readonly Raised[] {
      const at = epochMs(now - lateMs)
      return put({ type: 'event', now, at, lateMs, event: { kind: 'check_in' }, bytesHash: '' })
    },
    says(): void {
      put({ type: 'sample', now, at: now, lateMs: 0, sample: { battery: 50 } })
    },
    change(changed: Partial<typeof NO_CONTEXT>): void {
      known = { ...known, ...changed }
      put({ type: 'context', now })
    },
  }
}

describe('a check-in', () => {
  it('that does not come is missed once a day, with the numbers', () => {
    const story = elder('2026-11-21T00:00Z', {})
    story.until('2026-11-23T12:00Z')
    expect(story.missed).toEqual([
      '2026-11-21 at 11-21T09:01',
      '2026-11-22 at 11-22T09:01',
      '2026-11-23 at 11-23T09:01',
    ])
    const [finding] =
      checkIn.step(
        { due: epochMs(0), day: 20_778 },
        { type: 'tick', now: epochMs(1) },
        {
          ...NO_CONTEXT,
          checkInBy: '09:00',
        },
      )?.findings ?? []
    expect(finding).toMatchObject({
      kind: 'missed_check_in',
      severity: 'high',
      evidence: { day: '2026-11-21', by: '09:00', timeZone: 'Asia/Shanghai' },
    })
  })

  it.each<[reason: string, at: string, lateMs: number, missed: number]>([
    ['an hour before', '2026-11-21T08:00Z', 0, 0],
    ['just after midnight', '2026-11-21T00:01Z', 0, 0],
    ['in the last second, on its way', '2026-11-21T09:00:30Z', 31_000, 0],
    ['pressed yesterday, sent today', '2026-11-21T08:00Z', 9 * HOUR, 1],
    ['too late', '2026-11-21T09:30Z', 0, 1],
    ['the evening before', '2026-11-20T23:00Z', 0, 1],
  ])('%s', (_reason, at, lateMs, missed) => {
    const story = elder('2026-11-20T12:00Z', {})
    story.until(at)
    story.checksIn(lateMs)
    story.until('2026-11-21T23:00Z')
    expect(story.missed).toHaveLength(missed)
  })

  it('says so, for the other devices of the elder', () => {
    const story = elder('2026-11-21T00:00Z', {})
    expect(story.checksIn()).toMatchObject([
      { kind: 'missed_check_in', ended: true, evidence: { day: '2026-11-21' } },
    ])
  })

  it('twice a day is once', () => {
    const story = elder('2026-11-21T00:00Z', {})
    for (const at of ['2026-11-21T07:00Z', '2026-11-21T08:00Z', '2026-11-21T20:00Z']) {
      story.until(at)
      story.checksIn()
    }
    story.until('2026-11-22T12:00Z')
    expect(story.missed).toEqual(['2026-11-22 at 11-22T09:01'])
  })
})

describe('the time', () => {
  it.each<[reason: string, timeZone: string, checkInBy: string, begin: string, missedAt: string]>([
    ['in Shanghai', 'Asia/Shanghai', '09:00', '2026-11-20T18:00Z', '2026-11-21 at 11-21T01:01'],
    ['half an hour off', 'Asia/Kolkata', '09:00', '2026-11-20T20:00Z', '2026-11-21 at 11-21T03:31'],
    ['behind UTC', 'America/New_York', '20:00', '2026-11-21T06:00Z', '2026-11-21 at 11-22T01:01'],
    ['the end of the day', 'UTC', '24:00', '2026-11-21T06:00Z', '2026-11-21 at 11-22T00:01'],
    ['midnight', 'UTC', '00:00', '2026-11-20T06:00Z', '2026-11-21 at 11-21T00:01'],
    ['in winter', 'Europe/Berlin', '09:00', '2026-03-28T00:00Z', '2026-03-28 at 03-28T08:01'],
    [
      'the day on which clocks go forward',
      'Europe/Berlin',
      '09:00',
      '2026-03-28T23:30Z',
      '2026-03-29 at 03-29T07:01',
    ],
    [
      'the day on which they go back',
      'Europe/Berlin',
      '09:00',
      '2026-10-24T22:30Z',
      '2026-10-25 at 10-25T08:01',
    ],
    [
      'an hour that the day leaves out',
      'Europe/Berlin',
      '02:30',
      '2026-03-28T23:30Z',
      '2026-03-29 at 03-29T01:31',
    ],
  ])('%s', (_reason, timeZone, checkInBy, begin, missedAt) => {
    const story = elder(begin, { timeZone, checkInBy })
    story.until(new Date(Date.parse(begin) + 20 * HOUR).toISOString())
    expect(story.missed.slice(0, 1)).toEqual([missedAt])
  })
})

describe('the registry', () => {
  it.each<[reason: string, change: Partial<typeof NO_CONTEXT>, missed: string[]]>([
    ['something else changes', { wandering: true }, ['2026-11-21 at 11-21T09:01']],
    ['it is later', { checkInBy: '10:00' }, ['2026-11-21 at 11-21T10:01']],
    ['it would be over already: today keeps its time', { checkInBy: '07:00' }, ['2026-11-21 at 11-21T09:01']],
    ['it is no longer expected', { checkInBy: null }, []],
  ])('%s', (_reason, change, missed) => {
    const story = elder('2026-11-21T00:00Z', {})
    story.until('2026-11-21T08:00Z')
    story.change(change)
    story.until('2026-11-21T20:00Z')
    expect(story.missed).toEqual(missed)
  })

  it('takes nothing back that was given', () => {
    const story = elder('2026-11-21T00:00Z', {})
    story.checksIn()
    story.change({ checkInBy: '10:00' })
    story.until('2026-11-21T20:00Z')
    expect(story.missed).toEqual([])
  })

  it('asks from the next day on when the time of today is over', () => {
    const story = elder('2026-11-21T12:00Z', { checkInBy: null })
    story.change({ checkInBy: '09:00' })
    story.until('2026-11-22T12:00Z')
    expect(story.missed).toEqual(['2026-11-22 at 11-22T09:01'])
  })

  it('is followed from the first word on where the rule is new', () => {
    const story = elder('2026-11-21T00:00Z', { checkInBy: null })
    expect(story.state()).toBeNull()
    story.says()
    expect(story.state()).toBeNull()
  })
})

describe('away and gaps', () => {
  it('away, nobody is missed; it ends by itself', () => {
    const story = elder('2026-11-21T00:00Z', { awayUntil: Date.parse('2026-11-23T00:00Z') })
    story.until('2026-11-23T12:00Z')
    expect(story.missed).toEqual(['2026-11-23 at 11-23T09:01'])
  })

  it('a hub that was down then waits for what devices have kept', () => {
    const story = elder('2026-11-21T00:00Z', {})
    story.until('2026-11-21T08:30Z')
    story.down('2026-11-21T10:00Z')
    story.until('2026-11-21T10:05Z')
    story.checksIn(90 * MINUTE)
    story.until('2026-11-21T23:00Z')
    expect(story.missed).toEqual([])
  })

  it('and tells it then', () => {
    const story = elder('2026-11-21T00:00Z', {})
    story.until('2026-11-21T08:30Z')
    story.down('2026-11-21T10:00Z')
    story.until('2026-11-21T23:00Z')
    expect(BACK_WITHIN_MS).toBe(30 * MINUTE)
    expect(story.missed).toEqual(['2026-11-21 at 11-21T10:30'])
  })

  it('a gap long before the time moves nothing', () => {
    const story = elder('2026-11-21T00:00Z', {})
    story.down('2026-11-21T02:00Z')
    story.until('2026-11-21T12:00Z')
    expect(story.missed).toEqual(['2026-11-21 at 11-21T09:01'])
  })
})

it('pressed before midnight with a clock that is ahead it is not the next day’s', () => {
  const one = elder('2027-03-01T08:00Z', {})
  one.until('2027-03-01T23:59:30Z')
  one.checksIn(-MINUTE)
  one.until('2027-03-02T09:30Z')
  expect(one.missed.map(line => line.slice(0, 10))).toEqual(['2027-03-01', '2027-03-02'])
})
