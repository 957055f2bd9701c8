// Thirty nights and days at a fence: a band that lies still, with errors as they come from a wrist in a house, and an
// elder who walks out. Beside what the rule raises stands what a bare inside or outside of each fix would have.

import { describe, expect, it } from 'vitest'
import type { Location } from '../../../model/telemetry.ts'
import { epochMs } from '../../../model/units.ts'
import { distanceToShapeM } from '../../../workers/geometry/shape.ts'
import { type Context, NO_CONTEXT, type Raised } from '../../../workers/rule.ts'
import { zones } from '../../../workers/rules/zones.ts'
import { circle, placed, START_AT } from './story.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const CORRELATED_MS = 3 * MINUTE
const HOME = circle()
const EDGE_M = 300

/** Accuracy as stated, and how often: in a house most fixes are of Wi-Fi, at the window of satellites. */
const SOURCES = [
  { src: 'gps', acc: 12, share: 0.6 },
  { src: 'wifi', acc: 60, share: 0.25 },
  { src: 'lbs', acc: 800, share: 0.15 },
] as const
/** 68 % of a normal error in two dimensions lie within so many of its standard deviations. */
const SIGMAS = 1.51

type Band = {
  eastM: (passedMs: number) => number
  forMs: number
  everyMs: number
  /** Standard deviation along an axis, of the stated accuracy. */
  sigma?: number
  /** How long a source stays; each fix by itself when it is left out. */
  staysMs?: number
  /** The only source. */
  only?: number
  seed: number
}

/** What a band says, fix by fix; errors of each source go on from where they were. */
function* said({
  eastM,
  forMs,
  everyMs,
  sigma = 1 / SIGMAS,
  staysMs = 0,
  only,
  seed,
}: Band): Generator<[number, Location]> {
  const { uniform, normal } = diceOf(seed)
  const errors = SOURCES.map(() => [normal(), normal()] as [number, number])
  const keep = Math.exp(-everyMs / CORRELATED_MS)
  let source = 0
  let until = 0
  for (let passed = 0; passed < forMs; passed += everyMs) {
    for (const error of errors)
      for (const axis of [0, 1] as const)
        error[axis] = keep * error[axis] + Math.sqrt(1 - keep * keep) * normal()
    if (passed >= until) {
      source = only ?? pick(uniform())
      until = passed + staysMs
    }
    const { src, acc } = SOURCES[source] as (typeof SOURCES)[number]
    const [east, north] = errors[source] as [number, number]
    yield [passed, { ...placed(eastM(passed) + east * sigma * acc, north * sigma * acc), acc, src }]
  }
}

function pick(part: number): number {
  let sum = 0
  for (const [i, { share }] of SOURCES.entries()) {
    sum += share
    if (part < sum) return i
  }
  return 0
}

const context: Context = { ...NO_CONTEXT, residentId: 'elder', zones: [HOME] }

/** What the rule raises, and how often a bare test of each fix would go out. */
function told(band: Band): { raised: Raised[]; flips: number } {
  const raised: Raised[] = []
  let state = zones.start()
  let flips = 0
  let wasOut = false
  for (const [passed, loc] of said(band)) {
    const now = epochMs(START_AT + passed)
    const input = { type: 'sample', now, at: now, lateMs: 0, sample: { loc } } as const
    for (const step of [
      zones.step(state, input, context),
      zones.step(state, { type: 'tick', now }, context),
    ]) {
      if (step?.state) state = step.state
      if (step?.findings) raised.push(...step.findings)
    }
    const isOut = distanceToShapeM(HOME.shape, loc) > 0
    if (isOut && !wasOut) flips++
    wasOut = isOut
  }
  return { raised, flips }
}

const SEEDS = [1, 2, 3, 4, 5, 6]
const still = (insideM: number) => ({ eastM: () => EDGE_M - insideM, forMs: 30 * DAY, everyMs: MINUTE })

describe('a still band, thirty days, a fix a minute', () => {
  it.each<[string, number, Partial<Band>, number]>([
    ['20 m inside, sources mixed', 20, {}, 0],
    ['20 m inside, each source for half an hour', 20, { staysMs: 30 * MINUTE }, 0],
    ['20 m inside, errors one and a half times as large', 20, { sigma: 1 }, 0],
    ['5 m inside, sources mixed', 5, {}, 1],
    ['5 m inside, errors one and a half times as large', 5, { sigma: 1 }, 1],
  ])('%s', (where, insideM, how, atMost) => {
    const runs = SEEDS.map(seed => told({ ...still(insideM), ...how, seed }))
    const exits = runs.map(({ raised }) => raised.length)
    print(`${where}: exits ${exits.join(' ')}; a bare flip ${runs.map(({ flips }) => flips).join(' ')}`)
    expect(Math.max(...exits)).toBeLessThanOrEqual(atMost)
  })
})

describe('one who walks out at 1 m/s, a fix every 20 s', () => {
  it.each<[string, Partial<Band>, number]>([
    ['satellites', { only: 0 }, 1],
    ['satellites, errors one and a half times as large', { only: 0, sigma: 1 }, 1],
    ['sources mixed', {}, 0.5],
  ])('is missed within 90 s of being 50 m outside: %s', (how, band, share) => {
    const eastM = (ms: number): number => Math.max(0, ms - 10 * MINUTE) / 1_000
    const outAt = START_AT + 10 * MINUTE + (EDGE_M + 50) * 1_000
    const afterMs = Array.from({ length: 200 }, (_, seed) => {
      const { raised } = told({ eastM, forMs: 40 * MINUTE, everyMs: 20_000, ...band, seed })
      expect(raised).toHaveLength(1)
      return (raised[0]?.at ?? 0) - outAt
    }).sort((a, b) => a - b)
    const at = (part: number): number => (afterMs[Math.floor(part * (afterMs.length - 1))] ?? 0) / 1_000
    print(
      `walking out, ${how}: raised ${at(0)} to ${at(1)} s after, half by ${at(0.5)} s, 90 % by ${at(0.9)} s`,
    )
    expect(at(share)).toBeLessThanOrEqual(90)
  })
})

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Dice that always fall the same (mulberry32). */
function diceOf(seed: number): { uniform(): number; normal(): number } {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform() || 2 ** -33)) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal }
}
