// Carries findings onto the desk inside one transaction: reads what they need, decides one after the other
// (raise.ts), and writes what came of it, the timeline last.

import type { Finding } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import { type IncidentClass, OPEN_STATES } from '../model/incident.ts'
import {
  changeIncidents,
  type Incident,
  insertIncidents,
  type Latest,
  latestIncidents,
  openIncidents,
} from '../records/casework.ts'
import type { Db, Tx } from '../records/db.ts'
import { appendTimeline, knownFindings, lastPresses, type NewEntry } from '../records/entries.ts'
import { readRegistered } from '../records/subjects.ts'
import { classesOf } from './classify.ts'
import { type Decision, type RaiseReason, raise } from './raise.ts'
import { type About, subjectOf } from './subject.ts'
import { isWandering, startTracking } from './track.ts'

/** `known`: the finding stands on a timeline already, from an earlier reading of the same entry. */
export type Outcome = { finding: Finding; reason: RaiseReason | 'known' }

/** Another writer changed an incident between reading and writing: nothing is kept, the batch is tried again. */
export class DeskMoved extends Error {
  constructor() {
    super('an incident was changed by somebody else')
    this.name = 'DeskMoved'
  }
}

/**
 * Applies findings in order, all of it in the transaction. Call it last there: it ends with the feed's places.
 * @throws DeskMoved when somebody was faster; the transaction must not be committed.
 */
export async function applyFindings(tx: Tx, findings: readonly Finding[], now: number): Promise<Outcome[]> {
  return findings.length === 0 ? [] : applyTo(await readDesk(tx, findings, now), tx, findings)
}

/**
 * The same to a desk that was read before the transaction, for these findings and once only. What has changed since
 * then is noticed when it is written.
 * @throws DeskMoved or a unique violation when somebody was faster; the transaction must not be committed.
 */
export async function applyTo(desk: Desk, tx: Tx, findings: readonly Finding[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const finding of findings) outcomes.push({ finding, reason: desk.take(finding) })
  await desk.write(tx)
  return outcomes
}

/** The part of the desk that a batch touches, as it was read and as it becomes; for one batch only. */
export type Desk = {
  take(finding: Finding): Outcome['reason']
  write(tx: Tx): Promise<void>
}

/** Reads it, what does not depend on each other at the same time: an alarm waits for every step of this. */
export async function readDesk(db: Db, findings: readonly Finding[], now: number): Promise<Desk> {
  const [registered, known] = await Promise.all([
    readRegistered(db, [...new Set(findings.map(finding => finding.deviceId))]),
    knownFindings(
      db,
      findings.map(({ id }) => id),
    ),
  ])
  const abouts = new Map(findings.map(finding => [finding, subjectOf(finding, registered, now)]))
  const subjectIds = [...new Set([...abouts.values()].map(({ subject }) => subject.id))]
  const [wereOpen, newest] = await Promise.all([
    openIncidents(db, subjectIds),
    latestIncidents(db, subjectIds),
  ])
  const presses = await lastPresses(db, {
    incidentIds: wereOpen.map(({ id }) => id),
    hashes: [...new Set(findings.flatMap(finding => finding.bytesHash ?? []))],
  })

  const wasThere = new Set(wereOpen.map(({ id }) => id))
  const open = new Map(wereOpen.map(incident => [keyOf(incident), incident]))
  const latest = new Map(newest.map(incident => [keyOf(incident), incident.id]))
  const pressedAt = new Map(
    presses.map(({ incidentId, bytesHash, at }) => [`${incidentId} ${bytesHash}`, at]),
  )
  const changed = new Map<string, Incident>()
  /** Alarms of elders who have left and may not find home. */
  const lost = new Map<string, Incident>()
  const entries: NewEntry[] = []

  function take(finding: Finding): Outcome['reason'] {
    if (known.has(finding.id)) return 'known'
    known.add(finding.id)
    const about = abouts.get(finding) as About
    const classes = classesOf(finding)
    const mayOpen = classes.at(-1) as IncidentClass
    const joined = classes.flatMap(cls => open.get(keyFor(about, cls)) ?? [])[0] ?? null
    const decision = raise(joined, finding, {
      ...about,
      now,
      class: mayOpen,
      newId: newId('inc'),
      previousId: latest.get(keyFor(about, mayOpen)) ?? null,
      lastPressAt: joined && (pressedAt.get(`${joined.id} ${finding.bytesHash}`) ?? null),
    })
    keep(decision)
    if (decision.incident && isWandering(finding)) lost.set(decision.incident.id, decision.incident)
    return decision.reason
  }

  function keep({ incident, entries: added }: Decision): void {
    if (!incident || added.length === 0) return
    entries.push(...added)
    changed.set(incident.id, incident)
    latest.set(keyOf(incident), incident.id)
    if (isOpen(incident)) open.set(keyOf(incident), incident)
    else open.delete(keyOf(incident))
    for (const { kind, bytesHash, at } of added)
      if (bytesHash && kind === 'finding') pressedAt.set(`${incident.id} ${bytesHash}`, at)
  }

  /** Changes go before new rows: one that is closed makes room for the next of its (subject, class). */
  async function write(tx: Tx): Promise<void> {
    const [fresh, there]: [Incident[], Incident[]] = [[], []]
    for (const incident of changed.values()) (wasThere.has(incident.id) ? there : fresh).push(incident)
    if (!(await changeIncidents(tx, there, CHANGED_BY_FINDINGS))) throw new DeskMoved()
    await insertIncidents(tx, fresh)
    await startTracking(tx, { incidents: lost.values(), at: now })
    await appendTimeline(tx, entries)
  }

  return { take, write }
}

/** Everything that a finding can change of an incident that is there. */
const CHANGED_BY_FINDINGS = [
  'state',
  'severity',
  'kind',
  'areaId',
  'deviceId',
  'alertedAt',
  'escalation',
  'escalateAt',
  'conditionsJson',
  'findings',
] as const

const isOpen = ({ state }: Incident): boolean => OPEN_STATES.some(open => open === state)

const keyOf = ({ subjectType, subjectId, class: cls }: Latest): string => `${subjectType} ${subjectId} ${cls}`
const keyFor = ({ subject }: About, cls: IncidentClass): string => `${subject.type} ${subject.id} ${cls}`
