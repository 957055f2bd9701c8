// Messages a second, CPU and bytes a message, in two shapes; and what an SOS waits meanwhile.
//
// A hub's run begins with nothing on the way and ends when the workers have folded the last record that was
// acknowledged. `sustained` is messages by that whole time, so a hub that acknowledges faster than it rules gains
// nothing by it; processor time and bytes are taken until then as well.

import type { Traffic } from '../devices/traffic.ts'
import { foldedAt, type Hub } from '../hub/hub.ts'
import { settled, usageOf } from '../process/proc.ts'
import { type Need, type Running, type Start, TARGETS, type TargetName } from '../target.ts'
import { type Elders, type Sos, sosLine, sosOf, startElders } from './sos.ts'

export const SHAPES = [
  { name: '50 × 64', devices: 50, inFlight: 64 },
  { name: '1000 × 1', devices: 1_000, inFlight: 1 },
] as const
export type ShapeName = (typeof SHAPES)[number]['name']
type Shape = (typeof SHAPES)[number]

export type Throughput = {
  round: number
  target: TargetName
  shape: ShapeName
  acked: number
  ackedPerSecond: number
  sustainedPerSecond: number
  cpuMicrosPerMessage: number
  generatorCpuMicrosPerMessage: number
  writtenBytesPerMessage: number
  /** Last PUBACK → last record folded. */
  foldedAfterMs: number
  /** Never acknowledged; acknowledged and not stored; dropped for want of room; sockets that broke. Must be 0. */
  unacked: number
  lost: number
  shed: number
  lostSockets: number
  sos?: Sos
}

export type HalfLoad = {
  round: number
  target: TargetName
  perSecond: number
  acked: number
  unacked: number
  shed: number
  sos: Sos
}

export type Durations = { warmUpMs: number; measureMs: number; halfLoadMs: number }

/** A run that lost or dropped something has measured another thing than the others. */
export const isUsable = ({ unacked, lost, shed, lostSockets, sos }: Throughput): boolean =>
  unacked === 0 && lost === 0 && shed === 0 && lostSockets === 0 && (sos?.lost ?? 0) === 0

export const isUsableHalfLoad = ({ unacked, shed, sos }: HalfLoad): boolean =>
  unacked === 0 && shed === 0 && sos.lost === 0

const SOS_PER_SECOND = 20
const OPEN_PER_SECOND = 2_000

export async function measureThroughput({
  rounds,
  targets,
  traffic,
  durations,
  tell,
}: {
  rounds: number
  targets: Readonly<Partial<Record<TargetName, Start>>>
  traffic: Traffic
  durations: Durations
  tell(line: string): void
}): Promise<{ throughput: Throughput[]; halfLoad: HalfLoad[] }> {
  const throughput: Throughput[] = []
  const halfLoad: HalfLoad[] = []
  const presses = Math.ceil(
    ((durations.measureMs * SHAPES.length + durations.halfLoadMs) / 1_000) * SOS_PER_SECOND,
  )
  const need: Need = { devices: 1_000, sosDevices: presses + 3 * SPARE }
  for (let round = 1; round <= rounds; round++) {
    for (const target of TARGETS) {
      const start = targets[target]
      if (!start) continue
      const running = await start(need)
      const run: Run = { round, target, running, traffic, durations }
      try {
        const elders = running.hub && (await startElders({ hub: running.hub, mqttPort: running.mqttPort }))
        const results: Throughput[] = []
        for (const shape of SHAPES) results.push(await measureShape(run, shape, elders))
        throughput.push(...results)
        for (const result of results) tell(lineOf(result))
        const perSecond = (results[0]?.sustainedPerSecond ?? 0) / 2
        if (running.hub && elders) {
          const half = await measureHalfLoad(run, { hub: running.hub, elders, perSecond })
          halfLoad.push(half)
          tell(`  ${target}, half load (${Math.round(perSecond)}/s): SOS ${sosLine(half.sos)}`)
        }
        elders?.close()
      } finally {
        await running.stop()
      }
    }
  }
  return { throughput, halfLoad }
}

type Run = { round: number; target: TargetName; running: Running; traffic: Traffic; durations: Durations }

/** Elders who stand ready beyond those that are expected to press. */
const SPARE = 20

async function measureShape(run: Run, shape: Shape, elders: Elders | undefined): Promise<Throughput> {
  const { round, target, running, traffic, durations } = run
  const { hub, pids } = running
  const { inFlight } = shape
  await traffic.order('open', { port: running.mqttPort, devices: shape.devices, perSecond: OPEN_PER_SECOND })
  await elders?.ready(Math.ceil((durations.measureMs / 1_000) * SOS_PER_SECOND) + SPARE)
  await settled(pids)
  await warmUp(run, inFlight)
  const before = { hub: await hub?.counts(), server: usageOf(pids), generator: usageOf([traffic.pid]) }

  let isSending = true
  const pressing = elders?.press({ perSecond: SOS_PER_SECOND, isOn: () => isSending })
  const sent = await traffic.order('send', { inFlight, forMs: durations.measureMs })
  isSending = false
  const sendEndedAt = sent.startedAt + sent.tookMs
  const endedAt = hub && before.hub ? await foldedAt(hub, before.hub.folded + sent.acked) : sendEndedAt
  const after = { hub: await hub?.counts(), server: usageOf(pids), generator: usageOf([traffic.pid]) }
  const presses = await pressing
  await traffic.order('close', {})

  const { acked } = sent
  const since = (name: 'stored' | 'shed'): number => (after.hub?.[name] ?? 0) - (before.hub?.[name] ?? 0)
  return {
    round,
    target,
    shape: shape.name,
    acked,
    ackedPerSecond: (sent.ackedInWindow / sent.windowMs) * 1_000,
    sustainedPerSecond: (acked / (endedAt - sent.startedAt)) * 1_000,
    cpuMicrosPerMessage: (after.server.cpuMicros - before.server.cpuMicros) / acked,
    generatorCpuMicrosPerMessage: (after.generator.cpuMicros - before.generator.cpuMicros) / acked,
    writtenBytesPerMessage: (after.server.writtenBytes - before.server.writtenBytes) / acked,
    foldedAfterMs: endedAt - sendEndedAt,
    unacked: sent.sent - acked,
    lost: hub ? Math.max(0, acked - since('stored') - since('shed')) : 0,
    shed: since('shed'),
    lostSockets: sent.lostSockets,
    ...(presses && { sos: sosOf(presses) }),
  }
}

/** Compilers and caches get warm; then everything of it is folded, so that the run begins with an empty river. */
async function warmUp({ running: { hub }, traffic, durations }: Run, inFlight: number): Promise<void> {
  const before = await hub?.counts()
  const { acked } = await traffic.order('send', { inFlight, forMs: durations.warmUpMs })
  if (hub && before) await foldedAt(hub, before.folded + acked)
}

async function measureHalfLoad(
  { round, target, running, traffic, durations }: Run,
  { hub, elders, perSecond }: { hub: Hub; elders: Elders; perSecond: number },
): Promise<HalfLoad> {
  const [{ devices, inFlight }] = SHAPES
  const forMs = durations.halfLoadMs
  await traffic.order('open', { port: running.mqttPort, devices, perSecond: OPEN_PER_SECOND })
  await elders.ready(Math.ceil((forMs / 1_000) * SOS_PER_SECOND) + SPARE)
  await settled(running.pids)
  const before = await hub.counts()
  let isSending = true
  const sending = traffic.order('send', { inFlight, forMs, perSecond }).finally(() => {
    isSending = false
  })
  const presses = await elders.press({ perSecond: SOS_PER_SECOND, isOn: () => isSending })
  const { acked, sent } = await sending
  await foldedAt(hub, before.folded + acked)
  const { shed } = await hub.counts()
  await traffic.order('close', {})
  const unacked = sent - acked
  return { round, target, perSecond, acked, unacked, shed: shed - before.shed, sos: sosOf(presses) }
}

function lineOf(result: Throughput): string {
  const { round, target, shape, ackedPerSecond, sustainedPerSecond, cpuMicrosPerMessage, sos } = result
  const rates = `${Math.round(ackedPerSecond)}/s acknowledged, ${Math.round(sustainedPerSecond)}/s sustained`
  const cpu = `${cpuMicrosPerMessage.toFixed(1)} µs, generator ${result.generatorCpuMicrosPerMessage.toFixed(1)} µs`
  const bytes = `${Math.round(result.writtenBytesPerMessage)} B written`
  const bad = isUsable(result) ? '' : ' NOT USED: something was lost or dropped'
  return `round ${round} ${target} ${shape}: ${rates}; ${cpu}; ${bytes}${sos ? `; SOS ${sosLine(sos)}` : ''}${bad}`
}
