// Wearables that come from a table: registered, changed and given to whoever is to wear them, a row at a time. A row
// that is brought again changes nothing.

import type { Device } from '../model/device.ts'
import type { ImportOutcome } from '../model/import.ts'
import type { Resident } from '../model/resident.ts'
import type { Db, Records } from './db.ts'
import { addDevice, changeDevice, knownDevices } from './devices.ts'
import type { ImportWrite, RowFault, Written } from './import-residents.ts'
import { writeRegistry } from './registry.ts'
import { knownResidents } from './residents.ts'
import type { Scope } from './scope.ts'

/** What a row says of a wearable; what it does not say stays as it is. */
export type RowOfDevice = {
  key: string
  kind?: Device['kind']
  /** Who wears it. */
  residentId?: string
  areaId?: string
  phone?: string | null
  intervalMs?: number | null
}

export type KnownWearables = {
  devices: ReadonlyMap<string, Device | 'taken'>
  residents: ReadonlyMap<string, Resident | 'taken'>
}

export type DevicePlan = {
  outcome: Exclude<ImportOutcome, 'failed'>
  change: Omit<RowOfDevice, 'key'>
}

export async function readWearables(
  db: Db,
  { scope, rows }: { scope: Scope; rows: readonly RowOfDevice[] },
): Promise<KnownWearables> {
  const wearers = rows.flatMap(({ residentId }) => residentId ?? [])
  return {
    devices: await knownDevices(db, { scope, ids: rows.map(({ key }) => key) }),
    residents: await knownResidents(db, { scope, ids: wearers }),
  }
}

/** Pure: what a row comes to, or why it cannot be taken. */
export function planDevice(
  row: RowOfDevice,
  known: KnownWearables,
): { faults: RowFault[] } | { plan: DevicePlan } {
  const faults = faultsOf(row, known)
  if (faults.length > 0) return { faults }
  const { key, ...said } = row
  const there = known.devices.get(key)
  if (there === undefined || there === 'taken') return { plan: { outcome: 'created', change: said } }
  const changed = Object.entries(said).filter(
    ([field, value]) => value !== undefined && value !== there[field as keyof Device],
  )
  const change = Object.fromEntries(changed) as DevicePlan['change']
  return { plan: { outcome: changed.length === 0 ? 'unchanged' : 'updated', change } }
}

function faultsOf(row: RowOfDevice, { devices, residents }: KnownWearables): RowFault[] {
  const there = devices.get(row.key)
  if (there === 'taken') return [{ field: 'key', reason: 'taken' }]
  const faults: RowFault[] = []
  if (there === undefined && row.kind === undefined) faults.push({ field: 'kind', reason: 'required' })
  const wearer = row.residentId === undefined ? undefined : residents.get(row.residentId)
  if (row.residentId !== undefined && typeof wearer !== 'object')
    faults.push({ field: 'residentKey', reason: 'unknown_resident' })
  const wornBy = there?.residentId ?? null
  if (row.residentId !== undefined && wornBy !== null && wornBy !== row.residentId)
    faults.push({ field: 'residentKey', reason: 'worn' })
  const place = typeof wearer === 'object' ? wearer.areaId : wornBy === null ? undefined : there?.areaId
  if (row.areaId !== undefined && place !== undefined && place !== row.areaId)
    faults.push({ field: 'area', reason: 'area_of_wearer' })
  return faults
}

/**
 * Takes one row; it is looked at again in the transaction that writes it.
 * @throws HubError CONFLICT, BAD_REQUEST when what it hangs on went away meanwhile.
 */
export function importDevice(records: Records, row: RowOfDevice, write: ImportWrite): Promise<Written> {
  return writeRegistry(records, async (tx, changed, note): Promise<Written> => {
    const { scope, areaId, at, by } = write
    const { key: id } = row
    const planned = planDevice(row, await readWearables(tx, { scope, rows: [row] }))
    if ('faults' in planned) return { ok: false, faults: planned.faults }
    const { outcome, change } = planned.plan
    const registered = []
    if (outcome === 'created') {
      const { kind = 'bracelet', ...said } = change
      const place = said.residentId === undefined ? { areaId: said.areaId ?? areaId } : {}
      const device = { ...said, areaId: undefined, ...place, id, kind, protocol: 'mqtt' as const }
      const { secret } = await addDevice(tx, { scope, device, at, changed })
      registered.push({ deviceId: id, secret })
    } else if (outcome === 'updated') {
      await changeDevice(tx, { scope, id, change, at, by }, { now: records.now(), changed, note })
    }
    return { ok: true, outcome, registered }
  })
}
