// What a device is asked for while the alarm of its wearer lasts, and what of that must be taken back afterwards.

import { type CommandName, PENDING_STATES } from '../model/command.ts'
import type { Subject } from '../model/incident.ts'
import type { CancelReason } from './commands.ts'
import type { Db, Tx } from './db.ts'

/** A device that an elder has on them. `intervalMs` is what it was set to; null when nobody has said. */
export type WornDevice = { id: string; intervalMs: number | null }

/** The devices that say where the subject of an alarm is: those that the elder wears now, or the device itself. */
export async function devicesOn(db: Db, { type, id }: Pick<Subject, 'type' | 'id'>): Promise<WornDevice[]> {
  if (type === 'area') return []
  const inUse = db
    .selectFrom('devices')
    .select(['devices.id', 'devices.intervalMs'])
    .where('devices.archivedAt', 'is', null)
    .where('devices.kind', '!=', 'gateway') // it stands at home
    .orderBy('devices.id')
  if (type === 'device') return inUse.where('devices.id', '=', id).execute()
  return inUse
    .innerJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .where('assignments.residentId', '=', id)
    .execute()
}

/** What was asked for an alarm and holds still, by device. */
export async function trackedFor(
  db: Db,
  incidentId: string,
): Promise<{ deviceId: string; name: CommandName }[]> {
  return db
    .selectFrom('commands')
    .select(['deviceId', 'name'])
    .where('incidentId', '=', incidentId)
    .where('undoOf', 'is', null)
    .where('overAt', 'is', null)
    .execute()
}

/** Whether devices were ever asked for something because of this alarm. */
export async function wasTracked(db: Db, incidentId: string): Promise<boolean> {
  const row = await db
    .selectFrom('commands')
    .select('id')
    .where('incidentId', '=', incidentId)
    .where('undoOf', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** What has to be taken back: a device that may have heard it, with the interval that it is to go back to. */
export type Undo = { commandId: string; deviceId: string; intervalMs: number | null }

/**
 * Ends what an alarm asked of devices: what they have not answered is cancelled. Returns the settings that they may
 * have taken over, but for devices that another alarm has taken up meanwhile.
 */
export async function endTracking(
  tx: Tx,
  { incidentId, at }: { incidentId: string; at: number },
): Promise<Undo[]> {
  const ended = await tx
    .updateTable('commands')
    .set({ overAt: at })
    .where('incidentId', '=', incidentId)
    .where('undoOf', 'is', null)
    .where('overAt', 'is', null)
    .returning('id')
    .execute()
  if (ended.length === 0) return []
  const ids = ended.map(({ id }) => id)
  const reason: CancelReason = 'over'
  await tx
    .updateTable('commands')
    .set({ state: 'cancelled', detail: reason })
    .where('id', 'in', ids)
    .where('state', 'in', PENDING_STATES)
    .execute()
  return undosOf(tx, ids)
}

function undosOf(tx: Tx, ids: readonly string[]): Promise<Undo[]> {
  return tx
    .selectFrom('commands')
    .innerJoin('devices', 'devices.id', 'commands.deviceId')
    .select(['commands.id as commandId', 'commands.deviceId', 'devices.intervalMs'])
    .where('commands.id', 'in', ids)
    .where('commands.name', '=', 'interval')
    .where('commands.attempts', '>', 0)
    .where('commands.state', '!=', 'failed') // the device would not
    .where('devices.archivedAt', 'is', null)
    .where(e =>
      e.not(
        e.exists(
          e
            .selectFrom('commands as other')
            .select('other.id')
            .whereRef('other.deviceId', '=', 'commands.deviceId')
            .where('other.name', '=', 'interval')
            .where('other.incidentId', 'is not', null)
            .where('other.undoOf', 'is', null)
            .where('other.overAt', 'is', null),
        ),
      ),
    )
    .orderBy('commands.seq')
    .execute()
}
