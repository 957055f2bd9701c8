// What happens because nothing happened: escalation steps that are due, owners who are gone, and what others left for
// later. Every pass works from rows, so a step that was missed while the hub was away is taken late, never lost.

import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import { changeIncident, dueIncidents, type Incident, lapsedIncidents } from '../records/casework.ts'
import { type Db, type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { storedLadders } from '../records/ladders.ts'
import { noteSwept } from '../records/swept.ts'
import { type Beat, startBeat } from '../workers/beat.ts'
import { followBands } from './bands.ts'
import { disown } from './effect.ts'
import { type NextStep, nextStep, urgentClock } from './escalate.ts'
import { readLadders } from './ladder.ts'
import { forgiveAll, wasAway } from './lease.ts'
import { HUB, transition } from './lifecycle.ts'
import type { Way } from './recipients.ts'
import { pullIn } from './set-back.ts'
import { settleSilences } from './settle.ts'
import { tellStep } from './tell.ts'
import { tellAlert } from './tell-alert.ts'
import { isFaultOfRows } from './tell-safely.ts'
import { type Task, type Together, takeTogether } from './tell-together.ts'

/** Alarms a transaction; an SOS that comes in meanwhile waits for no more than this. */
const DUE_TOGETHER = 20
/** Of these one after the other is asked about. */
const LAPSED_TOGETHER = 5
/** That the hub has swept is a write: not with every sweep. */
const NOTE_EVERY_MS = 2_000

export type SweepDeps = {
  records: Records
  clock: Clock
  metrics: Metrics
  /** Told of ladders that cannot be read. */
  log?: Log
  /** Channels that the environment sets up for every area. */
  defaults?: readonly Way[]
}

/** Sweeps every `everyMs` until stopped. */
export function startSweep({ everyMs = 1_000, ...deps }: SweepDeps & { log: Log; everyMs?: number }): Beat {
  const { log } = deps
  const sweep = openSweep(deps)
  return startBeat({
    everyMs,
    what: 'sweep of escalations and leases',
    log,
    async work() {
      const { pulledIn } = await sweep()
      if (pulledIn > 0)
        log.warn({ alarms: pulledIn }, 'the clock was set back; their next steps are pulled in')
    },
  })
}

/** A sweep that knows when the hub cannot tell who is there. */
export function openSweep(deps: SweepDeps): () => Promise<Swept> {
  let isForgiven = false
  let hasSwept = false
  let notedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const { records, clock } = deps
    const away = await wasAway(records)
    // Once in a row, its start apart: a hub that is always slow must notice as well who is gone.
    if (away && !isForgiven) await forgiveAll(records)
    isForgiven = away && hasSwept
    const swept = await sweepOnce(deps, async () => {
      hasSwept = true
      // Only now: a sweep that fails, because the database is away, has heard of nobody.
      if (Math.abs(clock.now() - notedAt) < NOTE_EVERY_MS) return
      await noteSwept(records)
      notedAt = clock.now()
    })
    return swept
  }
}

/** `pulledIn`: alarms that waited for a time which only a clock that was ahead can have set. */
export type Swept = { pulledIn: number }

/** Takes every lapsed lease and every step that is due now; `noted` is called when that is done. */
export async function sweepOnce(
  { records, clock, metrics, log, defaults = [] }: SweepDeps,
  noted = async () => {},
): Promise<Swept> {
  const ladders = readLadders(await storedLadders(records.feed), log)
  let pulledIn = 0
  await eachOnItsOwn([
    async () => {
      pulledIn = await pullIn({ records, clock, ladders })
    },
    () => takeLapsed({ records, clock }),
    () => takeDue({ records, clock, log, ladders, defaults }, step => metrics.escalations.inc({ step })),
    noted,
    () => settleSilences({ records, clock }),
    () => followBands({ records, clock }),
  ])
  return { pulledIn }
}

/** A row that one part cannot take is no reason to leave out the others: the sweep fails by it at its end. */
async function eachOnItsOwn(parts: readonly (() => Promise<void>)[]): Promise<void> {
  const faults: unknown[] = []
  for (const part of parts) {
    await part().catch((error: unknown) => {
      if (!isFaultOfRows(error)) throw error
      faults.push(error)
    })
  }
  if (faults.length > 0) throw faults[0]
}

/** The owner's browser is gone: the incident is nobody's, and the ladder goes on with its first step at once. */
async function takeLapsed({ records, clock }: Pick<SweepDeps, 'records' | 'clock'>): Promise<void> {
  const find = (db: Db, limit: number) => lapsedIncidents(records, db, { limit })
  // Almost always there is nothing: find that out without keeping a writer busy.
  if ((await find(records.feed, 1)).length === 0) return
  for (let isMore = true; isMore; ) {
    const entries = await writeDesk(records, async tx => {
      const written: NewEntry[] = []
      for (const incident of await find(tx, LAPSED_TOGETHER))
        written.push(...(await lapse(tx, incident, clock.now())))
      await appendTimeline(tx, written)
      return written
    })
    isMore = entries.length > 0
    if (isMore) records.nudge.publish('feed')
  }
}

/** Returns what goes on the timeline; nothing when somebody was faster. */
async function lapse(tx: Tx, incident: Incident, now: number): Promise<NewEntry[]> {
  const allowed = transition(incident, 'lapse', HUB)
  if ('refused' in allowed) return []
  const { change, closed } = disown(incident, { allowed, clock: lapsed => urgentClock(lapsed, now), now })
  if (!(await changeIncident(tx, incident, change))) return []
  const detail = { owner: incident.ownerId }
  const lapsed: NewEntry = { incidentId: incident.id, kind: 'lapsed', at: now, detail }
  return closed ? [lapsed, closed] : [lapsed]
}

async function takeDue(together: Together, count: (step: string) => void): Promise<void> {
  const { records, clock } = together
  /** Of these nothing comes in this sweep: they must not hide what is due behind them. */
  const stuck = new Set<string>()
  const faulty: unknown[] = []
  for (;;) {
    const limit = DUE_TOGETHER + stuck.size
    const found = await dueIncidents(records.feed, { now: clock.now(), limit })
    const due = found.filter(({ id }) => !stuck.has(id)).slice(0, DUE_TOGETHER)
    if (due.length === 0) break
    const { entries, faults } = await takeTogether(together, due, STEP)
    faulty.push(...faults)
    for (const { kind, detail } of entries)
      if (kind === 'escalated') count(`${detail.because}_${detail.step}`)
    if (entries.length > 0) records.nudge.publish('feed')
    const taken = new Set(entries.map(({ incidentId }) => incidentId))
    for (const { id } of due) if (!taken.has(id)) stuck.add(id)
  }
  if (faulty.length > 0) throw faulty[0]
}

const STEP: Task = {
  audiences(incident, ladder, now) {
    const [alert] = ladder?.steps ?? []
    const next = nextStep(incident, now, ladder)
    return [alert, next].flatMap(step => step?.audience ?? [])
  },
  take(desk, given) {
    const { incident, ladder, now } = given
    const step = nextStep(incident, now, ladder)
    if (!step) return undefined
    // Whoever was to be told of the alert itself is told, also when this comes first.
    const alert = tellAlert(desk, given)
    const told = tellStep(desk, { ...given, step })
    return {
      incident: { ...incident, escalation: step.step, escalateAt: step.nextAt },
      entries: [escalated(incident, step, now), ...alert, ...told],
    }
  },
}

const escalated = (
  incident: Incident,
  { step, audience, breached, because }: NextStep,
  now: number,
): NewEntry => ({
  incidentId: incident.id,
  kind: 'escalated',
  at: now,
  detail: { step, audience, because, ...(breached && { breached }) },
})
