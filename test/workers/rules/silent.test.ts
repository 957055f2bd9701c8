// A device that is not heard: when it is told, what it takes to be silent, and what is no silence.

import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../model/units.ts'
import type { Raised } from '../../../workers/rule.ts'
import { HIGH_AFTER_MS, SILENT_AT_LEAST_MS, silent } from '../../../workers/rules/silent.ts'
import { START_AT, type Story, tell } from './story.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const brief = (found: readonly Raised[]): string[] =>
  found.map(({ kind, severity, ended }) => `${kind} ${ended ? 'ended' : severity}`)

/** A sample every `everyMs` for so long. */
function report(story: Story, everyMs: number, forMs: number): Raised[] {
  const found: Raised[] = []
  for (let passed = 0; passed < forMs; passed += everyMs) {
    found.push(...story.pass(everyMs))
    found.push(...story.sample({ battery: 50 }))
  }
  return found
}

/** After how many minutes of silence it is told, to the next full one; undefined within `withinMs`. */
function toldAfterMinutes(story: Story, withinMs: number): number | undefined {
  for (let passed = MINUTE; passed <= withinMs; passed += MINUTE)
    if (story.pass(MINUTE).length > 0) return passed / MINUTE
  return undefined
}

describe('the limit', () => {
  it.each<[reason: string, intervalMs: number | null, reportsEveryMs: number, from: number, to: number]>([
    ['ten seconds: never before ten minutes', 10_000, 10_000, 10, 13],
    ['a minute: jitter says nothing', MINUTE, MINUTE, 10, 13],
    ['ten minutes: two of them', 10 * MINUTE, 10 * MINUTE, 20, 23],
    ['an hour, whatever it does', HOUR, MINUTE, 120, 136],
    ['learned: a minute', null, MINUTE, 10, 13],
    ['learned: ten minutes', null, 10 * MINUTE, 20, 25],
    ['learned: half an hour, as at first', null, 30 * MINUTE, 60, 69],
    ['learned: two hours', null, 2 * HOUR, 240, 271],
  ])('%s', (_reason, intervalMs, everyMs, from, to) => {
    const story = tell([silent], { intervalMs })
    story.sample({ battery: 50 })
    report(story, everyMs, 6 * 24 * HOUR)
    const after = toldAfterMinutes(story, 12 * HOUR)
    expect(after).toBeGreaterThanOrEqual(from)
    expect(after).toBeLessThanOrEqual(to)
  })

  it('is learned without a false word from a device that rests now and then', () => {
    const story = tell([silent])
    story.sample({ battery: 50 })
    for (let round = 0; round < 30; round++) {
      report(story, MINUTE, 40 * MINUTE)
      report(story, 30 * MINUTE, 2 * HOUR)
    }
    story.raised.length = 0
    for (let round = 0; round < 30; round++) {
      report(story, MINUTE, 40 * MINUTE)
      report(story, 30 * MINUTE, 2 * HOUR)
    }
    expect(brief(story.raised)).toEqual([])
  })

  it('is moved little by one bad night', () => {
    const story = tell([silent])
    story.sample({ battery: 50 })
    report(story, MINUTE, 48 * HOUR)
    story.pass(9 * HOUR)
    story.sample({ battery: 50 })
    expect(toldAfterMinutes(story, HOUR)).toBeLessThanOrEqual(17)
  })
})

describe('a silence', () => {
  it('is told once, and ends by itself', () => {
    const story = tell([silent], { intervalMs: MINUTE })
    story.sample({ battery: 50 })
    expect(story.pass(SILENT_AT_LEAST_MS)).toEqual([])
    expect(story.pass(8 * HOUR)).toMatchObject([
      {
        kind: 'silent',
        severity: 'notice',
        evidence: { intervalMs: MINUTE, intervalIs: 'set', limitMs: 10 * MINUTE },
      },
    ])
    const [ended] = story.sample({ battery: 50 })
    expect(ended).toMatchObject({
      kind: 'silent',
      ended: true,
      evidence: { silentForMs: 8 * HOUR + 10 * MINUTE },
    })
    expect(report(story, MINUTE, HOUR)).toEqual([])
  })

  it('of an elder who lives alone is an emergency after a set time, told once', () => {
    const story = tell([silent], { intervalMs: MINUTE, livesAlone: true })
    story.sample({ battery: 50 })
    expect(brief(story.pass(HIGH_AFTER_MS - MINUTE))).toEqual(['silent notice'])
    expect(story.pass(2 * MINUTE)).toMatchObject([{ severity: 'high', evidence: { limitMs: HIGH_AFTER_MS } }])
    expect(story.pass(12 * HOUR)).toEqual([])
    expect(brief(story.sample({ battery: 50 }))).toEqual(['silent ended'])
  })

  it('of a device that speaks once a day is high when it is told at all', () => {
    const story = tell([silent], { intervalMs: 24 * HOUR, livesAlone: true })
    story.sample({ battery: 50 })
    expect(brief(story.pass(60 * HOUR))).toEqual(['silent notice', 'silent high'])
  })

  it.each<[string, (story: Story) => void]>([
    ['a sample that was stored for an hour', story => void story.sample({ battery: 50 }, HOUR)],
    ['a low battery', story => void story.event({ kind: 'low_battery' })],
    ['a check-in', story => void story.event({ kind: 'check_in' })],
  ])('is no silence with %s', (_what, say) => {
    const story = tell([silent], { intervalMs: MINUTE })
    story.sample({ battery: 50 })
    for (let i = 0; i < 12; i++) {
      story.pass(9 * MINUTE)
      say(story)
    }
    expect(story.raised).toEqual([])
  })

  it('begins with the first word: a device in its box is not silent', () => {
    const story = tell([silent], { intervalMs: MINUTE })
    story.change({ livesAlone: true })
    story.pass(24 * HOUR)
    expect(story.raised).toEqual([])
    expect(story.states.size).toBe(0)
  })

  it('is over when the device leaves the registry, and leaves nothing behind', () => {
    const story = tell([silent], { areaId: 'wh', intervalMs: MINUTE })
    story.sample({ battery: 50 })
    story.pass(HOUR)
    expect(story.change({ areaId: null })).toMatchObject([
      { ended: true, evidence: { because: 'not_registered' } },
    ])
    expect(story.states.size).toBe(0)
  })
})

describe('gaps of the hub', () => {
  it('an hour of downtime makes nobody silent, and is not counted later', () => {
    const story = tell([silent], { intervalMs: MINUTE })
    story.sample({ battery: 50 })
    story.pass(5 * MINUTE)
    story.outage(HOUR)
    expect(story.pass(5 * MINUTE)).toEqual([])
    expect(brief(story.pass(5 * MINUTE))).toEqual(['silent notice'])
  })

  it('does not learn from it', () => {
    const story = tell([silent])
    story.sample({ battery: 50 })
    report(story, MINUTE, 48 * HOUR)
    const before = story.states.get('silent')
    story.outage(10 * HOUR)
    story.pass(20_000)
    report(story, MINUTE, 10 * MINUTE)
    expect(JSON.parse(String(story.states.get('silent'))).ms).toBe(JSON.parse(String(before)).ms)
  })

  it('a clock that was set back makes nobody silent, nor deaf for as long', () => {
    const ahead = { at: epochMs(START_AT + 8 * HOUR), ms: 30 * MINUTE }
    const step = silent.step(ahead, { type: 'tick', now: START_AT }, {
      intervalMs: MINUTE,
      awayUntil: null,
    } as never)
    expect(step).toEqual({ state: { at: START_AT, ms: 30 * MINUTE } })
  })
})

describe('away', () => {
  it('says nothing until it ends by itself, and begins to count then', () => {
    const story = tell([silent], { areaId: 'wh', intervalMs: MINUTE, livesAlone: true })
    story.change({ awayUntil: START_AT + 24 * HOUR })
    story.sample({ battery: 50 })
    expect(story.pass(24 * HOUR + SILENT_AT_LEAST_MS)).toEqual([])
    expect(brief(story.pass(2 * MINUTE))).toEqual(['silent notice'])
    expect(brief(story.pass(HIGH_AFTER_MS))).toEqual(['silent high'])
  })

  it('takes what is told already off the list', () => {
    const story = tell([silent], { areaId: 'wh', intervalMs: MINUTE })
    story.sample({ battery: 50 })
    story.pass(HOUR)
    expect(story.change({ awayUntil: START_AT + 24 * HOUR })).toMatchObject([
      { ended: true, evidence: { because: 'away' } },
    ])
    expect(story.pass(HOUR)).toEqual([])
  })
})

it('writes little: one sample in two of a device that reports every minute, in under 40 bytes', () => {
  const story = tell([silent])
  story.sample({ battery: 50 })
  report(story, MINUTE, 48 * HOUR)
  let writes = 0
  for (let i = 0; i < 60; i++) {
    const before = story.states.get('silent')
    story.pass(MINUTE)
    story.sample({ battery: 50 })
    if (story.states.get('silent') !== before) writes++
  }
  expect(writes).toBeLessThanOrEqual(30)
  expect(String(story.states.get('silent')).length).toBeLessThan(40)
})
