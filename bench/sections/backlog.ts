// What an SOS waits behind a million routine records that are stored and that nobody has folded.
//
// The records are published over MQTT, acknowledged and fsynced while no workers run. Then the workers start, and
// from their first folded record until the last one elders press. The split hub's workers are a process that is
// started late; the embedded hub is one process, so a program of the same code starts its workers last
// (late-hub.ts). What the start itself takes is in `drainedMs`, not in the waits.

import type { Traffic } from '../devices/traffic.ts'
import { type Counts, foldedAt } from '../hub/hub.ts'
import { settled } from '../process/proc.ts'
import type { Start, TargetName } from '../target.ts'
import { type Sos, sosLine, sosOf, startElders } from './sos.ts'
import { SHAPES } from './throughput.ts'

export type Backlog = {
  round: number
  target: TargetName
  records: number
  publishedPerSecond: number
  /** Workers told to start → the last record folded. */
  drainedMs: number
  sos: Sos
  /** Not stored although acknowledged; dropped for want of room. Must be 0. */
  lost: number
  shed: number
  /** Of those that were to lie there, not published: a device lost its socket. Must be 0. */
  unpublished: number
}

const SOS_PER_SECOND = 10
/** More elders than can press while it drains. */
const ELDERS = 1_000

export async function measureBacklog({
  rounds,
  records,
  starts,
  traffic,
  tell,
}: {
  rounds: number
  records: number
  starts: Readonly<Partial<Record<TargetName, Start>>>
  traffic: Traffic
  tell(line: string): void
}): Promise<Backlog[]> {
  const results: Backlog[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const [target, start] of Object.entries(starts) as [TargetName, Start][]) {
      const result = await measureOnce({ round, target, records, start, traffic })
      results.push(result)
      const drained = `published at ${Math.round(result.publishedPerSecond)}/s, drained in ${Math.round(result.drainedMs)} ms`
      const bad = isUsableBacklog(result) ? '' : ' NOT USED: something was lost or dropped'
      tell(`round ${round} ${target}, behind ${result.records}: SOS ${sosLine(result.sos)}; ${drained}${bad}`)
    }
  }
  return results
}

export const isUsableBacklog = ({ lost, shed, unpublished, sos }: Backlog): boolean =>
  lost === 0 && shed === 0 && unpublished === 0 && sos.lost === 0

async function measureOnce({
  round,
  target,
  records,
  start,
  traffic,
}: {
  round: number
  target: TargetName
  records: number
  start: Start
  traffic: Traffic
}): Promise<Backlog> {
  const [{ devices, inFlight }] = SHAPES
  const running = await start({ devices, sosDevices: ELDERS, lateWorkers: true })
  try {
    const { hub, mqttPort, pids } = running
    if (!hub) throw new Error(`${target} folds nothing`)
    await traffic.order('open', { port: mqttPort, devices, perSecond: devices })
    const sent = await traffic.order('send', { inFlight, records })
    const stored = await hub.counts()
    await traffic.order('close', {})
    const elders = await startElders({ hub, mqttPort })
    await elders.ready(ELDERS)
    await settled(pids)

    const startedAt = performance.timeOrigin + performance.now()
    await hub.startWorkers()
    await foldedAt(hub, 1)
    let isDraining = true
    const pressing = elders.press({ perSecond: SOS_PER_SECOND, isOn: () => isDraining })
    const drainedAt = await foldedAt(hub, stored.stored)
    isDraining = false
    const sos = sosOf(await pressing)
    elders.close()
    return {
      round,
      target,
      records: sent.acked,
      publishedPerSecond: (sent.acked / sent.tookMs) * 1_000,
      drainedMs: drainedAt - startedAt,
      sos,
      lost: lostOf(sent.acked, stored),
      shed: stored.shed,
      unpublished: records - sent.acked,
    }
  } finally {
    await running.stop()
  }
}

const lostOf = (acked: number, { stored, shed }: Counts): number => Math.max(0, acked - stored - shed)
