// What rules raise becomes findings: they get an id that follows from the log alone, and whose they are.

import type { StoredRecord } from '../broker/entry.ts'
import type { Finding } from '../model/finding.ts'
import type { DeviceState } from './device-state.ts'
import type { ClockFault } from './inputs.ts'
import type { Raised } from './rule.ts'

/** Something that a rule raised of a device, and what was noticed about its clock. */
export type Found = { device: DeviceState; raised: Raised; fault: ClockFault }

/** `ordinal` counts what was found on the record; `residentId` is the wearer by the registry. */
export function findingOf(
  { device, raised, fault }: Found,
  { record, ordinal, residentId }: { record: StoredRecord; ordinal: number; residentId: string | null },
): Finding {
  const { evidence, ...rest } = raised
  return {
    id: `${record.receipt}-${ordinal.toString(36)}`,
    ...rest,
    deviceId: device.id,
    ...(residentId != null && { residentId }),
    receivedAt: record.receivedAt,
    evidence: fault ? { ...evidence, ...fault } : evidence,
  }
}

/** Devices are independent of each other, so only the order of what was found has to be fixed. */
export const byDevice = (a: Found, b: Found): number =>
  a.device.id < b.device.id ? -1 : Number(a.device.id > b.device.id)
