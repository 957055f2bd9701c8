// An embedded hub whose workers start last, when the benchmark says so: the same code in a process of its own,
// in another order. Until then everything is taken in, fsynced and acknowledged, and nothing is folded.

import { systemClock as clock } from '../../clock.ts'
import { parseConfig } from '../../config.ts'
import { openHub } from '../../hub.ts'
import { startLog } from '../../log.ts'

const config = parseConfig({ argv: [], env: process.env })
const hub = await openHub({ config, clock, log: startLog({ level: config.logLevel }) })
await hub.startAlerts()
await hub.startGateway()
await hub.startBroker()
process.send?.({ answer: 'ready' })
process.once('message', async () => {
  await hub.startWorkers()
  process.send?.({ answer: 'started' })
})

const stop = async (): Promise<void> => {
  await hub.stop()
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('disconnect', () => void stop())
