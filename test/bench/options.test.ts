// What may be asked of `npm run bench`, and what is refused in one line.

import { expect, test } from 'vitest'
import { type Options, parseOptions, SECTIONS } from '../../bench/options.ts'
import { TARGETS } from '../../bench/target.ts'

const ALL = { sections: SECTIONS, targets: TARGETS, quick: false, keep: false, help: false }

test.each<[string, Options, string]>([
  ['', { ...ALL, runs: 5 }, 'everything, five times'],
  ['--quick', { ...ALL, runs: 1, quick: true }, 'once'],
  ['--quick --runs 3', { ...ALL, runs: 3, quick: true }, 'as often as asked'],
  ['--only backlog', { ...ALL, runs: 5, sections: ['backlog'] }, 'one section of all targets'],
  ['--only embedded', { ...ALL, runs: 5, targets: ['embedded'] }, 'one target in all sections'],
  [
    '--only throughput,redis,aedes --keep',
    { ...ALL, runs: 5, sections: ['throughput'], targets: ['aedes', 'redis'], keep: true },
    'both',
  ],
])('%s → %j (%s)', (line, expected) => {
  expect(parseOptions(line.split(' ').filter(Boolean))).toEqual(expected)
})

test.each([
  ['--runs 0', '--runs is "0"; allowed: a whole number from 1'],
  ['--runs many', '--runs is "many"'],
  ['--only speed', '--only names "speed"; allowed: throughput, '],
  ['--fast', "Unknown option '--fast'"],
])('%s is refused: %s', (line, reason) => {
  expect(() => parseOptions(line.split(' '))).toThrow(reason)
})
