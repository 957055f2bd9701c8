// The wearables: who wears them, where they belong, and the secret that only their hash is kept of.

import { createHash } from 'node:crypto'
import type { Device } from '../model/device.ts'
import { newId, newSecret } from '../model/id.ts'
import { assignDevice } from './assignments.ts'
import type { Db, Records, Tx } from './db.ts'
import { moveAlarms } from './moves.ts'
import { numberFor } from './numbers.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, type Changed, given, notFound, type Writing, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import {
  areaOfScope,
  badField,
  inScope,
  requireArea,
  requireResident,
  type Scope,
  underArea,
  WHOLE_HUB,
} from './scope.ts'
import { readSlices } from './slices.ts'

export type NewDevice = Pick<Device, 'kind' | 'protocol'> & {
  id?: string | undefined
  /** Who wears it from now on. */
  residentId?: string | null | undefined
  /** Where it belongs while nobody wears it; the account's own area when not given. */
  areaId?: string | undefined
  intervalMs?: number | null | undefined
  phone?: string | null | undefined
}
export type DeviceChange = Change<
  Pick<Device, 'kind' | 'protocol' | 'areaId' | 'residentId' | 'intervalMs' | 'phone'>
>
export type DeviceFilter = {
  scope: Scope
  areaId?: string | undefined
  residentId?: string | undefined
  kind?: Device['kind'] | undefined
  /** The archived ones instead of the live ones. */
  archived?: boolean | undefined
}

/** SHA-256 of a device's secret in hex: what is stored instead of it. Secrets are random, so no salt is needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Devices of the scope, by id. */
export async function listDevices(
  db: Db,
  { scope, areaId, residentId, kind, archived = false, cursor, limit }: DeviceFilter & PageRequest,
): Promise<Page<Device>> {
  const filter = { areaId, residentId, kind, archived }
  const pages = pagesOf({ name: 'devices', order: ['devices.id'], filter })
  let query = devicesIn(db, scope)
    .where('devices.archivedAt', archived ? 'is not' : 'is', null)
    .where(pages.after(cursor))
  if (areaId !== undefined) query = query.where(underArea(areaId, 'devices.areaId'))
  if (residentId !== undefined) query = query.where('assignments.residentId', '=', residentId)
  if (kind !== undefined) query = query.where('devices.kind', '=', kind)
  const rows = await query
    .orderBy('devices.id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.id], toItem: toDevice })
}

/** A device of the scope, archived or not. */
export async function getDevice(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<Device | undefined> {
  const row = await devicesIn(db, scope).where('devices.id', '=', id).executeTakeFirst()
  return row && toDevice(row)
}

/** Those of these ids that are anybody's: `taken` where they are archived, or outside of the scope. */
export async function knownDevices(
  db: Db,
  { scope, ids }: { scope: Scope; ids: readonly string[] },
): Promise<Map<string, Device | 'taken'>> {
  const rows = await readSlices(ids, slice =>
    devicesIn(db, WHOLE_HUB)
      .select(inScope(scope, 'devices.areaId').as('isSeen'))
      .where('devices.id', 'in', slice)
      .execute(),
  )
  return new Map(
    rows.map(({ isSeen, ...row }) => [row.id, isSeen && row.archivedAt === null ? toDevice(row) : 'taken']),
  )
}

/** Registers a device; its secret is told here and never again. @throws HubError BAD_REQUEST, CONFLICT. */
export function createDevice(
  records: Records,
  { scope, device, at }: { scope: Scope; device: NewDevice; at: number },
) {
  return writeRegistry(records, (tx, changed) => addDevice(tx, { scope, device, at, changed }))
}

/** The same as a part of another write. */
export async function addDevice(
  tx: Tx,
  { scope, device, at, changed }: { scope: Scope; device: NewDevice; at: number; changed: Changed },
): Promise<{ device: Device; secret: string }> {
  const id = device.id ?? newId('dev')
  const { kind, protocol, residentId = null, intervalMs = null, phone = null } = device
  const areaId = await placeOf(tx, {
    scope,
    residentId,
    areaId: device.areaId,
    otherwise: areaOfScope(scope),
  })
  const secret = newSecret()
  await tx
    .insertInto('devices')
    .values({
      id,
      kind,
      protocol,
      areaId,
      secretHash: hashSecret(secret),
      intervalMs,
      phone,
      number: await numberFor(tx, phone),
      createdAt: at,
      archivedAt: null,
    })
    .execute()
  if (residentId !== null) await assignDevice(tx, { deviceId: id, residentId, at })
  changed('device', id)
  return { device: { id, kind, protocol, areaId, residentId, intervalMs, phone, archivedAt: null }, secret }
}

/**
 * Changes a device; a new `residentId` ends the period of the wearer before, and open alarms about the device move
 * with it. @throws HubError NOT_FOUND, BAD_REQUEST.
 */
export function updateDevice(records: Records, asked: DeviceUpdate) {
  return writeRegistry(records, (tx, changed, note) =>
    changeDevice(tx, asked, { now: records.now(), changed, note }),
  )
}

export type DeviceUpdate = {
  scope: Scope
  id: string
  change: DeviceChange
  at: number
  by?: string | undefined
}

/** The same as a part of another write. */
export async function changeDevice(
  tx: Tx,
  { scope, id, change, at, by }: DeviceUpdate,
  { now, changed, note }: Writing,
): Promise<Device> {
  const device = await liveDevice(tx, { scope, id })
  const next = { ...device, ...given(change) }
  const { residentId, kind, protocol, intervalMs, phone } = next
  const number = await numberFor(tx, phone)
  const areaId = await placeOf(tx, { scope, residentId, areaId: change.areaId, otherwise: device.areaId })
  await tx
    .updateTable('devices')
    .set({ kind, protocol, areaId, intervalMs, phone, number })
    .where('id', '=', id)
    .execute()
  if (residentId !== device.residentId) await assignDevice(tx, { deviceId: id, residentId, at })
  const move = { at, by, now, note }
  if (areaId !== device.areaId) await moveAlarms(tx, { type: 'device', ids: [id], areaId }, move)
  changed('device', id)
  return { ...next, areaId }
}

/**
 * Gives a device another secret, told here and never again: with the one before it can neither connect nor stay.
 * @throws HubError NOT_FOUND
 */
export function renewSecret(
  records: Records,
  { scope, id }: { scope: Scope; id: string },
): Promise<{ device: Device; secret: string }> {
  return writeRegistry(records, async (tx, changed) => {
    const device = await liveDevice(tx, { scope, id })
    const secret = newSecret()
    await tx
      .updateTable('devices')
      .set({ secretHash: hashSecret(secret) })
      .where('id', '=', id)
      .execute()
    changed('device', id)
    return { device, secret }
  })
}

/** Archives a device: it may not connect any more, and nobody wears it. @throws HubError NOT_FOUND. */
export function archiveDevice(records: Records, { scope, id, at }: { scope: Scope; id: string; at: number }) {
  return writeRegistry(records, async (tx, changed): Promise<void> => {
    await liveDevice(tx, { scope, id })
    await assignDevice(tx, { deviceId: id, residentId: null, at })
    await tx.updateTable('devices').set({ archivedAt: at }).where('id', '=', id).execute()
    changed('device', id)
  })
}

async function liveDevice(tx: Tx, { scope, id }: { scope: Scope; id: string }): Promise<Device> {
  const device = await getDevice(tx, { scope, id })
  if (device && device.archivedAt === null) return device
  throw notFound('device', id)
}

/** A worn device is where its wearer is; `areaId` can only place one that nobody wears. */
async function placeOf(
  tx: Tx,
  {
    scope,
    residentId,
    areaId,
    otherwise,
  }: { scope: Scope; residentId: string | null; areaId: string | undefined; otherwise: string },
): Promise<string> {
  if (residentId !== null) {
    const resident = await requireResident(tx, { scope, residentId })
    if (areaId === undefined || areaId === resident.areaId) return resident.areaId
    throw badField('areaId', 'a device that is worn belongs to the area of its wearer', 'area_of_wearer')
  }
  if (areaId !== undefined) await requireArea(tx, { scope, areaId })
  return areaId ?? otherwise
}

const devicesIn = (db: Db, scope: Scope) =>
  db
    .selectFrom('devices')
    .leftJoin('assignments', join =>
      join.onRef('assignments.deviceId', '=', 'devices.id').on('assignments.toAt', 'is', null),
    )
    .selectAll('devices')
    .select('assignments.residentId')
    .where(inScope(scope, 'devices.areaId'))

type DeviceRow = Row<'devices'> & { residentId: string | null }

const toDevice = ({ id, kind, protocol, areaId, residentId, phone, ...row }: DeviceRow): Device => ({
  id,
  kind,
  protocol,
  areaId,
  residentId,
  intervalMs: row.intervalMs === null ? null : Number(row.intervalMs),
  phone,
  archivedAt: row.archivedAt === null ? null : Number(row.archivedAt),
})
