// Every device of a town loses its connection at once and comes back as fast as it can: until when the last one
// is let in again, and what an SOS of those who stayed connected waits meanwhile.

import type { Traffic } from '../devices/traffic.ts'
import { settled } from '../process/proc.ts'
import type { Start, TargetName } from '../target.ts'
import { type Sos, sosLine, sosOf, startElders } from './sos.ts'

export type Reconnect = {
  round: number
  target: TargetName
  devices: number
  /** All opened again → the last one let in. */
  tookMs: number
  /** Those that were not let in at the end, and attempts that had to be made again. */
  missing: number
  failures: number
  /** Why the hub turned them away, by its own reasons. */
  refused: Readonly<Record<string, number>>
  sos: Sos
}

const OPEN_PER_SECOND = 2_000
const SOS_PER_SECOND = 10
const ELDERS = 300

/** Of one hub of a kind, which goes through it in every round. */
export async function measureReconnect({
  rounds,
  devices,
  starts,
  traffic,
  tell,
}: {
  rounds: number
  devices: number
  starts: Readonly<Partial<Record<TargetName, Start>>>
  traffic: Traffic
  tell(line: string): void
}): Promise<Reconnect[]> {
  const results: Reconnect[] = []
  for (const [target, start] of Object.entries(starts) as [TargetName, Start][]) {
    const running = await start({ devices, sosDevices: rounds * ELDERS })
    try {
      const { hub, mqttPort: port, pids } = running
      const elders = hub && (await startElders({ hub, mqttPort: port }))
      await settled(pids)
      await traffic.order('open', { port, devices, perSecond: OPEN_PER_SECOND })
      for (let round = 1; round <= rounds; round++) {
        await elders?.ready(ELDERS)
        await settled(pids)
        const before = await hub?.counts()
        let isOn = true
        const pressing = elders?.press({ perSecond: SOS_PER_SECOND, isOn: () => isOn })
        const returning = traffic.order('reconnect', {}).finally(() => {
          isOn = false
        })
        const { opened, tookMs, lostSockets: failures } = await returning
        const sos = sosOf((await pressing) ?? { waitsMs: [], lost: 0 })
        const refused = growthOf(before?.refused, (await hub?.counts())?.refused)
        results.push({ round, target, devices, tookMs, missing: devices - opened, failures, refused, sos })
        const back = `${opened} of ${devices} back after ${(tookMs / 1_000).toFixed(2)} s`
        const why = failures > 0 ? ` ${JSON.stringify(refused)}` : ''
        tell(`round ${round} ${target}: ${back}, ${failures} failed attempts${why}; SOS ${sosLine(sos)}`)
      }
      await traffic.order('close', {})
      elders?.close()
    } finally {
      await running.stop()
    }
  }
  return results
}

type Reasons = Readonly<Record<string, number>>

/** What was added to each; those that stayed as they were are left out. */
function growthOf(before: Reasons = {}, after: Reasons = {}): Record<string, number> {
  const grown = Object.entries(after).map(
    ([reason, count]) => [reason, count - (before[reason] ?? 0)] as const,
  )
  return Object.fromEntries(grown.filter(([, count]) => count > 0))
}
