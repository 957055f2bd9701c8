// What a finding does to the desk (pure): it opens an incident, joins the open one, re-alerts, or is only noted.
// Nothing is ever dropped: every finding ends in a named reason, and all but one of them on a timeline.

import { type Finding, queueRank, severityRank } from '../model/finding.ts'
import type { IncidentClass } from '../model/incident.ts'
import type { Condition, Incident } from '../records/casework.ts'
import type { NewEntry } from '../records/entries.ts'
import { movedEntry } from '../records/moves.ts'
import { closeIfOver } from './conditions.ts'
import { isAnswered, NO_CLOCK, startClock } from './escalate.ts'
import type { About } from './subject.ts'

/**
 * The same bytes within this time, from a device without event ids: it sent them again. It runs from the press
 * that was told, never from a copy (docs/decisions/0012).
 */
export const RESEND_WITHIN_MS = 2 * 60_000

export type RaiseReason =
  /** Nothing was open: a new incident. */
  | 'first'
  /** Joined, and the severity rose: alerts anew. */
  | 'worsened'
  /** Joined as another critical finding, or as one that may be: alerts anew. */
  | 'realert'
  /** Joined. */
  | 'repeat'
  /** The same bytes a moment later: noted, no new press. */
  | 'resent'
  /** Listed in the outage of its area. */
  | 'joined'
  /** The wearer cancelled: noted, nothing is lowered. */
  | 'cancelled'
  /** A technical condition is over. */
  | 'ended'
  /** A condition ended that the desk no longer holds: the only finding without a timeline entry. */
  | 'nothing_open'

export type RaiseContext = About & {
  /** When it is written down. */
  now: number
  /** For an incident that has to be opened. */
  class: IncidentClass
  newId: string
  /** The newest incident of the same (subject, class). */
  previousId: string | null
  /** When the same bytes last joined the open incident as a finding. */
  lastPressAt: number | null
}

/** `incident` is the row as it becomes; null when nothing was open and nothing is opened. */
export type Decision = { reason: RaiseReason; incident: Incident | null; entries: readonly NewEntry[] }

/** Decides what becomes of `finding`; `open` is the open incident that it may join (classify.ts). */
export function raise(open: Incident | null, finding: Finding, context: RaiseContext): Decision {
  const { areaId, now } = context
  if (!open || open.areaId === areaId) return decide(open, finding, context)
  // An alarm is where its subject is, whatever became of the registry's own word of the move.
  const moved = movedEntry({ incidentId: open.id, fromAreaId: open.areaId, toAreaId: areaId, at: now })
  const decision = decide({ ...open, areaId }, finding, context)
  return { ...decision, entries: [moved, ...decision.entries] }
}

function decide(open: Incident | null, finding: Finding, context: RaiseContext): Decision {
  if (finding.ended) return endCondition(open, finding, context)
  if (finding.kind === 'cancel') return noteCancel(open, finding, context)
  if (!open) return openFirst(finding, context)
  if (isResent(finding, context)) return noted('resent', open, finding, context)
  return join(open, finding, context)
}

function openFirst(finding: Finding, context: RaiseContext): Decision {
  const incident = newIncident(finding, context)
  const conditions = incident.class === 'technical' ? [conditionOf(finding)] : []
  return noted('first', { ...incident, conditions }, finding, context)
}

function join(open: Incident, finding: Finding, context: RaiseContext): Decision {
  const isWorse = severityRank(finding.severity) > severityRank(open.severity)
  const reason = isWorse ? 'worsened' : mayBeCritical(finding) ? 'realert' : 'repeat'
  const joined = withFinding(open, finding)
  return noted(
    reason,
    reason === 'repeat' ? joined : alertAgain(joined, finding, { isWorse, now: context.now }),
    finding,
    context,
  )
}

/**
 * A silent device of an area that is out: it is listed there, and opens nothing of its own. That somebody who lives
 * alone stays silent is told anew.
 */
export function joinOutage(
  outage: Incident,
  finding: Finding,
  { now, member }: { now: number; member: About['subject'] },
): Decision {
  const joined = { ...outage, findings: outage.findings + 1 }
  const isTold = finding.severity !== 'notice'
  const incident = isTold ? alertAgain(joined, finding, { isWorse: false, now }) : joined
  return noted(isTold ? 'realert' : 'joined', incident, finding, { now, member })
}

/** An event that was not understood may have been the red key, also on an alarm that is graver than itself. */
const mayBeCritical = ({ severity, kind }: Finding): boolean =>
  severity === 'critical' || kind === 'unreadable_event'

/** Severity only rises; kind and device are those of the gravest finding, the first of equals. */
function withFinding(open: Incident, finding: Finding): Incident {
  const isGraver = queueRank(finding) < queueRank(open)
  const { severity, kind, deviceId } = isGraver ? finding : open
  const holds = open.class !== 'technical' || open.conditions.some(isSame(conditionOf(finding)))
  return {
    ...open,
    severity,
    kind,
    deviceId,
    conditions: holds ? open.conditions : [...open.conditions, conditionOf(finding)],
    findings: open.findings + (finding.count ?? 1),
  }
}

/**
 * A new answer clock for an alarm that was answered: its owner has to acknowledge, or the ladder starts. An
 * alarm that nobody has answered keeps the clock that runs: pressing again and again must bring help sooner,
 * never move the elder back in the queue or the ladder back to its foot.
 */
function alertAgain(
  open: Incident,
  finding: Finding,
  { isWorse, now }: { isWorse: boolean; now: number },
): Incident {
  const wasAnswered = isAnswered(open)
  if (!wasAnswered && !isWorse) return open
  // However the clocks stand, the owner's accept was before this was on the desk: it did not answer it.
  const afterAccept = wasAnswered ? (open.acceptedAt ?? 0) + 1 : 0
  const alerted = { ...open, alertedAt: Math.max(finding.receivedAt, open.alertedAt, afterAccept) }
  const clock = startClock(alerted, Math.min(alerted.alertedAt, now))
  if (wasAnswered || open.escalateAt === null || clock.escalateAt === null) return { ...alerted, ...clock }
  return { ...alerted, escalateAt: Math.min(open.escalateAt, clock.escalateAt) }
}

/** In doubt it is a new press: a copy that is older than the press proves nothing. */
function isResent(finding: Finding, { lastPressAt }: RaiseContext): boolean {
  if (finding.eventId !== undefined || finding.bytesHash === undefined || lastPressAt === null) return false
  const sincePressMs = finding.receivedAt - lastPressAt
  return sincePressMs >= 0 && sincePressMs < RESEND_WITHIN_MS
}

function noteCancel(open: Incident | null, finding: Finding, context: RaiseContext): Decision {
  if (open) return noted('cancelled', open, finding, context)
  const { reason, incident, entries } = noted('cancelled', newIncident(finding, context), finding, context)
  return { reason, ...closeWithoutConditions(incident, entries, context) }
}

function endCondition(open: Incident | null, finding: Finding, context: RaiseContext): Decision {
  const isEnded = isSame(conditionOf(finding))
  if (!open?.conditions.some(isEnded)) return { reason: 'nothing_open', incident: open, entries: [] }
  const rest = { ...open, conditions: open.conditions.filter(condition => !isEnded(condition)) }
  const { reason, incident, entries } = noted('ended', rest, finding, context)
  return { reason, ...closeWithoutConditions(incident, entries, context) }
}

/** What holds no condition needs nobody; one that a person works on stays theirs. */
function closeWithoutConditions(
  incident: Incident,
  entries: readonly NewEntry[],
  { now }: RaiseContext,
): Omit<Decision, 'reason'> {
  const closing = closeIfOver(incident, now)
  if (!closing) return { incident, entries }
  return { incident: { ...incident, ...closing.change }, entries: [...entries, closing.entry] }
}

function newIncident(finding: Finding, context: RaiseContext): Incident {
  const { severity, kind, deviceId, receivedAt, lateMs } = finding
  const incident: Incident = {
    id: context.newId,
    class: context.class,
    state: 'raised',
    severity,
    kind,
    subjectType: context.subject.type,
    subjectId: context.subject.id,
    subjectName: context.subject.name,
    areaId: context.areaId,
    deviceId,
    raisedAt: receivedAt,
    alertedAt: receivedAt,
    lateMs,
    acceptedAt: null,
    ownerId: null,
    leaseUntil: null,
    ...NO_CLOCK,
    conditions: [],
    disposition: null,
    resolvedAt: null,
    previousId: context.previousId,
    findings: finding.count ?? 1,
    seq: 0,
  }
  // Received while the clock was ahead: nobody waits until it is as late again.
  return { ...incident, ...startClock(incident, Math.min(receivedAt, context.now)) }
}

const ENTRY_KINDS = {
  first: 'finding',
  worsened: 'finding',
  realert: 'finding',
  repeat: 'finding',
  joined: 'finding',
  resent: 'resent',
  cancelled: 'cancelled',
  ended: 'ended',
} as const

function noted(
  reason: keyof typeof ENTRY_KINDS,
  incident: Incident,
  finding: Finding,
  { now, alsoWornBy, member }: Pick<RaiseContext, 'now' | 'alsoWornBy'> & { member?: About['subject'] },
): { reason: RaiseReason; incident: Incident; entries: readonly NewEntry[] } {
  const { id, eventId, bytesHash, receivedAt, kind, severity, deviceId, at, lateMs, count, evidence } =
    finding
  const entry: NewEntry = {
    incidentId: incident.id,
    kind: ENTRY_KINDS[reason],
    at: receivedAt,
    findingId: id,
    eventId,
    bytesHash,
    detail: {
      reason,
      kind,
      severity,
      deviceId,
      at,
      lateMs,
      count,
      evidence,
      alsoWornBy,
      member,
      recordedAt: now,
    },
  }
  return { reason, incident, entries: [entry] }
}

const conditionOf = ({ kind, deviceId }: Finding): Condition => ({ kind, deviceId })
const isSame =
  ({ kind, deviceId }: Condition) =>
  (other: Condition): boolean =>
    other.kind === kind && other.deviceId === deviceId
