// What happens because nothing happened: escalation steps that are due, owners who are gone, and what others left for
// later. Every pass works from rows, so a step that was missed while the hub was away is taken late, never lost.

import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import { changeIncident, dueIncidents, type Incident, lapsedIncidents } from '../records/casework.ts'
import { forgetCommands } from '../records/commands.ts'
import { type Db, type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { areaPathOf, storedLadders } from '../records/ladders.ts'
import { noteSwept } from '../records/swept.ts'
import { type Beat, startBeat } from '../workers/beat.ts'
import { followBands } from './bands.ts'
import { disown } from './effect.ts'
import { type NextStep, nextStep, urgentClock } from './escalate.ts'
import { type AreaLadder, ladderFor, readLadders } from './ladder.ts'
import { forgiveAll, wasAway } from './lease.ts'
import { HUB, transition } from './lifecycle.ts'
import type { Way } from './recipients.ts'
import { pullIn } from './set-back.ts'
import { settleSilences } from './settle.ts'
import { tellStep } from './tell.ts'
import { tellAlert } from './tell-alert.ts'
import { type Ground, readGround } from './tell-ground.ts'
import { isFaultOfRows } from './tell-safely.ts'

/** Rows a transaction; an SOS that comes in meanwhile waits for no more than this. */
const ROWS_PER_PASS = 100
/** That the hub has swept is a write: not with every sweep. */
const NOTE_EVERY_MS = 2_000
const FORGET_EVERY_MS = 3_600_000

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
  let forgotAt = Number.NEGATIVE_INFINITY
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
    if (Math.abs(clock.now() - forgotAt) >= FORGET_EVERY_MS) {
      await forgetCommands(records, clock.now())
      forgotAt = clock.now()
    }
    return swept
  }
}

/** `pulledIn`: alarms that waited for a time which only a clock that was ahead can have set. */
export type Swept = { pulledIn: number }

/** Takes every lapsed lease and every step that is due now; `noted` is called when that is done. */
export async function sweepOnce(deps: SweepDeps, noted = async () => {}): Promise<Swept> {
  const { records, clock, log } = deps
  const ladders = readLadders(await storedLadders(records.feed), log)
  let pulledIn = 0
  await eachOnItsOwn([
    async () => {
      pulledIn = await pullIn({ records, clock, ladders })
    },
    () => takeAll(LAPSED, ladders, deps),
    () => takeAll(DUE, ladders, deps),
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

async function takeAll(
  pass: Pass,
  ladders: readonly AreaLadder[],
  { records, clock, metrics, log, defaults = [] }: SweepDeps,
): Promise<void> {
  // Almost always there is nothing: find that out without keeping a writer busy.
  const some = await pass.find(records.feed, { records, now: clock.now(), limit: 1 })
  if (some.length === 0) return
  let written: NewEntry[]
  do {
    written = await inOneTransaction(records, pass, { now: clock.now(), ladders, defaults, log })
    for (const { kind, detail } of written) {
      if (kind === 'escalated') metrics.escalations.inc({ step: `${detail.because}_${detail.step}` })
    }
  } while (written.length > 0)
}

type Pass = {
  find(db: Db, given: { records: Pick<Records, 'now'>; now: number; limit: number }): Promise<Incident[]>
  /** Returns what goes on the timeline; nothing when somebody was faster. */
  take(tx: Tx, incident: Incident, at: Taking): Promise<NewEntry[]>
}
type Taking = { now: number; ladders: readonly AreaLadder[]; ground: Ground; log: Log | undefined }

/** Takes what a pass finds, and writes the timeline last. */
async function inOneTransaction(
  records: Records,
  pass: Pass,
  { defaults, ...given }: Omit<Taking, 'ground'> & { defaults: readonly Way[] },
): Promise<NewEntry[]> {
  const { now } = given
  const written = await writeDesk(records, async tx => {
    const entries: NewEntry[] = []
    const taking = { ...given, ground: readGround(tx, defaults) }
    for (const incident of await pass.find(tx, { records, now, limit: ROWS_PER_PASS }))
      entries.push(...(await pass.take(tx, incident, taking)))
    await appendTimeline(tx, entries)
    return entries
  })
  if (written.length > 0) records.nudge.publish('feed')
  return written
}

/** The owner's browser is gone: the incident is nobody's, and the ladder goes on with its first step at once. */
const LAPSED: Pass = {
  find: (db, { records, limit }) => lapsedIncidents(records, db, { limit }),
  async take(tx, incident, { now }) {
    const allowed = transition(incident, 'lapse', HUB)
    if ('refused' in allowed) return []
    const { change, closed } = disown(incident, { allowed, clock: lapsed => urgentClock(lapsed, now), now })
    if (!(await changeIncident(tx, incident, change))) return []
    const detail = { owner: incident.ownerId }
    const lapsed: NewEntry = { incidentId: incident.id, kind: 'lapsed', at: now, detail }
    return closed ? [lapsed, closed] : [lapsed]
  },
}

const DUE: Pass = {
  find: (db, { now, limit }) => dueIncidents(db, { now, limit }),
  async take(tx, incident, taking) {
    const { now, ground, log } = taking
    const ladder = ladderFor(taking.ladders, { incident, areaPath: await pathOf(tx, incident, taking) })
    const next = nextStep(incident, now, ladder)
    if (!next) return []
    const taken = await changeIncident(tx, incident, { escalation: next.step, escalateAt: next.nextAt })
    if (!taken) return []
    // Whoever was to be told of the alert itself is told, also when this comes first.
    const alert = await tellAlert(tx, { incident, ladder, ground, now, log })
    const { entries } = await tellStep(tx, { incident, step: next, ground, now, log })
    return [escalated(incident, next, now), ...alert, ...entries]
  },
}

/** Where the alarm is; without ladders of areas nobody asks. */
const pathOf = async (tx: Tx, { areaId }: Incident, { ladders }: Taking): Promise<string> =>
  ladders.length === 0 ? '' : areaPathOf(tx, areaId)

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
