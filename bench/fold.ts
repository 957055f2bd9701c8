// `node bench/fold.ts`: what folding a record of telemetry costs, as a multiple of `JSON.parse` of the same record in
// the same run, and how much state an elder leaves. Every rule runs, five zones hold, and a baseline is known.

import { costOfFold, costOfTick } from './fold/cost.ts'
import { stateAtWorst, stateInCrisis, stateInFalls, stateOfWeek } from './fold/state.ts'
import { spreadOf } from './report/figures.ts'
import { describeMachine } from './report/machine.ts'
import { table, withSpread } from './report/table.ts'

/** At most so many times `JSON.parse` of the same record, and so many bytes of JSON over all rules. */
const BARS = { parses: 3, bytes: 600 }

const { cpu, node, loadBefore } = describeMachine([])
console.log(`${cpu}, Node ${node}, load ${loadBefore.toFixed(1)}\n`)

const rounds = costOfFold({ devices: 200, rounds: 9, samplesARound: 100 })
const ratio = spreadOf(rounds.map(({ foldMicros, parseMicros }) => foldMicros / parseMicros))
console.log(
  table(
    ['a record of telemetry', 'median (from–to)', 'bar'],
    [
      ['JSON.parse, µs', withSpread(spreadOf(rounds.map(round => round.parseMicros))), ''],
      ['fold, µs', withSpread(spreadOf(rounds.map(round => round.foldMicros))), ''],
      ['fold ÷ JSON.parse', withSpread(ratio), verdict(ratio?.median ?? Number.NaN, BARS.parses)],
      ['a tick, µs a device', withSpread(spreadOf(costOfTick({ devices: 1_000, rounds: 9 }))), ''],
    ],
  ),
)

const { rows, bytes } = stateOfWeek()
const usual = spreadOf(bytes)
const worst = Math.max(...stateInCrisis().bytes)
const atWorst = Math.max(...stateAtWorst().bytes)
const fallen = stateInFalls()
const mostFallen = Math.max(...fallen.bytes)
console.log(
  `\n${table(
    ['state of an elder', 'bytes', 'bar'],
    [
      ...rows.map(({ table: name, bytes: its }) => [name, String(its), '']),
      ['of the rules, hours of a week', withSpread(usual), verdict(usual?.max ?? Number.NaN, BARS.bytes)],
      ['in a crisis, at most', String(worst), verdict(worst, BARS.bytes)],
      [`on a day of ${fallen.falls} falls, at most`, String(mostFallen), verdict(mostFallen, BARS.bytes)],
      ['all of that at once, at most', String(atWorst), verdict(atWorst, BARS.bytes)],
    ],
  )}`,
)

function verdict(figure: number, bar: number): string {
  return `≤ ${bar} ${figure <= bar ? 'met' : 'UNMET'}`
}
