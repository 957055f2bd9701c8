// `npm run bench`: the speed of this machine's hub against the limits measured in the same run.

import { startEmbedded } from './hub-embedded.ts'
import { parseOptions, USAGE } from './options.ts'
import { startReference } from './reference.ts'
import { measureThroughput } from './throughput.ts'
import { startTraffic } from './traffic.ts'

const options = parseOptions(process.argv.slice(2))
if (options.help) console.log(USAGE)
else {
  const traffic = await startTraffic()
  const starts = {
    limit: () => startReference('limit.ts'),
    aedes: () => startReference('bare-aedes.ts'),
    embedded: startEmbedded,
  }
  const targets = Object.fromEntries(
    Object.entries(starts).filter(([name]) => options.targets.some(target => target === name)),
  )
  const durations = options.quick
    ? { warmUpMs: 1_000, measureMs: 2_000, halfLoadMs: 3_000 }
    : { warmUpMs: 2_000, measureMs: 6_000, halfLoadMs: 8_000 }
  await measureThroughput({ rounds: options.runs, traffic, targets, durations, tell: console.log })
  await traffic.stop()
}
