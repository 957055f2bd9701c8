// `node bench/zones.ts [device-months] [walks] [device-months told of up to every second]`: how soon an exit is told, and
// how often there was none: by the live rule, by a bare inside or outside of each fix, and by one who knows how errors are
// made. Random, with fixed seeds. What is asked for 0 times is left out.

import { table } from './report/table.ts'
import { type Band, DAY_MS, EDGE_M, MINUTE_MS } from './zones/band.ts'
import { byFlip, byOracle, byRule } from './zones/judges.ts'

const [months = 40, walks = 10_000, tracked = 1] = process.argv.slice(2).map(Number)
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

function delays(how: Partial<Band>, judge: (band: Band) => number | undefined, count = walks): number[] {
  return Array.from({ length: count }, (_, seed) => {
    const outMs = SETS_OUT_MS + (seed % 20) * 1_000 + (EDGE_M + BAR.outM) * 1_000
    return (judge(walkOut(how, seed)) ?? Number.POSITIVE_INFINITY) - outMs
  })
}

const isLate = (ms: number): boolean => ms > BAR.withinMs

const secondsOf = (ms: number | undefined): string => ((ms ?? Number.NaN) / 1_000).toFixed(0)

/** One row: `oracle` are the same walks, to tell which of those that were late it could not have told of either. */
function walkRow(how: string, judge: string, ms: readonly number[], oracle: readonly number[]): string[] {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (part: number): string => secondsOf(sorted[Math.floor(part * (ms.length - 1))])
  const mean = ms.reduce((sum, each) => sum + each, 0) / ms.length
  const late = ms.filter(isLate).length
  const lateForBoth = ms.filter((each, i) => isLate(each) && isLate(oracle[i] as number)).length
  const inTime = `${(100 * (1 - late / ms.length)).toFixed(2)} %`
  return [how, judge, secondsOf(mean), at(0.9), at(0.99), at(1), inTime, String(late), String(lateForBoth)]
}

function tellWalks(): void {
  console.log(`${walks} walks at 1 m/s, a fix every 20 s: seconds after being ${BAR.outM} m outside\n`)
  const inTime = `within ${BAR.withinMs / 1_000} s`
  const heads = ['sources', 'told by', 'mean', '90 %', '99 %', 'longest', inTime, 'late', 'oracle as well']
  const said: string[] = []
  const rows = HOW.flatMap(([how, band]) => {
    const told = JUDGES.map(([name, judge]) => [name, delays(band, judge)] as const)
    const by = new Map(told)
    const oracle = by.get('oracle') ?? []
    said.push(besideOracle(how, by.get('rule') ?? [], oracle))
    return told.map(([name, ms]) => walkRow(how, name, ms, oracle))
  })
  console.log(`${table(heads, rows)}\n\n${said.join('\n')}`)
}

/** What nobody can do, and what is left. */
function besideOracle(how: string, rule: readonly number[], oracle: readonly number[]): string {
  const late = rule.filter(isLate).length
  const ofOracle = oracle.filter(isLate).length
  const both = rule.filter((ms, i) => isLate(ms) && isLate(oracle[i] as number)).length
  return `${how}: of ${walks} walks the oracle is late in ${ofOracle}, the rule in ${late}; ${both} of these are the same, ${late - both} could be had`
}

function tellNights(): void {
  console.log(`\n${months} device-months each of a band that lies still, a fix a minute: exits\n`)
  const rows = STILL.map(([name, insideM, how]) => {
    const exits = exitsOf(months, { insideM, everyMs: MINUTE_MS, how })
    const flips = stillBands(Math.min(4, months), { insideM, everyMs: MINUTE_MS, how })
    const flipped = meanOf(flips.map(band => byFlip(band).atMs.length))
    return [name, ...sumsOf(exits), flipped.toFixed(0)]
  })
  console.log(table(['where', 'all', 'a month', 'most in one', 'of a bare flip, a month'], rows))
}

/** As often as a band that somebody looks for is asked, or one on a charger. */
const TRACKED_EVERY_S = [1, 5, 20, 60] as const
const TRACKED_WALKS = 500

function tellTracked(): void {
  console.log(`\n${tracked} device-months each of a band that lies still, by how often it tells: exits\n`)
  const rows = STILL.flatMap(([name, insideM, how]) =>
    TRACKED_EVERY_S.map(seconds => [
      name,
      `${seconds} s`,
      ...sumsOf(exitsOf(tracked, { insideM, everyMs: seconds * 1_000, how })),
    ]),
  )
  console.log(table(['where', 'a fix every', 'all', 'a month', 'most in one'], rows))
  console.log(`\n${TRACKED_WALKS} walks, by how often the band tells\n`)
  const walkRows = HOW.flatMap(([how, band]) =>
    TRACKED_EVERY_S.map(seconds => {
      const every = { ...band, everyMs: seconds * 1_000 }
      const ms = delays(every, JUDGES[0][1], TRACKED_WALKS).toSorted((a, b) => a - b)
      return [
        how,
        `${seconds} s`,
        secondsOf(meanOf(ms)),
        secondsOf(ms.at(-1)),
        String(ms.filter(isLate).length),
      ]
    }),
  )
  console.log(table(['sources', 'a fix every', 'mean', 'longest', 'late'], walkRows))
}

type Still = { insideM: number; everyMs: number; how: Partial<Band> }

const stillBands = (count: number, { insideM, everyMs, how }: Still): Band[] =>
  Array.from({ length: count }, (_, i) => ({
    eastM: () => EDGE_M - insideM,
    forMs: 30 * DAY_MS,
    everyMs,
    ...how,
    seed: i + 1,
  }))

const exitsOf = (count: number, still: Still): number[] =>
  stillBands(count, still).map(band => byRule(band).atMs.length)

const sumsOf = (exits: readonly number[]): string[] => {
  const sum = exits.reduce((all, each) => all + each, 0)
  return [String(sum), (sum / exits.length).toFixed(3), String(Math.max(...exits))]
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length

if (walks > 0) tellWalks()
if (months > 0) tellNights()
if (tracked > 0) tellTracked()
