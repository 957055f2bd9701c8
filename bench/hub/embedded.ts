// The embedded hub: one process, its data in a temporary folder on a disk, everything as it is by default.

import { systemClock as clock } from '../../clock.ts'
import { openRecords } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { reservePort } from '../../test/servers/ports.ts'
import { startChild } from '../process/child.ts'
import { makeFolder } from '../process/folder.ts'
import { openStops } from '../process/stops.ts'
import type { Need, Running } from '../target.ts'
import { countsOf, foldedOf, type Hub } from './hub.ts'
import { HUB_OPTIONS, hubEnv, startMain } from './process.ts'
import { seed } from './seed.ts'

export async function startEmbedded(need: Need): Promise<Running> {
  const stops = openStops()
  try {
    const data = makeFolder()
    stops.add(data.remove)
    const records = await openRecords({ dataDir: data.path, clock, nudge: startNudge() })
    await seed(records, need).finally(records.close)
    const running = need.lateWorkers ? await startLate(data.path) : await startWhole(data.path, need)
    stops.add(running.stop)
    return { ...running, stop: stops.run }
  } catch (error) {
    await stops.run()
    throw error
  }
}

async function startWhole(dataDir: string, { nodeArgs }: Need): Promise<Running> {
  const { pid, httpUrl, mqttPort, stop } = await startMain({ env: { DATA_DIR: dataDir }, nodeArgs })
  return { mqttPort, brokerPid: pid, pids: [pid], hub: hubAt(httpUrl, async () => undefined), stop }
}

/**
 * One process is all roles, so its workers cannot be held back from outside: late-hub.ts starts them last. That
 * nobody works on the partitions until then is no news, so its log is silent.
 */
async function startLate(dataDir: string): Promise<Running> {
  const [httpPort, mqttPort] = [await reservePort(), await reservePort()]
  const child = startChild('hub/late.ts', {
    nodeArgs: HUB_OPTIONS,
    env: { ...hubEnv({ httpPort, mqttPort }), DATA_DIR: dataDir, LOG_LEVEL: 'silent' },
  })
  await child.said()
  const httpUrl = `http://127.0.0.1:${httpPort}`
  const hub = hubAt(httpUrl, async () => void (await child.ask({ start: 'workers' })))
  return { mqttPort, brokerPid: child.pid, pids: [child.pid], hub, stop: child.stop }
}

const hubAt = (httpUrl: string, startWorkers: Hub['startWorkers']): Hub => ({
  httpUrl,
  counts: () => countsOf([httpUrl]),
  folded: () => foldedOf(httpUrl),
  startWorkers,
})
