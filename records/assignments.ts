// Who wore a device from when to when. At most one period of a device is open; the database holds that.

import { newId } from '../model/id.ts'
import type { Tx } from './db.ts'
import type { Changed } from './registry.ts'

/** Closes the device's open period and opens one for `residentId`; null leaves it with nobody. */
export async function assignDevice(
  tx: Tx,
  { deviceId, residentId, at }: { deviceId: string; residentId: string | null; at: number },
): Promise<void> {
  await close(tx, at).where('deviceId', '=', deviceId).execute()
  if (residentId === null) return
  await tx
    .insertInto('assignments')
    .values({ id: newId('asg'), deviceId, residentId, fromAt: at, toAt: null })
    .execute()
}

/** Takes every device from a resident. */
export async function closeAssignments(
  tx: Tx,
  { residentId, at, changed }: { residentId: string; at: number; changed: Changed },
): Promise<void> {
  const closed = await close(tx, at).where('residentId', '=', residentId).returning('deviceId').execute()
  for (const { deviceId } of closed) changed('device', deviceId)
}

/** A resident's devices are where the resident is. Returns the ids of those that moved. */
export async function moveDevicesOf(
  tx: Tx,
  { residentId, areaId, changed }: { residentId: string; areaId: string; changed: Changed },
): Promise<string[]> {
  const moved = await tx
    .updateTable('devices')
    .set({ areaId })
    .where('id', 'in', e =>
      e
        .selectFrom('assignments')
        .select('deviceId')
        .where('residentId', '=', residentId)
        .where('toAt', 'is', null),
    )
    .returning('id')
    .execute()
  for (const { id } of moved) changed('device', id)
  return moved.map(({ id }) => id)
}

// A period never ends before it began, even when the hub's clock was set back in between.
const close = (tx: Tx, at: number) =>
  tx
    .updateTable('assignments')
    .set(e => ({ toAt: e.case().when('fromAt', '>', at).then(e.ref('fromAt')).else(at).end() }))
    .where('toAt', 'is', null)
