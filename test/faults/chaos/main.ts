// `npm run chaos -- --minutes 30 --seed 7`: breaks a whole hub again and again while devices press, and says at
// the end what became of everything that was acknowledged. Exit code 1 when anything of it was lost or doubled.

import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Trouble } from '../delays.ts'
import { type Load, startLoad } from '../load/load.ts'
import { type Rig, startRig } from '../rig/rig.ts'
import { perform } from './faults.ts'
import { type Fault, planFaults } from './plan.ts'
import { isWell, jsonOf, linesOf } from './report.ts'
import { actionsLostOf, unrecordedOf } from './witness.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '12' },
    'press-every-ms': { type: 'string', default: '2000' },
    keep: { type: 'boolean', default: false },
  },
})
const [minutes, seed, devices, pressEveryMs] = [
  values.minutes,
  values.seed,
  values.devices,
  values['press-every-ms'],
].map(Number) as [number, number, number, number]
const EACH = 2
const MINUTE_MS = 60_000
/** How long what is still on its way may take when all faults are over. */
const PATIENCE_MS = 90_000

const startedAt = Date.now()
const say = (line: string): void => void process.stderr.write(`${elapsed()} ${line}\n`)
function elapsed(): string {
  const seconds = Math.floor((Date.now() - startedAt) / 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`
}

async function run(rig: Rig, load: Load): Promise<boolean> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
  const progress = setInterval(() => say(progressOf(rig, load)), MINUTE_MS / 2)
  const { troubles, shed } = await breakThings({ rig, load, signal: stopping.signal })
  if (stopping.signal.aborted) {
    clearInterval(progress)
    say('cut short: there is no verdict') // Ctrl-C on a terminal ends the hub and its engines, too
    return false
  }
  say('all faults are over; waiting for what is on its way')
  await load.calm()
  await rig.ready(PATIENCE_MS).catch((error: unknown) => say(`not ready again: ${error}`))
  await load.caughtUp(PATIENCE_MS).catch((error: unknown) => say(`not caught up: ${error}`))
  await load.allRecorded(PATIENCE_MS).catch((error: unknown) => say(`not all recorded: ${error}`))
  clearInterval(progress)

  const { presses, consoles, operators } = load
  const counts = load.devices.map(device => device.counts())
  const findings = {
    seed,
    minutes,
    troubles,
    verdict: load.verdict({ of: presses, troubles }),
    endings: rig.endings(),
    actionsLost: actionsLostOf({ operators, consoles }),
    actionsDone: operators.flatMap(({ done }) => done).length,
    unrecorded: unrecordedOf({ presses, consoles, troubles }),
    standing: consoles.flatMap(({ standing }) => standing()),
    samples: {
      sent: sum(counts.map(({ samplesSent }) => samplesSent)),
      acknowledged: sum(counts.map(({ samplesAcknowledged }) => samplesAcknowledged)),
      shed,
    },
    eventsSent: sum(counts.map(({ eventsSent }) => eventsSent)),
    refusals: addedUp(operators.map(({ refusals }) => refusals())),
    connects: sum(counts.map(({ connects }) => connects)),
  }
  process.stderr.write(`${linesOf(findings).join('\n')}\n`)
  process.stdout.write(`${jsonOf(findings)}\n`)
  return isWell(findings)
}

/** Does the faults of the plan at their times. Resolves when the last one is over; `shed`: samples, while Redis was full. */
async function breakThings({
  rig,
  load,
  signal,
}: {
  rig: Rig
  load: Load
  signal: AbortSignal
}): Promise<{ troubles: Trouble[]; shed: number }> {
  const troubles: Trouble[] = []
  let shed = 0
  const under: Promise<void>[] = []
  const beganAt = Date.now()
  for (const fault of planFaults({ seed, durationMs: minutes * MINUTE_MS, each: EACH })) {
    await wait(Math.max(0, beganAt + fault.atMs - Date.now()), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    say(`${fault.whom} ${fault.kind}${fault.lastsMs > 0 ? ` for ${fault.lastsMs / 1_000} s` : ''}`)
    under.push(performOne(fault))
  }
  await Promise.all(under)
  return { troubles, shed }

  async function performOne(fault: Fault): Promise<void> {
    const isFull = fault.kind === 'redis full'
    try {
      const before = isFull ? await shedBy(rig) : 0
      troubles.push(await perform(fault, { rig, devices: load.devices }))
      if (isFull) shed += (await shedBy(rig)) - before
    } catch (error) {
      say(`${fault.whom} ${fault.kind} could not be done: ${error}`)
    }
  }
}

function progressOf(rig: Rig, load: Load): string {
  const { presses } = load
  const acknowledged = presses.filter(press => press.acknowledgedAt).length
  const shown = load.consoles.map(console => console.shown.at(-1)?.seq ?? 0).join(' and ')
  return `${presses.length} pressed, ${acknowledged} acknowledged, feeds at ${shown}, ${rig.endings().length} endings`
}

/** In the brokers' present lives. */
async function shedBy(rig: Rig): Promise<number> {
  const labels = { lane: 'routine', outcome: 'shed' }
  return sum(
    await Promise.all(
      rig.of('broker').map(broker => broker.metric('anxin_messages_total', labels).catch(() => 0)),
    ),
  )
}

function addedUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const [name, count] of counts.flatMap(Object.entries)) total[name] = (total[name] ?? 0) + count
  return total
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const rig = await startRig({ each: EACH })
say(`the hub is there: ${rig.processes.length} processes, logs and data in ${rig.dir}`)
const load = await startLoad({ rig, devices, pressEveryMs })
const well = await run(rig, load)
await load.stop()
const keep = values.keep || !well
await rig.stop({ keep })
if (keep) say(`logs and data are kept in ${rig.dir}`)
process.exitCode = well ? 0 : 1
