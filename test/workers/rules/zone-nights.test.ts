// Thirty nights and days at a fence: a band that lies still, with errors as they come from a wrist in a house, and an
// elder who walks out. Beside what the rule raises stands what a bare inside or outside of each fix would have.

import { describe, expect, it } from 'vitest'
import { type Band, DAY_MS, EDGE_M, MINUTE_MS } from '../../../bench/zones/band.ts'
import { byFlip, byOracle, byRule } from '../../../bench/zones/judges.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]
const still = (insideM: number) => ({ eastM: () => EDGE_M - insideM, forMs: 30 * DAY_MS, everyMs: MINUTE_MS })

describe('a still band, thirty days, a fix a minute', () => {
  it.each<[string, number, Partial<Band>, number]>([
    ['20 m inside, sources mixed', 20, {}, 0],
    ['20 m inside, each source for half an hour', 20, { staysMs: 30 * MINUTE_MS }, 0],
    ['20 m inside, errors one and a half times as large', 20, { sigma: 1 }, 0],
    ['5 m inside, sources mixed', 5, {}, 1],
    ['5 m inside, errors one and a half times as large', 5, { sigma: 1 }, 1],
  ])('%s', (where, insideM, how, atMost) => {
    const bands = SEEDS.map((seed): Band => ({ ...still(insideM), ...how, seed }))
    const exits = bands.map(band => byRule(band).atMs.length)
    const flips = bands.map(band => byFlip(band).atMs.length)
    print(`${where}: exits ${exits.join(' ')}; a bare flip ${flips.join(' ')}`)
    expect(Math.max(...exits)).toBeLessThanOrEqual(atMost)
  })
})

describe('a still band, thirty days, that is asked every few seconds', () => {
  it.each<[string, number, Partial<Band>]>([
    ['20 m inside, each source for half an hour', 20, { staysMs: 30 * MINUTE_MS }],
    ['5 m inside, sources mixed', 5, {}],
  ])('raises nothing: %s', (_where, insideM, how) => {
    const { atMs } = byRule({ ...still(insideM), ...how, everyMs: 5_000, seed: 1 })
    expect(atMs).toEqual([])
  })
})

const OUT_MS = 10 * MINUTE_MS + (EDGE_M + 50) * 1_000
const walking = { eastM: (ms: number): number => Math.max(0, ms - 10 * MINUTE_MS) / 1_000, everyMs: 20_000 }

describe('one who walks out at 1 m/s, a fix every 20 s', () => {
  it.each<[string, Partial<Band>, number]>([
    ['satellites', { only: 0 }, 1],
    ['satellites, errors one and a half times as large', { only: 0, sigma: 1 }, 1],
    ['sources mixed', {}, 1],
    ['sources mixed, errors one and a half times as large', { sigma: 1 }, 1],
  ])('is missed within 90 s of being 50 m outside: %s', (how, band, share) => {
    const afterMs = Array.from({ length: 200 }, (_, seed) => {
      const { atMs } = byRule({ ...walking, forMs: 40 * MINUTE_MS, ...band, seed })
      expect(atMs).toHaveLength(1)
      return (atMs[0] ?? 0) - OUT_MS
    }).sort((a, b) => a - b)
    const at = (part: number): number => (afterMs[Math.floor(part * (afterMs.length - 1))] ?? 0) / 1_000
    print(
      `walking out, ${how}: raised ${at(0)} to ${at(1)} s after, half by ${at(0.5)} s, 90 % by ${at(0.9)} s`,
    )
    expect(at(share)).toBeLessThanOrEqual(90)
  })
})

it('is told of one who walks out about as often in time as by an oracle, which cannot always tell either', () => {
  const bands = Array.from(
    { length: 4_000 },
    (_, i): Band => ({ ...walking, forMs: 20 * MINUTE_MS, seed: 5e5 + i }),
  )
  const isLate = (atMs = Number.POSITIVE_INFINITY): boolean => atMs > OUT_MS + 90_000
  const late = bands.filter(band => isLate(byRule(band).atMs[0])).length
  const lateOfOracle = bands.filter(band => isLate(byOracle(band))).length
  print(`walking out, sources mixed, 4,000 walks: late ${late}, by the oracle ${lateOfOracle}`)
  expect(lateOfOracle).toBeGreaterThan(0)
  expect(late).toBeLessThanOrEqual(lateOfOracle + 4) // one in a thousand
})

const print = (line: string): void => void process.stdout.write(`${line}\n`)
