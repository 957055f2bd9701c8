// What a device is asked for while the alarm of its wearer lasts, and what of that must be taken back afterwards.

import { type CommandName, PENDING_STATES } from '../model/command.ts'
import { type EntryKind, OPEN_STATES, type Subject } from '../model/incident.ts'
import type { CancelReason } from './commands.ts'
import type { Db, Tx } from './db.ts'
import { storedFacts } from './stored.ts'
import { unindexed } from './unindexed.ts'

/** A device that an elder has on them. `intervalMs` is what it was set to; null when nobody has said. */
export type Trackable = { id: string; intervalMs: number | null }

/** The devices that say where the subject of an alarm is: those that the elder wears now, or the device itself. */
export async function trackablesOf(db: Db, { type, id }: Pick<Subject, 'type' | 'id'>): Promise<Trackable[]> {
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
    .where(unindexed('commands.undoOf'), 'is', null)
    .where('overAt', 'is', null)
    .execute()
}

/** What open alarms ask of devices, and about whom they are. Times are epoch ms. */
export type Asked = {
  incidentId: string
  subjectType: Subject['type']
  subjectId: string
  id: string
  deviceId: string
  name: CommandName
  argsJson: string
  expiresAt: number
}

/** What holds still of it, in the order in which it was asked. */
export function askedForOpen(db: Db): Promise<Asked[]> {
  return db
    .selectFrom('commands')
    .innerJoin('incidents', 'incidents.id', 'commands.incidentId')
    .select([
      'incidents.id as incidentId',
      'incidents.subjectType',
      'incidents.subjectId',
      'commands.id',
      'commands.deviceId',
      'commands.name',
      'commands.argsJson',
      'commands.expiresAt',
    ])
    .where('commands.incidentId', 'is not', null)
    .where(unindexed('commands.undoOf'), 'is', null)
    .where('commands.overAt', 'is', null)
    .where('incidents.state', 'in', OPEN_STATES)
    .where('incidents.class', '=', 'emergency') // conditions are open by the thousand, and ask for nothing
    .orderBy('commands.seq')
    .execute()
}

/** Ids of the commands that stand on an alarm's timeline. */
export async function toldOnTimeline(db: Db, incidentId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('timeline')
    .select('detailJson')
    .where('incidentId', '=', incidentId)
    .where(unindexed<EntryKind>('timeline.kind'), '=', 'tracked')
    .execute()
  return new Set(rows.flatMap(({ detailJson }) => (storedFacts(detailJson).commandIds ?? []) as string[]))
}

/** Whether devices were ever asked for something because of this alarm. */
export async function wasTracked(db: Db, incidentId: string): Promise<boolean> {
  const row = await db
    .selectFrom('commands')
    .select('id')
    .where('incidentId', '=', incidentId)
    .where(unindexed('commands.undoOf'), 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** What has to be taken back: a device that may have heard it, with the interval that it is to go back to. */
export type Undo = { commandId: string; deviceId: string; intervalMs: number | null }

/**
 * Ends what an alarm asked of devices: what they have not answered is cancelled. Returns those devices, and the
 * settings that they may have taken over, but for devices that another alarm has taken up meanwhile.
 */
export async function endTracking(
  tx: Tx,
  { incidentId, at }: { incidentId: string; at: number },
): Promise<{ deviceIds: string[]; undos: Undo[] }> {
  const ended = await tx
    .updateTable('commands')
    .set({ overAt: at })
    .where('incidentId', '=', incidentId)
    .where(unindexed('commands.undoOf'), 'is', null)
    .where('overAt', 'is', null)
    .returning(['id', 'deviceId'])
    .execute()
  const deviceIds = [...new Set(ended.map(({ deviceId }) => deviceId))].sort()
  if (ended.length === 0) return { deviceIds, undos: [] }
  const ids = ended.map(({ id }) => id)
  const reason: CancelReason = 'over'
  await tx
    .updateTable('commands')
    .set({ state: 'cancelled', detail: reason })
    .where('id', 'in', ids)
    .where('state', 'in', PENDING_STATES)
    .execute()
  return { deviceIds, undos: await undosOf(tx, ids) }
}

/** What of these commands has to be taken back. */
export function undosOf(db: Db, ids: readonly string[]): Promise<Undo[]> {
  return db
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
            .where(unindexed('other.undoOf'), 'is', null)
            .where('other.overAt', 'is', null),
        ),
      ),
    )
    .orderBy('commands.seq')
    .execute()
}
