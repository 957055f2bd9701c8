// What an idle authenticated connection costs the process that holds its socket.
//
// The first thousand connections make the room that a process needs once; the thousands after them are counted.
// The figure is the larger of two growths: of the process' own pages that are resident, and of what is left on
// its heap after a forced collection of garbage. Pages alone would flatter a hub, whose heap has grown at its start
// and has room to spare; the heap alone leaves out what Node keeps beside it. What the kernel keeps for a socket is
// in neither.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Traffic } from '../devices/traffic.ts'
import { heapFileOf } from '../process/heap-file.ts'
import { ownMemoryOf, settled } from '../process/proc.ts'
import type { Running, Start, TargetName } from '../target.ts'

export type MemoryTarget = TargetName | 'socket'
export type Memory = {
  round: number
  target: MemoryTarget
  connections: number
  bytesPerConnection: number
  residentBytesPerConnection: number
  heapBytesPerConnection: number
  /** Connections that were refused or broke. */
  lostSockets: number
}

const FIRST = 1_000
const OPEN_PER_SECOND = 2_000
const SETTLE_MS = 2_000
const COLLECTABLE = [
  '--expose-gc',
  '--import',
  fileURLToPath(new URL('../process/collect-on-signal.ts', import.meta.url)),
]

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
      const running = await start({ devices: FIRST + connections, sosDevices: 0, nodeArgs: COLLECTABLE })
      try {
        await settled(running.pids)
        const first = await fill({ running, traffic, devices: FIRST })
        const all = await fill({ running, traffic, devices: FIRST + connections })
        await traffic.order('close', {})
        const grown = (by: 'resident' | 'heap'): number => (all[by] - first[by]) / connections
        const result: Memory = {
          round,
          target,
          connections,
          bytesPerConnection: Math.max(grown('resident'), grown('heap')),
          residentBytesPerConnection: grown('resident'),
          heapBytesPerConnection: grown('heap'),
          lostSockets: first.lostSockets + all.lostSockets,
        }
        results.push(result)
        tell(lineOf(result))
      } finally {
        await running.stop()
      }
    }
  }
  return results
}

type Filled = { resident: number; heap: number; lostSockets: number }

async function fill({
  running: { mqttPort: port, brokerPid, pids },
  traffic,
  devices,
}: {
  running: Running
  traffic: Traffic
  devices: number
}): Promise<Filled> {
  const { lostSockets } = await traffic.order('open', { port, devices, perSecond: OPEN_PER_SECOND })
  await settled(pids)
  await pause(SETTLE_MS)
  const heap = await liveHeapOf(brokerPid)
  await pause(SETTLE_MS) // pages that became free are given back by another thread
  return { resident: ownMemoryOf(brokerPid), heap, lostSockets }
}

/** Lets the process collect its garbage and asks what is left, bytes. @throws Error when it does not answer. */
async function liveHeapOf(pid: number): Promise<number> {
  const path = heapFileOf(pid)
  process.kill(pid, 'SIGUSR2')
  for (const deadline = Date.now() + ANSWER_WITHIN_MS; !existsSync(path); await pause(20)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} does not say how large its heap is`)
  }
  const bytes = Number(readFileSync(path, 'utf8'))
  rmSync(path)
  return bytes
}

const ANSWER_WITHIN_MS = 10_000

function lineOf(result: Memory): string {
  const { round, target, connections, lostSockets } = result
  const resident = `resident ${Math.round(result.residentBytesPerConnection)} B`
  const heap = `live heap ${Math.round(result.heapBytesPerConnection)} B`
  const bad = lostSockets === 0 ? '' : ` NOT USED: ${lostSockets} connections were lost`
  return `round ${round} ${target}: a connection of ${connections} takes ${resident}, ${heap}${bad}`
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
