// Carries findings onto the desk inside one transaction: reads what they need, decides one after the other
// (raise.ts), and writes what came of it, the timeline last.

import type { Finding } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import { type IncidentClass, OPEN_STATES, type Subject } from '../model/incident.ts'
import { changeStatements, type Incident, type Latest, newIncidentStatements } from '../records/casework.ts'
import type { Db, Tx } from '../records/db.ts'
import { appendTimeline, knownFindings, type NewEntry, timelineStatements } from '../records/entries.ts'
import { type Standing, standingOfDevices, standingOfSubjects } from '../records/standing.ts'
import { type Registered, readRegistered } from '../records/subjects.ts'
import { runEach, type Statement } from '../records/whole.ts'
import { followCheckIns } from './check-ins.ts'
import { classesOf } from './classify.ts'
import { followSilences } from './outages.ts'
import { type Decision, type RaiseReason, raise } from './raise.ts'
import { type About, subjectOf } from './subject.ts'
import { isWandering, startTracking } from './track.ts'

/**
 * `known`: the finding stands on a timeline already, from an earlier reading of the same entry. `checked_in`: the
 * daily "I'm well" was given, by this device or by another one of the same elder.
 */
export type Outcome = { finding: Finding; reason: RaiseReason | 'known' | 'checked_in' }

/** Another writer changed an incident between reading and writing: nothing is kept, the batch is tried again. */
export class DeskMoved extends Error {
  constructor() {
    super('an incident was changed by somebody else')
    this.name = 'DeskMoved'
  }
}

/**
 * Applies findings in order, all of it in the transaction. Call it last there: it ends with the feed's places. `told`
 * says, by the id of a finding, whom it is about where a person knows better than a device.
 * @throws DeskMoved when somebody was faster; the transaction must not be committed.
 */
export async function applyFindings(
  tx: Tx,
  findings: readonly Finding[],
  now: number,
  told?: ReadonlyMap<string, About>,
): Promise<Outcome[]> {
  return findings.length === 0 ? [] : applyTo(await readDesk(tx, findings, now, told), tx, findings)
}

/**
 * The same to a desk that was read before the transaction, for these findings and once only. What has changed since
 * then is noticed when it is written.
 * @throws DeskMoved or a unique violation when somebody was faster; the transaction must not be committed.
 */
export async function applyTo(desk: Desk, tx: Tx, findings: readonly Finding[]): Promise<Outcome[]> {
  const checkIns = await followCheckIns(tx, desk, findings)
  const outages = await followSilences(tx, desk, findings)
  const outcomes: Outcome[] = []
  for (const finding of findings) {
    const reason = checkIns(finding) ?? outages.take(finding) ?? desk.take(finding)
    outcomes.push({ finding, reason })
  }
  await outages.end()
  await desk.write(tx)
  await applyPlain(tx, outages.after(), desk.now)
  return outcomes
}

/**
 * Whether a finding changes nothing but its incident. Of such ones `takeAll` asks the database nothing, and what they
 * come to can be written at once (`statements`).
 */
export const isOrdinary = (finding: Finding): boolean =>
  finding.kind !== 'silent' && finding.kind !== 'missed_check_in' && !isWandering(finding)

/** Takes ordinary findings, in order. */
export const takeAll = (desk: Desk, findings: readonly Finding[]): Outcome[] =>
  findings.map(finding => ({ finding, reason: desk.take(finding) }))

/** What the hub itself says of elders when an outage begins or ends. */
async function applyPlain(tx: Tx, findings: readonly Finding[], now: number): Promise<void> {
  if (findings.length === 0) return
  const desk = await readDesk(tx, findings, now)
  for (const finding of findings) desk.take(finding)
  await desk.write(tx)
}

/** The part of the desk that a batch touches, as it was read and as it becomes; for one batch only. */
export type Desk = {
  now: number
  take(finding: Finding): RaiseReason | 'known'
  /** Whether it stands on a timeline already, or has been taken here. */
  isKnown(finding: Finding): boolean
  /** Whom a finding of the batch is about. */
  aboutOf(finding: Finding): About
  /** The open incident of a (subject, class), as it is by now. */
  openOf(subject: Pick<Subject, 'type' | 'id'>, cls: IncidentClass): Incident | undefined
  /** One more incident that is there, with those that were read. */
  add(incident: Incident): void
  /** The incident becomes this; a finding that is named by an entry is known from then on. */
  keep(decision: Pick<Decision, 'incident' | 'entries'>): void
  write(tx: Tx): Promise<void>
  /** What `write` writes when all findings are ordinary. @throws DeskMoved, when run, if somebody was faster. */
  statements(db: Db): Statement[]
}

/** Reads it, all at once: an alarm waits for every step of this. */
export async function readDesk(
  db: Db,
  findings: readonly Finding[],
  now: number,
  told?: ReadonlyMap<string, About>,
): Promise<Desk> {
  const deviceIds = [...new Set(findings.map(finding => finding.deviceId))]
  const hashes = [...new Set(findings.flatMap(finding => finding.bytesHash ?? []))]
  const [registered, known, standing] = await Promise.all([
    readRegistered(db, deviceIds), // first: whoever wears one later is not missed by the others
    knownFindings(
      db,
      findings.map(({ id }) => id),
    ),
    standingOfDevices(db, { deviceIds, hashes }),
  ])
  const abouts = new Map(
    findings.map(finding => [finding, told?.get(finding.id) ?? subjectOf(finding, registered, now)]),
  )
  const subjectIds = strangersOf(abouts.values(), registered)
  const others = await standingOfSubjects(db, { subjectIds, hashes })
  return openDesk({ abouts, known, standings: [standing, others], now })
}

/** Subjects that the devices themselves do not lead to: of a device that nobody knows, it is the whole hub. */
function strangersOf(abouts: Iterable<About>, { wearings, deviceAreas }: Registered): string[] {
  const led = new Set([...wearings.map(({ residentId }) => residentId), ...deviceAreas.keys()])
  return [...new Set([...abouts].map(({ subject }) => subject.id))].filter(id => !led.has(id))
}

function openDesk({
  abouts,
  known,
  standings,
  now,
}: {
  abouts: ReadonlyMap<Finding, About>
  known: Set<string>
  standings: readonly Standing[]
  now: number
}): Desk {
  const wereOpen = standings.flatMap(({ open }) => open)
  const wasThere = new Set(wereOpen.map(({ id }) => id))
  const open = new Map(wereOpen.map(incident => [keyOf(incident), incident]))
  const latest = new Map(
    standings.flatMap(standing => standing.latest.map(incident => [keyOf(incident), incident.id])),
  )
  const pressedAt = new Map(
    standings.flatMap(({ presses }) =>
      presses.map(({ incidentId, bytesHash, at }) => [`${incidentId} ${bytesHash}`, at]),
    ),
  )
  const changed = new Map<string, Incident>()
  /** Alarms of elders who have left and may not find home. */
  const lost = new Map<string, Incident>()
  const entries: NewEntry[] = []

  function take(finding: Finding): RaiseReason | 'known' {
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

  function keep({ incident, entries: added }: Pick<Decision, 'incident' | 'entries'>): void {
    if (!incident || added.length === 0) return
    entries.push(...added)
    changed.set(incident.id, incident)
    latest.set(keyOf(incident), incident.id)
    if (isOpen(incident)) open.set(keyOf(incident), incident)
    else open.delete(keyOf(incident))
    for (const { findingId } of added) if (findingId !== undefined) known.add(findingId)
    for (const { kind, bytesHash, at } of added)
      if (bytesHash && kind === 'finding') pressedAt.set(`${incident.id} ${bytesHash}`, at)
  }

  /** Changes go before new rows: one that is closed makes room for the next of its (subject, class). */
  function incidentStatements(db: Db): Statement[] {
    const [fresh, there]: [Incident[], Incident[]] = [[], []]
    for (const incident of changed.values()) (wasThere.has(incident.id) ? there : fresh).push(incident)
    const otherwise = () => new DeskMoved()
    return [
      ...changeStatements(db, there, { columns: CHANGED_BY_FINDINGS, otherwise }),
      ...newIncidentStatements(db, fresh),
    ]
  }

  async function write(tx: Tx): Promise<void> {
    await runEach(tx, incidentStatements(tx))
    await startTracking(tx, { incidents: lost.values(), at: now })
    await appendTimeline(tx, entries)
  }

  function add(incident: Incident): void {
    if (changed.has(incident.id)) return
    wasThere.add(incident.id)
    open.set(keyOf(incident), incident)
  }

  return {
    now,
    take,
    write,
    statements: db => [...incidentStatements(db), ...timelineStatements(db, entries)],
    keep,
    add,
    isKnown: ({ id }) => known.has(id),
    aboutOf: finding => abouts.get(finding) as About,
    openOf: (subject, cls) => open.get(keyFor({ subject }, cls)),
  }
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
const keyFor = ({ subject }: { subject: Pick<Subject, 'type' | 'id'> }, cls: IncidentClass): string =>
  `${subject.type} ${subject.id} ${cls}`
