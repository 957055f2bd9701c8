// `node bench/zones.ts [device-months] [walks]`: how soon an exit is told, and how often there was none: by the live
// rule, by a bare inside or outside of each fix, and by one who knows how errors are made. Random, with fixed seeds.

import { table } from './table.ts'
import { type Band, DAY_MS, EDGE_M, MINUTE_MS } from './zones.band.ts'
import { byFlip, byOracle, byRule } from './zones.judges.ts'

const [months = 40, walks = 10_000] = process.argv.slice(2).map(Number)
/** The walker is to be told of so long after being this far outside. */
const BAR = { outM: 50, withinMs: 90_000 }
const SETS_OUT_MS = 10 * MINUTE_MS
const SAME_DWELL_MS = 60_000

const HOW: readonly (readonly [name: string, how: Partial<Band>])[] = [
  ['satellites', { only: 0 }],
  ['mixed', {}],
  ['mixed, errors × 1.5', { sigma: 1 }],
]
const STILL: readonly (readonly [name: string, insideM: number, how: Partial<Band>])[] = [
  ['20 m inside', 20, {}],
  ['20 m, errors × 1.5', 20, { sigma: 1 }],
  ['20 m, each source 30 min', 20, { staysMs: 30 * MINUTE_MS }],
  ['5 m inside', 5, {}],
  ['5 m, errors × 1.5', 5, { sigma: 1 }],
  ['5 m, each source 30 min', 5, { staysMs: 30 * MINUTE_MS }],
]
const JUDGES = [
  ['rule', (band: Band) => byRule(band).atMs[0]],
  ['bare flip, for good', (band: Band) => byFlip(band).atMs.at(-1)],
  ['oracle', (band: Band) => byOracle(band)],
  ['oracle, and the dwell', (band: Band) => byOracle(band, SAME_DWELL_MS)],
] as const

/** At 1 m/s, a fix every 20 s, the first of them at any time of these. */
function walkOut(how: Partial<Band>, seed: number): Band {
  const setsOutMs = SETS_OUT_MS + (seed % 20) * 1_000
  return {
    eastM: ms => Math.max(0, ms - setsOutMs) / 1_000,
    forMs: 40 * MINUTE_MS,
    everyMs: 20_000,
    ...how,
    seed,
  }
}

function delays(how: Partial<Band>, judge: (band: Band) => number | undefined): number[] {
  return Array.from({ length: walks }, (_, seed) => {
    const outMs = SETS_OUT_MS + (seed % 20) * 1_000 + (EDGE_M + BAR.outM) * 1_000
    return (judge(walkOut(how, seed)) ?? Number.POSITIVE_INFINITY) - outMs
  })
}

const isLate = (ms: number): boolean => ms > BAR.withinMs

const seconds = (ms: number | undefined): string => ((ms ?? Number.NaN) / 1_000).toFixed(0)

/** One row: `oracle` are the same walks, to tell which of those that were late it could not have told of either. */
function walkRow(how: string, judge: string, ms: readonly number[], oracle: readonly number[]): string[] {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (part: number): string => seconds(sorted[Math.floor(part * (ms.length - 1))])
  const mean = ms.reduce((sum, each) => sum + each, 0) / ms.length
  const late = ms.filter(isLate).length
  const lateForBoth = ms.filter((each, i) => isLate(each) && isLate(oracle[i] as number)).length
  const inTime = `${(100 * (1 - late / ms.length)).toFixed(2)} %`
  return [how, judge, seconds(mean), at(0.9), at(0.99), at(1), inTime, String(late), String(lateForBoth)]
}

console.log(`${walks} walks at 1 m/s, a fix every 20 s: seconds after being ${BAR.outM} m outside\n`)
const inTime = `within ${BAR.withinMs / 1_000} s`
const heads = ['sources', 'told by', 'mean', '90 %', '99 %', 'longest', inTime, 'late', 'oracle as well']
const rows = HOW.flatMap(([how, band]) => {
  const oracle = delays(band, byOracle)
  return JUDGES.map(([name, judge]) => walkRow(how, name, delays(band, judge), oracle))
})
console.log(table(heads, rows))

console.log(`\n${months} device-months each of a band that lies still, a fix a minute: exits\n`)
const stillRows = STILL.map(([name, insideM, how]) => {
  const bands = Array.from(
    { length: months },
    (_, seed): Band => ({
      eastM: () => EDGE_M - insideM,
      forMs: 30 * DAY_MS,
      everyMs: MINUTE_MS,
      ...how,
      seed: seed + 1,
    }),
  )
  const exits = bands.map(band => byRule(band).atMs.length)
  const flips = bands.slice(0, 4).map(band => byFlip(band).atMs.length)
  const sum = exits.reduce((all, each) => all + each, 0)
  const flipped = flips.reduce((all, each) => all + each, 0) / flips.length
  return [name, String(sum), (sum / months).toFixed(3), String(Math.max(...exits)), flipped.toFixed(0)]
})
console.log(table(['where', 'all', 'a month', 'most in one', 'of a bare flip, a month'], stillRows))
