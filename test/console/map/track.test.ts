// A track as it is drawn, and how much a position still says.

import { describe, expect, test } from 'vitest'
import { freshness, isCoarse, standingOf } from '../../../console/map/ages.ts'
import { gravest } from '../../../console/map/gravest.ts'
import { FIXES_KEPT, GAP_MS, joined, trackOf } from '../../../console/map/track.ts'
import { isLive, TRACK_MS, trackFrom, UNKNOWN, whereaboutsAfter } from '../../../console/map/whereabouts.ts'
import type { Fix } from '../../../model/history.ts'

const MINUTE_MS = 60_000
const NOW = 1_800_000_000_000
const fix = (at: number, change: Partial<Fix> = {}): Fix => ({
  deviceId: 'd1',
  at,
  receivedAt: at,
  lat: 37 + (at - NOW) / 1e10,
  lon: 122,
  acc: 10,
  src: 'gps',
  ...change,
})
const span = { from: NOW - TRACK_MS, to: NOW }
const walk = (minutes: readonly number[]) => minutes.map(minute => fix(NOW - minute * MINUTE_MS))

describe('a track', () => {
  test('fades in shades towards the past', () => {
    const { stretches } = trackOf(walk([350, 340, 200, 190, 20, 10, 0]), span)
    const shades = stretches.map(({ shade }) => shade)
    expect(shades).toEqual([...shades].sort((a, b) => a - b))
    expect(shades.at(-1)).toBe(3)
    expect(shades[0]).toBe(0)
  })

  test('is dotted where nothing was heard for half an hour, and only there', () => {
    const { stretches } = trackOf(walk([100, 95, 40, 35]), span)
    expect(stretches.map(({ isGap }) => isGap)).toEqual([false, true, false])
    expect(GAP_MS).toBeLessThan(55 * MINUTE_MS)
  })

  test('draws no way through coarse fixes: they are dots', () => {
    const cell = fix(NOW - 5 * MINUTE_MS, { acc: 1_500, src: 'lbs', lon: 123 })
    const { stretches, coarse } = trackOf([...walk([10, 8]), cell, ...walk([2])], span)
    expect(coarse).toEqual([[123, cell.lat]])
    expect(stretches.flatMap(({ line }) => line).every(([lon]) => lon === 122)).toBe(true)
  })

  test.each([[[]], [[0]]])('of %j fixes has no line', minutes => {
    expect(trackOf(walk(minutes), span).stretches).toEqual([])
  })

  test('takes in what is read anew: each instant once, in order, nothing from before', () => {
    const known = walk([400, 30, 10])
    const read = walk([10, 20, 0])
    expect(joined(known, read, span.from).map(({ at }) => (NOW - at) / MINUTE_MS)).toEqual([30, 20, 10, 0])
    const many = Array.from({ length: FIXES_KEPT + 5 }, (_, i) => fix(NOW - i))
    expect(joined([], many, 0)).toHaveLength(FIXES_KEPT)
  })
})

describe('a position', () => {
  test.each<[string, Partial<Fix>, boolean]>([
    ['a satellite fix', { acc: 15, src: 'gps' }, false],
    ['a wide circle', { acc: 201, src: 'gps' }, true],
    ['a cell tower without a word on its accuracy', { acc: undefined, src: 'lbs' }, true],
    ['no word at all', { acc: undefined, src: undefined }, false],
    ['a good cell fix', { acc: 80, src: 'lbs' }, false],
  ])('%s is coarse: %s', (_what, change, expected) => {
    const { acc, src } = { ...fix(NOW), ...change }
    expect(isCoarse({ acc, src })).toBe(expected)
  })

  test('is old after ten minutes', () => {
    expect(standingOf(fix(NOW - 10 * MINUTE_MS + 1), NOW).isOld).toBe(false)
    expect(standingOf(fix(NOW - 10 * MINUTE_MS), NOW).isOld).toBe(true)
  })

  test('is fresh by its share of the span', () => {
    expect([0, 50, 100, 200].map(at => freshness(at, { from: 0, to: 100 }))).toEqual([0, 0.5, 1, 1])
  })
})

describe('whereabouts', () => {
  test('an answer that was overtaken, or failed, takes nothing back', () => {
    const newer = whereaboutsAfter(UNKNOWN, { type: 'latest', fix: fix(NOW) })
    const older = whereaboutsAfter(newer, { type: 'latest', fix: fix(NOW - 1) })
    const failed = whereaboutsAfter(older, { type: 'latestFailed', problem: 'UNREACHABLE' })
    expect(failed.latest).toMatchObject({ status: 'failed', value: { at: NOW } })
    expect(whereaboutsAfter(newer, { type: 'latest', fix: null }).latest.value?.at).toBe(NOW)
  })

  test('the track is asked for whole at first, then from shortly before its end', () => {
    expect(trackFrom(UNKNOWN, NOW)).toBe(NOW - TRACK_MS)
    const known = whereaboutsAfter(UNKNOWN, { type: 'track', fixes: walk([60, 1]), hasHoles: false, from: 0 })
    expect(trackFrom(known, NOW)).toBe(NOW - 6 * MINUTE_MS)
  })

  test.each<[string, number[], boolean]>([
    ['every half minute up to now', [1, 0.5], true],
    ['every five minutes', [5, 0], false],
    ['long ago', [90, 89.5], false],
    ['a single fix', [0], false],
  ])('fixes %s are live: %s → %s', (_how, minutes, expected) => {
    const known = whereaboutsAfter(UNKNOWN, { type: 'track', fixes: walk(minutes), hasHoles: false, from: 0 })
    expect(isLive(known, NOW)).toBe(expected)
  })
})

test('the gravest of incidents that lie on each other gives the colour', () => {
  expect(gravest([{ severity: 'high' }, { severity: 'critical' }, {}])).toBe('critical')
  expect(gravest([{}])).toBeUndefined()
})
