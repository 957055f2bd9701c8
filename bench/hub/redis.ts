// The hub at scale on one machine: Redis that fsyncs every write before it answers, PostgreSQL as it is by
// default, and the four roles as a process each. All six count for processor time and bytes.

import { join } from 'node:path'
import type { Role } from '../../config.ts'
import { startLog } from '../../log.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { startPostgresServer } from '../../test/servers/postgres.ts'
import { startRedisServer } from '../../test/servers/redis.ts'
import { makeFolder } from '../process/folder.ts'
import { openStops } from '../process/stops.ts'
import type { Need, Running } from '../target.ts'
import { countsOf, foldedOf } from './hub.ts'
import { type HubProcess, startMain } from './process.ts'
import { seed } from './seed.ts'

const MAX_MEMORY = '4gb'
/** The door opens last: whatever comes in finds the whole river behind it. */
const STARTED_IN_ORDER: readonly Role[] = ['workers', 'alerts', 'gateway', 'broker']

export async function startOnRedis(need: Need): Promise<Running> {
  const stops = openStops()
  try {
    const data = makeFolder()
    stops.add(data.remove)
    const redis = await startRedisServer({ args: ['--maxmemory', MAX_MEMORY] })
    stops.add(redis.remove)
    const postgres = await startPostgresServer()
    stops.add(postgres.remove)
    const log = startLog({ level: 'error' })
    const records = await openPostgresRecords({ url: postgres.url, nudge: startNudge(), log })
    await seed(records, need).finally(records.close)

    const processes = new Map<Role, HubProcess>()
    const start = async (role: Role): Promise<void> => {
      const env = {
        ROLES: role,
        REDIS_URL: redis.url,
        DATABASE_URL: postgres.url,
        DATA_DIR: join(data.path, role),
      }
      const nodeArgs = role === 'broker' ? need.nodeArgs : []
      const started = await startMain({ env, until: 'answering', nodeArgs })
      stops.add(started.stop)
      processes.set(role, started)
    }
    for (const role of STARTED_IN_ORDER) if (role !== 'workers' || !need.lateWorkers) await start(role)
    const { broker, gateway } = { broker: processes.get('broker'), gateway: processes.get('gateway') }
    if (!broker || !gateway) throw new Error('a hub has a broker and a gateway')
    return {
      mqttPort: broker.mqttPort,
      brokerPid: broker.pid,
      get pids() {
        return [redis.pid, postgres.pid ?? 0, ...[...processes.values()].map(({ pid }) => pid)]
      },
      hub: {
        httpUrl: gateway.httpUrl,
        counts: () => countsOf([...processes.values()].map(({ httpUrl }) => httpUrl)),
        folded: async () => foldedOf(processes.get('workers')?.httpUrl ?? ''),
        startWorkers: () => start('workers'),
      },
      stop: stops.run,
    }
  } catch (error) {
    await stops.run()
    throw error
  }
}
