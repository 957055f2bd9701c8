// First step of the desk: which class of incident a finding belongs to, and where it may join.

import type { Finding, FindingKind, Severity } from '../model/finding.ts'
import type { IncidentClass } from '../model/incident.ts'

/** Classes by severity (docs/alarms.md). `cancel` has no class of its own, see `classesOf`. */
const CLASSES: Record<Exclude<FindingKind, 'cancel'>, Record<Severity, IncidentClass>> = {
  sos: always('emergency'),
  // A notice: the detector says so of this wearer more often than can be true, and asks for a review.
  fall: { critical: 'emergency', high: 'emergency', notice: 'technical' },
  unreadable_event: always('emergency'),
  zone_exit: always('emergency'),
  danger_zone_enter: always('emergency'),
  no_movement: always('emergency'),
  missed_check_in: always('emergency'),
  // Nobody of that area can call for help: somebody has to find out, and to look after those who live alone.
  area_outage: always('emergency'),
  vitals: { critical: 'emergency', high: 'emergency', notice: 'technical' },
  silent: { critical: 'emergency', high: 'emergency', notice: 'technical' },
  removed: { critical: 'emergency', high: 'emergency', notice: 'technical' },
  low_battery: always('technical'),
  power_off: always('technical'),
  service: always('service'),
  // What a device names in words of its own is for a person to read, without the sound of an emergency.
  custom: always('service'),
}

/**
 * A wearer's cancel speaks about the alarm that is open. With none open it is no alarm and asks nothing of
 * anybody — but it stays visible: it is written as a technical incident, which holds no condition and is
 * therefore closed at once (raise.ts).
 */
const CANCEL_JOINS: readonly IncidentClass[] = ['emergency', 'service', 'technical']

/**
 * The classes that a finding may join, in this order: it joins the first that has an open incident, and opens
 * one in the last when none has. Nothing but a cancel ever has a choice.
 */
export function classesOf({
  kind,
  severity,
  ended,
}: Pick<Finding, 'kind' | 'severity' | 'ended'>): readonly IncidentClass[] {
  if (kind === 'cancel') return CANCEL_JOINS
  if (ended) return ['technical']
  return [CLASSES[kind][severity]]
}

function always(cls: IncidentClass): Record<Severity, IncidentClass> {
  return { critical: cls, high: cls, notice: cls }
}
