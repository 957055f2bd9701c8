// What a person can ask of `npm run bench`.

import { parseArgs } from 'node:util'
import { TARGETS, type TargetName } from './target.ts'

export const SECTIONS = ['throughput', 'backlog', 'memory', 'reconnect'] as const
export type Section = (typeof SECTIONS)[number]

export type Options = {
  runs: number
  sections: readonly Section[]
  targets: readonly TargetName[]
  /** Everything once and short: to see that it works, not to know how fast it is. */
  quick: boolean
  /** Stores the figures and the chart under bench/results. */
  keep: boolean
  help: boolean
}

export const USAGE = `npm run bench -- [--runs 5] [--only <names>] [--quick] [--keep]

  --runs N        rounds of every measurement (5); in each, all targets take their turn
  --only a,b      sections (${SECTIONS.join(', ')}) and targets (${TARGETS.join(', ')}); without it all
  --quick         one short round of everything: shows that it works, not how fast it is
  --keep          stores figures and chart under bench/results`

/** Reads the arguments. @throws Error with one line for the person at the terminal. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick, keep, help } = values
  const runs = Number(values.runs ?? (quick ? 1 : 5))
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs is "${values.runs}"; allowed: a whole number from 1`)
  const only = values.only?.split(',').map(name => name.trim()) ?? []
  const known: readonly string[] = [...SECTIONS, ...TARGETS]
  const unknown = only.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new Error(`--only names "${unknown}"; allowed: ${known.join(', ')}, with commas between`)
  return { runs, sections: chosen(SECTIONS, only), targets: chosen(TARGETS, only), quick, keep, help }
}

/** Those that are named; all when none is. */
function chosen<T extends string>(all: readonly T[], names: readonly string[]): readonly T[] {
  const named = all.filter(name => names.includes(name))
  return named.length > 0 ? named : all
}
