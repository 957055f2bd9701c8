// What /proc says, read right: names with brackets, children of children, processes that are gone.

import { expect, test } from 'vitest'
import { familyOf, parseField, parseStat, usageOf } from '../../../bench/process/proc.ts'

const REST = '4194560 1 2 3 4'

test.each([
  [
    `42 (node) S 7 42 42 0 -1 ${REST} 100 20 3 4 20 0 11 0`,
    { pid: 42, parentPid: 7, cpuTicks: 127 },
    'a plain name',
  ],
  [
    `43 (postgres: io) (1) S 42 42 42 0 -1 ${REST} 1 1 0 0 20 0 1 0`,
    { pid: 43, parentPid: 42, cpuTicks: 2 },
    'a name with brackets and spaces',
  ],
])('%s', (text, expected) => {
  expect(parseStat(text)).toEqual(expected)
})

test.each([
  ['rchar: 6976\nwrite_bytes: 4096\ncancelled_write_bytes: 12\n', 'write_bytes', 4096],
  ['VmRSS:\t  120012 kB\nRssAnon:\t   98765 kB\n', 'RssAnon', 98_765],
  ['', 'RssAnon', 0],
])('a field of %j: %s is %d', (text, name, expected) => {
  expect(parseField(text, name)).toBe(expected)
})

test('a family is the processes that were named and all below them', () => {
  const stat = (pid: number, parentPid: number) => ({ pid, parentPid, cpuTicks: 1 })
  const stats = [stat(30, 20), stat(10, 1), stat(20, 10), stat(40, 1), stat(31, 20), stat(50, 40)]
  const pids = familyOf([10], stats).map(({ pid }) => pid)
  expect(pids.toSorted()).toEqual([10, 20, 30, 31])
  expect(familyOf([10, 20], stats)).toHaveLength(4) // who is named and below counts once
  expect(familyOf([99], stats)).toEqual([])
})

test.runIf(process.platform === 'linux')('this process has used something', () => {
  expect(usageOf([process.pid]).cpuMicros).toBeGreaterThan(0)
})
