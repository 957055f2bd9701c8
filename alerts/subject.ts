// Whom an alarm is about (pure): the resident who wore the device, else the device, else the whole hub.

import type { Finding } from '../model/finding.ts'
import type { Subject } from '../model/incident.ts'
import type { Registered, Wearing } from '../records/subjects.ts'

export type About = { subject: Subject; areaId: string }

/**
 * The subject of a finding, as assigned when it happened. When nobody wore the device then, it is about whoever
 * wears it as it arrives: a device that is a little behind on its clock is likelier than a press by nobody, and
 * the operator needs a name and an address.
 */
export function subjectOf(
  finding: Pick<Finding, 'deviceId' | 'at' | 'receivedAt'>,
  { wearings, deviceAreas, root }: Registered,
): About {
  const { deviceId, at, receivedAt } = finding
  const wearing = wearingAt(wearings, deviceId, at) ?? wearingAt(wearings, deviceId, receivedAt)
  if (wearing) {
    const { residentId, name, areaId } = wearing
    return { subject: { type: 'resident', id: residentId, name }, areaId }
  }
  const areaId = deviceAreas.get(deviceId)
  if (areaId !== undefined) return { subject: { type: 'device', id: deviceId, name: deviceId }, areaId }
  return { subject: { type: 'area', id: root.id, name: root.name }, areaId: root.id }
}

/** Periods that touch or overlap are read to the later wearer: the device has been handed over. */
function wearingAt(wearings: readonly Wearing[], deviceId: string, at: number): Wearing | undefined {
  return wearings.findLast(
    wearing =>
      wearing.deviceId === deviceId && wearing.fromAt <= at && (wearing.toAt === null || at < wearing.toAt),
  )
}
