// Technical conditions: one finding when they begin, one when they end, nothing in between.

import { describe, expect, it } from 'vitest'
import type { Raised } from '../../../workers/rule.ts'
import { lowBattery } from '../../../workers/rules/low-battery.ts'
import { powerOff } from '../../../workers/rules/power-off.ts'
import { OFF_BEFORE_RAISED_MS, worn } from '../../../workers/rules/worn.ts'
import { tell } from './story.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const brief = (found: readonly Raised[]): string[] =>
  found.map(({ kind, severity, ended }) => `${kind} ${ended ? 'ended' : severity}`)

describe('low battery', () => {
  it('is raised once a discharge, and ends when charged', () => {
    const story = tell([lowBattery])
    const levels = [40, 21, 20, 19, 18, 22, 29, 19, 30, 31, 20]
    const heard = levels.map(battery => {
      story.pass(MINUTE)
      return [battery, ...brief(story.sample({ battery }))]
    })
    expect(heard).toEqual([
      [40],
      [21],
      [20, 'low_battery notice'],
      [19],
      [18],
      [22], // hysteresis: a battery at rest recovers a little
      [29],
      [19],
      [30, 'low_battery ended'],
      [31],
      [20, 'low_battery notice'],
    ])
  })

  it('takes the word of the device, once', () => {
    const story = tell([lowBattery])
    expect(story.event({ kind: 'low_battery', id: 'b1' })).toMatchObject([
      { kind: 'low_battery', severity: 'notice', eventId: 'b1' },
    ])
    story.pass(MINUTE)
    expect(story.event({ kind: 'low_battery', id: 'b2' })).toEqual([])
    expect(story.sample({ battery: 15 })).toEqual([])
    expect(brief(story.sample({ battery: 80 }))).toEqual(['low_battery ended'])
    expect(story.states.size).toBe(0)
  })

  it.each([
    ['a level of eleven minutes ago does not begin it', { begin: 11 * MINUTE, end: 0 }, []],
    [
      'a level of nine minutes ago does',
      { begin: 9 * MINUTE, end: 0 },
      ['low_battery notice', 'low_battery ended'],
    ],
    [
      'a full battery from before it ran low does not end it',
      { begin: 0, end: 20 * MINUTE },
      ['low_battery notice'],
    ],
  ])('%s', (_reason, { begin, end }, expected) => {
    const story = tell([lowBattery])
    story.sample({ battery: 10 }, begin)
    story.pass(10 * MINUTE)
    story.sample({ battery: 90 }, end)
    expect(brief(story.raised)).toEqual(expected)
  })
})

describe('power off', () => {
  it('lasts until a sample is taken afterwards', () => {
    const story = tell([powerOff])
    expect(brief(story.event({ kind: 'power_off' }))).toEqual(['power_off notice'])
    story.pass(8 * HOUR)
    expect(story.event({ kind: 'power_off' })).toEqual([])
    expect(story.sample({ battery: 50 }, 9 * HOUR)).toEqual([]) // stored before it went off, sent now
    expect(story.sample({ battery: 50 })).toMatchObject([{ ended: true, evidence: { offForMs: 8 * HOUR } }])
    expect(story.sample({ battery: 50 })).toEqual([])
  })
})

describe('worn', () => {
  it('ends what the removed event raised, and raises it not again', () => {
    const story = tell([worn])
    expect(story.event({ kind: 'removed' })).toEqual([])
    for (let minute = 0; minute < 30; minute++) {
      story.pass(MINUTE)
      expect(story.sample({ worn: false })).toEqual([])
    }
    story.pass(MINUTE)
    expect(story.sample({ worn: true })).toMatchObject([
      { kind: 'removed', ended: true, evidence: { offForMs: 31 * MINUTE } },
    ])
    story.pass(MINUTE)
    expect(story.sample({ worn: true })).toEqual([])
    expect(story.states.size).toBe(0)
  })

  it('is not ended by a sample from before', () => {
    const story = tell([worn])
    story.event({ kind: 'removed' })
    story.pass(MINUTE)
    expect(story.sample({ worn: true }, 2 * MINUTE)).toEqual([])
  })

  it('says nothing of a loose band', () => {
    const story = tell([worn])
    for (let i = 0; i < 60; i++) {
      story.pass(MINUTE)
      story.sample({ worn: i % 5 !== 0 })
    }
    expect(story.raised).toEqual([])
  })

  it.each([
    ['for anybody', false, 'removed notice'],
    ['for one who gets lost', true, 'removed high'],
  ])('speaks for a device that never sends the event, %s', (_who, wandering, expected) => {
    const story = tell([worn], { wandering })
    for (let passed = 0; passed <= OFF_BEFORE_RAISED_MS + 5 * MINUTE; passed += MINUTE) {
      story.sample({ worn: false })
      story.pass(MINUTE)
    }
    expect(brief(story.raised)).toEqual([expected])
    expect(brief(story.sample({ worn: true }))).toEqual(['removed ended'])
  })
})
