// `npm run bench`: how fast the hub is, against limits measured in the same run on the same machine.

import { startTraffic, type Traffic } from './devices/traffic.ts'
import { startEmbedded } from './hub/embedded.ts'
import { startOnRedis } from './hub/redis.ts'
import { startReference } from './limits/reference.ts'
import { type Options, parseOptions, type Section, USAGE } from './options.ts'
import { describeMachine } from './report/machine.ts'
import { obstacle, programVersions } from './report/programs.ts'
import { keep } from './report/results.ts'
import type { Measured } from './report/summary.ts'
import { tablesOf } from './report/table.ts'
import { measureBacklog } from './sections/backlog.ts'
import { measureMemory } from './sections/memory.ts'
import { measureReconnect } from './sections/reconnect.ts'
import { measureThroughput } from './sections/throughput.ts'
import type { Need, Start, TargetName } from './target.ts'

const STARTS: Readonly<Record<TargetName, Start>> = {
  limit: need => startReference('limit.ts', need),
  aedes: need => startReference('bare-aedes.ts', need),
  embedded: startEmbedded,
  redis: startOnRedis,
}

const FULL = {
  durations: { warmUpMs: 2_000, measureMs: 5_000, halfLoadMs: 6_000 },
  records: 1_000_000,
  connections: 8_000,
  devices: 15_000,
}
const QUICK: typeof FULL = {
  durations: { warmUpMs: 1_000, measureMs: 2_000, halfLoadMs: 3_000 },
  records: 100_000,
  connections: 2_000,
  devices: 3_000,
}

/** Above this something else is at work. */
const QUIET_LOAD = 0.5

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) return console.log(USAGE)
  const reason = obstacle(options.targets)
  if (reason !== undefined) throw new Error(reason)
  const machine = describeMachine(programVersions())
  if (machine.loadBefore > QUIET_LOAD)
    console.log(`the machine is busy (load ${machine.loadBefore.toFixed(1)}): these figures are mostly noise`)
  const date = new Date().toISOString()
  const traffic = await startTraffic()
  try {
    const measured = await measure(options, traffic)
    console.log(`\n${tablesOf(measured)}`)
    console.log(`\n${Math.round(performance.now() / 1_000)} s in all`)
    if (!options.keep) return
    const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
    console.log(`\nkept: ${(await keep({ command, date, machine, measured })).join(', ')}`)
  } finally {
    await traffic.stop()
  }
}

/** Runs the sections that were asked for, one after the other. */
async function measure(
  { runs: rounds, sections, targets, quick }: Options,
  traffic: Traffic,
): Promise<Measured> {
  const { durations, records, connections, devices } = quick ? QUICK : FULL
  const only = (...names: TargetName[]) =>
    Object.fromEntries(names.filter(name => targets.includes(name)).map(name => [name, STARTS[name]]))
  const hubs = only('embedded', 'redis')
  const limit = { limit: STARTS.limit } // every ratio is to it
  const idle = { socket: (need: Need) => startReference('bare-socket.ts', need), ...only('aedes'), ...hubs }
  const each = { rounds, traffic, tell: console.log }
  const run = async <T>(section: Section, work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (!sections.includes(section)) return otherwise
    console.log(`— ${section}`)
    return work()
  }
  const { throughput, halfLoad } = await run(
    'throughput',
    () => measureThroughput({ ...each, targets: { ...only('aedes'), ...hubs, ...limit }, durations }),
    { throughput: [], halfLoad: [] },
  )
  const backlog = await run('backlog', () => measureBacklog({ ...each, records, starts: hubs }), [])
  const memory = await run('memory', () => measureMemory({ ...each, connections, starts: idle }), [])
  const reconnect = await run('reconnect', () => measureReconnect({ ...each, devices, starts: hubs }), [])
  return { throughput, halfLoad, backlog, memory, reconnect }
}

// Whatever was started is ended, and its data removed, as this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  await main()
  process.exit(0)
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}
