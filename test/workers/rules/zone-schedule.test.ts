// Zones that hold at some times only, by the clock on the elder's wall.

import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../../model/schedule.ts'
import { epochMs } from '../../../model/units.ts'
import { holdsAt, nextEdge } from '../../../workers/rules/schedule.ts'
import { NOW_WITHIN_MS, zones } from '../../../workers/rules/zones.ts'
import { circle, START_AT, tell } from './story.ts'
import { at, fixes, HOUR, MINUTE } from './walk.ts'

const DAILY = [1, 2, 3, 4, 5, 6, 7]
const on = (from: string, to: string, days = DAILY): Schedule => [{ days, from, to }]
const utc = (text: string) => epochMs(Date.parse(text))

describe('a schedule', () => {
  it.each<[string, Schedule, string, string, boolean]>([
    ['empty is always', [], 'Asia/Shanghai', '2026-11-21T04:00:00Z', true],
    ['before it begins', on('06:00', '22:00'), 'Asia/Shanghai', '2026-11-20T21:59:59Z', false],
    ['as it begins', on('06:00', '22:00'), 'Asia/Shanghai', '2026-11-20T22:00:00Z', true],
    ['just before it ends', on('06:00', '22:00'), 'Asia/Shanghai', '2026-11-21T13:59:59Z', true],
    ['as it ends', on('06:00', '22:00'), 'Asia/Shanghai', '2026-11-21T14:00:00Z', false],
    ['to the end of the day', on('22:00', '24:00'), 'Asia/Shanghai', '2026-11-21T15:59:59Z', true],
    ['and the next day is another', on('22:00', '24:00'), 'Asia/Shanghai', '2026-11-21T16:00:00Z', false],
    ['on a Saturday', on('06:00', '22:00', [6]), 'Asia/Shanghai', '2026-11-21T04:00:00Z', true],
    ['not on a Friday', on('06:00', '22:00', [5]), 'Asia/Shanghai', '2026-11-21T04:00:00Z', false],
    [
      'it is Sunday already in Shanghai',
      on('00:00', '02:00', [7]),
      'Asia/Shanghai',
      '2026-11-21T17:00:00Z',
      true,
    ],
    [
      'and still Saturday in London',
      on('17:00', '18:00', [6]),
      'Europe/London',
      '2026-11-21T17:00:00Z',
      true,
    ],
    ['half an hour off', on('09:30', '09:31'), 'Asia/Kolkata', '2026-11-21T04:00:00Z', true],
    ['west of Greenwich', on('23:00', '23:30', [5]), 'America/New_York', '2026-11-21T04:10:00Z', true],
    ['in winter', on('08:00', '09:00'), 'Europe/Berlin', '2027-01-15T07:30:00Z', true],
    ['in summer an hour earlier', on('08:00', '09:00'), 'Europe/Berlin', '2027-07-15T06:30:00Z', true],
    ['and no more an hour later', on('08:00', '09:00'), 'Europe/Berlin', '2027-07-15T07:30:00Z', false],
    ['the hour that is left out', on('02:00', '03:00'), 'Europe/Berlin', '2027-03-28T01:00:00Z', false],
    ['the minute before it', on('01:59', '02:00'), 'Europe/Berlin', '2027-03-28T00:59:00Z', true],
    ['the hour that comes twice, first', on('02:00', '03:00'), 'Europe/Berlin', '2027-10-31T00:30:00Z', true],
    ['and again', on('02:00', '03:00'), 'Europe/Berlin', '2027-10-31T01:30:00Z', true],
    ['long before 1970', on('06:00', '22:00', [1]), 'Asia/Shanghai', '1960-01-04T04:00:00Z', true],
  ])('%s', (_why, schedule, timeZone, when, expected) => {
    expect(holdsAt(circle({ schedule, timeZone }), utc(when), 'UTC')).toBe(expected)
  })

  it('goes by the elder’s time zone where it has none of its own', () => {
    const zone = circle({ schedule: on('12:00', '13:00') })
    expect(holdsAt(zone, utc('2026-11-21T04:30:00Z'), 'Asia/Shanghai')).toBe(true)
    expect(holdsAt(zone, utc('2026-11-21T04:30:00Z'), 'Europe/London')).toBe(false)
  })

  it.each([
    ['in China', 'Asia/Shanghai', '2026-11-20T00:00:00Z'],
    ['over the change to summer', 'Europe/Berlin', '2027-03-27T00:00:00Z'],
    ['over the change to winter', 'Europe/Berlin', '2027-10-30T00:00:00Z'],
    ['where it changes by half an hour', 'Australia/Lord_Howe', '2027-04-03T00:00:00Z'],
  ])('names a time before anything changes, which is the same until then: %s', (_where, timeZone, from) => {
    const zone = circle({
      timeZone,
      schedule: [...on('02:15', '02:45', [6, 7]), ...on('08:00', '20:00', [1])],
    })
    const start = utc(from)
    for (let t = start; t < start + 72 * HOUR; t = epochMs(t + 7 * MINUTE)) {
      const edge = nextEdge([zone], t, 'UTC') as number
      expect(edge).toBeGreaterThan(t)
      const holds = holdsAt(zone, t, 'UTC')
      for (let later = t + MINUTE; later < edge; later += 11 * MINUTE) {
        expect(holdsAt(zone, epochMs(later), 'UTC')).toBe(holds)
        expect(nextEdge([zone], epochMs(later), 'UTC')).toBe(edge)
      }
    }
  })

  it('costs no call of Intl a fix', () => {
    const zone = circle({ schedule: on('06:00', '22:00') })
    const before = performance.now()
    for (let i = 0; i < 100_000; i++) holdsAt(zone, epochMs(START_AT + i * 1_000), 'Asia/Shanghai')
    const eachUs = ((performance.now() - before) * 1_000) / 100_000
    expect(eachUs).toBeLessThan(10) // a formatter takes some ten microseconds, this a tenth of one
  })
})

// Stories begin at 08:00 UTC, 16:00 in Shanghai.
describe('a zone that begins to hold', () => {
  it('is told when the elder is outside of it by then, and again on the next day', () => {
    const story = tell([zones], { zones: [circle({ schedule: on('18:00', '20:00') })] })
    fixes(story, 10 * MINUTE, ...Array(12).fill(at(900)))
    expect(story.raised).toMatchObject([{ kind: 'zone_exit', evidence: { reason: 'far' } }])
    expect(story.raised[0]?.at).toBe(START_AT + 2 * HOUR)
    fixes(story, 10 * MINUTE, ...Array(100).fill(at(900)))
    expect(story.raised).toHaveLength(1)
    fixes(story, 10 * MINUTE, ...Array(50).fill(at(900)))
    expect(story.raised).toHaveLength(2)
  })

  it('of danger is told when the elder is inside of it by then', () => {
    const schedule = on('18:00', '20:00')
    const story = tell([zones], { zones: [circle({ kind: 'danger', schedule })] })
    fixes(story, 10 * MINUTE, ...Array(12).fill(at(0)))
    expect(story.raised).toMatchObject([{ kind: 'danger_zone_enter', at: START_AT + 2 * HOUR }])
  })

  it.each([
    ['of half an hour ago', NOW_WITHIN_MS, 1],
    ['that is older, which the next one is for', NOW_WITHIN_MS + MINUTE, 0],
  ])('is judged by a fix %s', (_age, ageMs, expected) => {
    const story = tell([zones], { zones: [circle({ schedule: on('18:00', '20:00') })] })
    story.pass(2 * HOUR - ageMs)
    story.sample(at(900))
    expect(story.pass(ageMs)).toHaveLength(expected)
    expect(fixes(story, MINUTE, at(900))).toBe(1 - expected)
  })

  it('raises nothing before and nothing afterwards', () => {
    const story = tell([zones], { zones: [circle({ schedule: on('18:00', '18:10') })] })
    fixes(story, MINUTE, ...Array(115).fill(at(900)))
    fixes(story, MINUTE, ...Array(20).fill(at(0)))
    fixes(story, MINUTE, ...Array(60).fill(at(900)))
    expect(story.raised).toEqual([])
  })

  it('leaves one who is out of both fences with what was told', () => {
    const park = circle({ id: 'park', eastM: 1_000, schedule: on('08:00', '17:00') })
    const story = tell([zones], { zones: [circle(), park] })
    fixes(story, 10 * MINUTE, at(1_000), at(1_000), at(1_900), at(1_900)) // out of both, nearest to the park
    expect(story.raised).toMatchObject([{ evidence: { zoneId: 'park' } }])
    fixes(story, 10 * MINUTE, ...Array(6).fill(at(1_900)))
    expect(story.raised).toHaveLength(1)
  })

  it('in the park when it closes is out of home', () => {
    const park = circle({ id: 'park', eastM: 1_000, schedule: on('08:00', '17:00') })
    const story = tell([zones], { zones: [circle(), park] })
    fixes(story, 10 * MINUTE, ...Array(8).fill(at(1_000)))
    expect(story.raised).toMatchObject([{ at: START_AT + HOUR, evidence: { zoneId: 'home' } }])
  })

  it('writes nothing at ticks that change nothing', () => {
    const story = tell([zones], { zones: [circle({ schedule: on('18:00', '20:00') })] })
    story.sample(at(0))
    const before = story.states.get('zones')
    story.pass(HOUR)
    expect(story.states.get('zones')).toBe(before)
  })
})
