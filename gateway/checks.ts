// What a process of the hub stands on, as checks of its readiness: the records, the stream and the workers.

import { setTimeout as wait } from 'node:timers/promises'
import type { Jobs, QueueCounts } from '../alerts/jobs.ts'
import type { OpenStream } from '../broker/stream.ts'
import type { HealthName } from '../model/health.ts'
import type { Metrics } from '../model/metrics.ts'
import { lastSeq, proveWritable, type Records } from '../records/db.ts'
import type { OpenHistory } from '../workers/history.ts'
import type { Check } from './readiness.ts'

/** Writes as well as reads: a database that only answers cannot take an alarm. */
export const recordsCheck = (records: Records): Check => ({
  name: 'records' satisfies HealthName,
  async check() {
    await proveWritable(records.db)
    return { ok: true, detail: `${await lastSeq(records.read, 'feed')} timeline entries` }
  },
})

/** From here on entries may no longer fit, and samples are dropped. */
const FULL_PERCENT = 99

/** Red when the stream does not answer, and when the lanes that have a bound are full. */
export function streamCheck({
  engine,
  metrics,
  boundBytes,
}: {
  engine: Pick<OpenStream, 'usage'>
  metrics: Metrics
  boundBytes: number
}): Check {
  return {
    name: 'stream' satisfies HealthName,
    async check() {
      const { motionBytes, routineBytes } = await engine.usage()
      metrics.routineBytes.set(routineBytes)
      const percent = Math.round((Math.max(motionBytes, routineBytes) / boundBytes) * 100)
      const ok = percent < FULL_PERCENT
      const dropped = ok ? '' : ': they are dropped'
      const detail = `${percent} % of the room for routine messages is used${dropped}`
      return ok ? { ok, detail } : { ok, reason: 'full', detail }
    },
  }
}

/** Sooner than a check is red for not answering. */
const HISTORY_ANSWERS_WITHIN_MS = 2_000

/** Named, and never red: alarms do without the history, and a switch that falls silent for a chart is soon ignored. */
export const historyCheck = ({
  ping,
  answersWithinMs = HISTORY_ANSWERS_WITHIN_MS,
}: Pick<OpenHistory, 'ping'> & { answersWithinMs?: number }): Check => ({
  name: 'history' satisfies HealthName,
  async check() {
    const late = wait(answersWithinMs, 'no answer', { ref: false })
    const away = await Promise.race([
      ping().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
      late,
    ])
    if (away === undefined) return { ok: true, detail: 'answers' }
    return { ok: true, detail: `warning: charts wait, alarms do not: ${away}` }
  },
})

/** Red when the jobs do not answer. Some that are dead are somebody's to look into, and no reason to stand still. */
export function jobsCheck({ jobs, metrics }: { jobs: Pick<Jobs, 'counts'>; metrics: Metrics }): Check {
  const known = new Set<string>()
  const tell = ({ queue, waiting, delayed, running, dead }: QueueCounts): void => {
    metrics.jobsWaiting.set({ queue }, waiting)
    metrics.jobsDelayed.set({ queue }, delayed)
    metrics.jobsRunning.set({ queue }, running)
    metrics.jobsDead.set({ queue }, dead)
  }
  return {
    name: 'jobs' satisfies HealthName,
    async check() {
      const counts = await jobs.counts()
      for (const queue of known) tell({ queue, waiting: 0, delayed: 0, running: 0, dead: 0 })
      for (const each of counts) {
        known.add(each.queue)
        tell(each)
      }
      const sum = (of: 'waiting' | 'dead'): number => counts.reduce((total, each) => total + each[of], 0)
      const dead = sum('dead')
      return { ok: true, detail: `${dead > 0 ? `warning: ${dead} are dead; ` : ''}${sum('waiting')} wait` }
    },
  }
}

/** A partition that is being handed over has nobody for a moment. */
const LOOK_AGAIN_AFTER_MS = 1_000

/** Red while a partition has no owner, and had none a moment before; its number is in the detail. */
export function workersCheck({
  engine,
  lookAgainAfterMs = LOOK_AGAIN_AFTER_MS,
}: {
  engine: Pick<OpenStream, 'owners'>
  lookAgainAfterMs?: number
}): Check {
  return {
    name: 'workers' satisfies HealthName,
    async check() {
      const first = await engine.owners()
      if (!first.includes(null)) return allWorkedOn(first)
      await wait(lookAgainAfterMs)
      const owners = await engine.owners()
      const left = [...owners.keys()].filter(partition => !first[partition] && !owners[partition])
      if (left.length === 0) return allWorkedOn(owners)
      const worked = owners.length - left.length
      const detail = `${worked} of ${owners.length} partitions are worked on; nobody works on ${left.join(', ')}`
      return { ok: false, reason: 'not_worked_on', detail }
    },
  }
}

const allWorkedOn = (owners: readonly (string | null)[]) => ({
  ok: true,
  detail: `${owners.length} of ${owners.length} partitions are worked on, by ${processes(owners)}`,
})

function processes(owners: readonly (string | null)[]): string {
  const { size } = new Set(owners.filter(owner => owner !== null))
  return size === 1 ? 'one process' : `${size} processes`
}
