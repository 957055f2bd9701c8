// What an idle authenticated connection costs the process that holds its socket.
//
// The first thousand connections make the room that a process needs once; the thousands after them are counted.
// Memory is the process' own pages (Pss) after everything has been idle for a while; garbage that no collection
// has looked for yet counts, because it takes room as well. What the kernel keeps for a socket is not in it.

import { memoryOf, settled } from './proc.ts'
import type { Start, TargetName } from './target.ts'
import type { Traffic } from './traffic.ts'

export type MemoryTarget = TargetName | 'socket'
export type Memory = {
  round: number
  target: MemoryTarget
  connections: number
  bytesPerConnection: number
  /** Connections that were refused or broke. */
  lostSockets: number
}

const FIRST = 1_000
const OPEN_PER_SECOND = 2_000
const SETTLE_MS = 2_000

export async function measureMemory({
  rounds,
  connections,
  starts,
  traffic,
  tell,
}: {
  rounds: number
  connections: number
  starts: Readonly<Partial<Record<MemoryTarget, Start>>>
  traffic: Traffic
  tell(line: string): void
}): Promise<Memory[]> {
  const results: Memory[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const [target, start] of Object.entries(starts) as [MemoryTarget, Start][]) {
      const running = await start({ devices: FIRST + connections, sosDevices: 0 })
      try {
        const { mqttPort: port, brokerPid, pids } = running
        const fill = async (devices: number): Promise<{ bytes: number; lostSockets: number }> => {
          const { lostSockets } = await traffic.order('open', { port, devices, perSecond: OPEN_PER_SECOND })
          await settled(pids)
          await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
          return { bytes: memoryOf(brokerPid), lostSockets }
        }
        await settled(pids)
        const first = await fill(FIRST)
        const all = await fill(FIRST + connections)
        await traffic.order('close', {})
        const bytesPerConnection = (all.bytes - first.bytes) / connections
        const lostSockets = first.lostSockets + all.lostSockets
        results.push({ round, target, connections, bytesPerConnection, lostSockets })
        tell(
          `round ${round} ${target}: ${Math.round(bytesPerConnection)} B a connection, ${connections} of them`,
        )
      } finally {
        await running.stop()
      }
    }
  }
  return results
}
