// What a verdict costs, in a process of its own, where code runs as it does live. Prints microseconds as JSON.

import { parseMotion } from '../../../model/parse.ts'
import { detectFall } from '../../../workers/falls/detector.ts'
import { asI16le, falling, recorded } from './bursts.ts'

const burst = recorded(falling)
const packed = asI16le(burst)
const text = JSON.stringify(burst)

const WORKS = {
  verdictUs: () => detectFall(burst),
  packedUs: () => detectFall(packed),
  checkedUs: () => parseMotion(text),
  readUs: () => JSON.parse(text),
}
process.stdout.write(JSON.stringify(fastestUs(WORKS)))

/**
 * The best of many short rounds, each work in its turn: what the code costs when nothing else of the machine is in its
 * way, at whatever moment that is.
 */
function fastestUs<W extends Record<string, () => unknown>>(works: W): Record<keyof W, number> {
  const best = Object.fromEntries(Object.keys(works).map(name => [name, Number.POSITIVE_INFINITY]))
  for (const work of Object.values(works)) for (let i = 0; i < 3_000; i++) work()
  for (let round = 0; round < 1_000; round++) {
    for (const [name, work] of Object.entries(works)) {
      const from = performance.now()
      for (let i = 0; i < 4; i++) work()
      best[name] = Math.min(best[name] as number, (performance.now() - from) / 4)
    }
  }
  return Object.fromEntries(
    Object.entries(best).map(([name, ms]) => [name, Math.round(ms * 10_000) / 10]),
  ) as Record<keyof W, number>
}
