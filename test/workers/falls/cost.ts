// What a verdict costs, in a process of its own, where code runs as it does live. Prints microseconds as JSON.

import { parseMotion } from '../../../model/parse.ts'
import { detectFall } from '../../../workers/falls/detector.ts'
import { asI16le, falling, recorded } from './bursts.ts'

const burst = recorded(falling)
const packed = asI16le(burst)
const text = JSON.stringify(burst)

const costs = {
  verdictUs: fastestUs(() => detectFall(burst)),
  packedUs: fastestUs(() => detectFall(packed)),
  checkedUs: fastestUs(() => parseMotion(text)),
  readUs: fastestUs(() => JSON.parse(text)),
}
process.stdout.write(JSON.stringify(costs))

/** The best of many short rounds: what the code costs when nothing else of the machine is in its way. */
function fastestUs(work: () => unknown): number {
  for (let i = 0; i < 3_000; i++) work()
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 500; round++) {
    const from = performance.now()
    for (let i = 0; i < 4; i++) work()
    best = Math.min(best, (performance.now() - from) / 4)
  }
  return Math.round(best * 10_000) / 10
}
