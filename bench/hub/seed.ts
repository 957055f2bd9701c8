// Fills the records of a hub before it starts: devices with known secrets, each worn by a resident who has a safe
// zone around the home, as a hub in use has them. In bulk, through the hub's own tables and its change sequence,
// because one by one over HTTP takes minutes and measures something else.

import { ROOT_AREA_ID } from '../../model/area.ts'
import { type Records, recordChanges, type Tx } from '../../records/db.ts'
import { hashSecret } from '../../records/devices.ts'
import type { NewRow, Noun } from '../../records/schema.ts'
import { deviceId, homeOf, secretOf, sosDeviceId } from '../devices/packets.ts'
import type { Need } from '../target.ts'

/** Elders of one transaction: some engines take only so many values in a statement. */
const SLICE = 500
const SAFE_RADIUS_M = 500
const DWELL_MS = 60_000

/** One elder with a device and a zone. */
type Household = { id: string; home: { lat: number; lon: number } }

export async function seed(records: Records, { devices, sosDevices }: Need): Promise<void> {
  const households = [
    ...Array.from({ length: devices }, (_, index) => ({ id: deviceId(index), home: homeOf(index) })),
    ...Array.from({ length: sosDevices }, (_, index) => ({ id: sosDeviceId(index), home: homeOf(index) })),
  ]
  for (let at = 0; at < households.length; at += SLICE) {
    const slice = households.slice(at, at + SLICE)
    await records.db.transaction().execute(tx => insert(tx, slice, Date.now()))
  }
}

async function insert(tx: Tx, households: readonly Household[], now: number): Promise<void> {
  await tx
    .insertInto('residents')
    .values(households.map(({ id }) => resident(id, now)))
    .execute()
  await tx.insertInto('zones').values(households.map(zone)).execute()
  await tx
    .insertInto('devices')
    .values(households.map(({ id }) => device(id, now)))
    .execute()
  const worn = households.map(({ id }) => ({
    id: `a-${id}`,
    deviceId: id,
    residentId: `r-${id}`,
    fromAt: now,
    toAt: null,
  }))
  await tx.insertInto('assignments').values(worn).execute()
  const changed = (noun: Noun, id: string): { noun: Noun; id: string } => ({ noun, id })
  await recordChanges(tx, [
    ...households.map(({ id }) => changed('device', id)),
    ...households.map(({ id }) => changed('zone', `z-${id}`)),
  ])
}

const resident = (id: string, createdAt: number): NewRow<'residents'> => ({
  id: `r-${id}`,
  areaId: ROOT_AREA_ID,
  name: `Elder ${id}`,
  gender: null,
  birthYear: 1944,
  phone: null,
  address: null,
  accessNotes: null,
  medicalNotes: null,
  wandering: 0,
  livesAlone: 1,
  createdAt,
  archivedAt: null,
})

const zone = ({ id, home: { lat, lon } }: Household): NewRow<'zones'> => ({
  id: `z-${id}`,
  name: 'home',
  kind: 'safe',
  shapeJson: JSON.stringify({ circle: { center: [lon, lat], radiusM: SAFE_RADIUS_M } }),
  dwellMs: DWELL_MS,
  residentId: `r-${id}`,
  areaId: null,
  archivedAt: null,
})

const device = (id: string, createdAt: number): NewRow<'devices'> => ({
  id,
  kind: 'bracelet',
  protocol: 'mqtt',
  areaId: ROOT_AREA_ID,
  secretHash: hashSecret(secretOf(id)),
  createdAt,
  archivedAt: null,
})
