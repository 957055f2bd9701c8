// The order of the desk: who must be helped first. Pure, so that it can be checked row by row.

import { queueRank, severityRank } from '../../model/finding.ts'
import type { Alarm } from '../../model/incident.ts'

/** Nobody is on it: raised, or its owner has gone. Technical alarms clear themselves and need nobody. */
export function needsSomebody(alarm: Alarm): boolean {
  return alarm.class !== 'technical' && isOpen(alarm) && (alarm.state === 'raised' || !alarm.owner)
}

export const isOpen = (alarm: Alarm): boolean => alarm.state !== 'resolved' && alarm.state !== 'closed'

/**
 * Something grave joined after its owner had accepted, and the owner has not said yet that it was noticed.
 * `acknowledged` is the `alertedAt` that the owner has answered at this desk.
 */
export function isRealerted(alarm: Alarm, acknowledged: number | undefined): boolean {
  if (!alarm.owner || !isOpen(alarm) || alarm.class === 'technical') return false
  const answeredAt = Math.max(alarm.acceptedAt ?? 0, acknowledged ?? 0)
  return alarm.alertedAt > answeredAt
}

/** The alarms of one class, most urgent first. */
export function queueOf(alarms: Iterable<Alarm>, wanted: Alarm['class']): Alarm[] {
  return [...alarms].filter(alarm => alarm.class === wanted).sort(byUrgency)
}

/** Severity, then whether somebody is needed or must look again, then kind, then waiting time; the id settles what is left. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    attention(b) - attention(a) ||
    queueRank(a) - queueRank(b) ||
    a.alertedAt - b.alertedAt ||
    (a.id < b.id ? -1 : 1)
  )
}

/** Nobody is on it; or somebody is, and may not know the newest. */
const attention = (alarm: Alarm): number => (needsSomebody(alarm) ? 2 : isRealerted(alarm, undefined) ? 1 : 0)

/**
 * What the accept key takes: the alarm that is read now (`openId`), when it still needs somebody; otherwise the
 * top one. A key that took another one than the eye is on would be a trap.
 */
export function acceptedByKey(
  alarms: ReadonlyMap<string, Alarm>,
  openId: string | undefined,
): Alarm | undefined {
  const open = openId === undefined ? undefined : alarms.get(openId)
  return open && needsSomebody(open) ? open : topUnaccepted(alarms.values())
}

/** The most urgent emergency that needs somebody, then the first service call. */
function topUnaccepted(alarms: Iterable<Alarm>): Alarm | undefined {
  let top: Alarm | undefined
  for (const alarm of alarms) {
    if (!needsSomebody(alarm)) continue
    if (!top || before(alarm, top)) top = alarm
  }
  return top
}

const before = (a: Alarm, b: Alarm): boolean =>
  a.class === b.class ? byUrgency(a, b) < 0 : a.class === 'emergency'

/** Steps of the escalation from which the promised answer time has passed, while nobody answers. */
const BREACHED_FROM: Record<Alarm['class'], number> = {
  emergency: 3,
  service: 2,
  technical: Number.POSITIVE_INFINITY,
}

/** `unanswered`: nobody came. `breached`: nobody came in time. `no_progress`: somebody has it, and nothing happens. */
export type Urging = 'unanswered' | 'breached' | 'no_progress'

/** What the escalation says about an alarm, beyond step 0, which is the alarm itself. */
export function urgingOf(alarm: Alarm, acknowledged: number | undefined): Urging | undefined {
  if (alarm.escalation <= 0) return undefined
  if (!needsSomebody(alarm) && !isRealerted(alarm, acknowledged)) return 'no_progress'
  return alarm.escalation >= BREACHED_FROM[alarm.class] ? 'breached' : 'unanswered'
}
