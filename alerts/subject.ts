// Whom an alarm is about (pure): the resident who wears the device, else the device, else the whole hub.

import type { Finding, FindingKind } from '../model/finding.ts'
import type { Subject } from '../model/incident.ts'
import type { Registered, Wearing } from '../records/subjects.ts'

/** `alsoWornBy`: somebody else, who wore the device when it happened by the device's clock. */
export type About = { subject: Subject; areaId: string; alsoWornBy?: { id: string; name: string } }

/**
 * Whose it is when the device has changed hands since: of whoever pressed, most likely the one who wears it now;
 * what was measured belongs to the one who wore it then (docs/decisions/0010).
 */
const BELONGS_TO: Record<FindingKind, 'wearer_now' | 'wearer_then'> = {
  sos: 'wearer_now',
  fall: 'wearer_now',
  unreadable_event: 'wearer_now',
  service: 'wearer_now',
  custom: 'wearer_now',
  cancel: 'wearer_now',
  removed: 'wearer_now',
  vitals: 'wearer_then',
  zone_exit: 'wearer_then',
  danger_zone_enter: 'wearer_then',
  no_movement: 'wearer_then',
  silent: 'wearer_now',
  missed_check_in: 'wearer_now',
  area_outage: 'wearer_now',
  low_battery: 'wearer_then',
  power_off: 'wearer_then',
}

/**
 * The subject of a finding, by who wore the device when it happened and who wore it when it was received; `now`
 * is the hub's clock. When nobody did, it is about whoever wears it at all: the operator needs a name and an
 * address.
 */
export function subjectOf(
  { kind, deviceId, at, receivedAt }: Pick<Finding, 'kind' | 'deviceId' | 'at' | 'receivedAt'>,
  { wearings, deviceAreas, root }: Registered,
  now: number,
): About {
  const periods = wearings.filter(wearing => wearing.deviceId === deviceId)
  const open = periods.find(({ toAt }) => toAt === null)
  // Handed over while the hub's clock was ahead: what is written for later is so already.
  const ahead = open && open.fromAt > now ? open : undefined
  const wearerThen = wearingAt(periods, at)
  const wearerNow = ahead ?? wearingAt(periods, receivedAt)
  const wearing =
    (BELONGS_TO[kind] === 'wearer_then' ? (ahead ?? wearerThen ?? wearerNow) : (wearerNow ?? wearerThen)) ??
    open
  if (wearing) return { ...aboutWearer(wearing), ...alsoWorn(wearerThen, wearing) }
  const areaId = deviceAreas.get(deviceId)
  if (areaId !== undefined) return { subject: { type: 'device', id: deviceId, name: deviceId }, areaId }
  return { subject: { type: 'area', id: root.id, name: root.name }, areaId: root.id }
}

const aboutWearer = ({ residentId, name, areaId }: Wearing): About => ({
  subject: { type: 'resident', id: residentId, name },
  areaId,
})

const alsoWorn = (then: Wearing | undefined, { residentId }: Wearing): Pick<About, 'alsoWornBy'> =>
  then && then.residentId !== residentId ? { alsoWornBy: { id: then.residentId, name: then.name } } : {}

/** Periods that touch or overlap are read to the later wearer: the device has been handed over. */
function wearingAt(periods: readonly Wearing[], at: number): Wearing | undefined {
  return periods.findLast(({ fromAt, toAt }) => fromAt <= at && (toAt === null || at < toAt))
}
