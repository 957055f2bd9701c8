// Writes the demo's district into the records: areas, elders with all that belongs to them, and who works there. It has
// to be older than the hub that shows it, which nobody can be who comes by way of its interface.

import { newSecret } from '../model/id.ts'
import { createArea } from '../records/areas.ts'
import { addContact } from '../records/contacts.ts'
import type { Records } from '../records/db.ts'
import { addDevice, hashSecret } from '../records/devices.ts'
import { createProcedure } from '../records/procedures.ts'
import { writeRegistry } from '../records/registry.ts'
import { addResident } from '../records/residents.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { createZone } from '../records/zones.ts'
import type { District } from '../simulators/district/district.ts'
import type { IssuedDevice } from '../simulators/district/seed.ts'
import { createAccounts } from './accounts.ts'
import { dangersOf, PROCEDURES } from './places.ts'

const scope = WHOLE_HUB

export type Settling = {
  district: District
  /** What everybody below belongs to: the district itself. */
  areaId: string
  passwordHash: string
  /** The elder whom the family account looks after. */
  familyOf: string
  /** Since when all of it is there; epoch ms. */
  at: number
}

/** @throws HubError CONFLICT when some of it is there already. */
export async function settle(records: Records, settling: Settling): Promise<IssuedDevice[]> {
  const { district, areaId, passwordHash, at } = settling
  for (const area of district.areas) {
    const parentId = area.parentId ?? 'root'
    await createArea(records, { scope, area: { ...area, parentId } })
  }
  await createAccounts(records, { areaId, passwordHash, at })
  const devices = await settleElders(records, settling)
  for (const { zone } of district.households) await createZone(records, { scope, zone })
  for (const zone of dangersOf(district)) await createZone(records, { scope, zone })
  for (const procedure of PROCEDURES)
    await createProcedure(records, { scope, at, procedure: { ...procedure, residentId: null, areaId } })
  return devices
}

function settleElders(
  records: Records,
  { district, familyOf, at }: Pick<Settling, 'district' | 'familyOf' | 'at'>,
): Promise<IssuedDevice[]> {
  return writeRegistry(records, async (tx, changed) => {
    const devices: IssuedDevice[] = []
    for (const household of district.households) {
      const { resident, contacts, device } = household
      await addResident(tx, { scope, resident, at, changed })
      for (const contact of contacts) {
        const isFamily = resident.id === familyOf && contact.position === 1
        const userId = isFamily ? 'demo-family' : null
        await addContact(tx, { scope, contact: { ...contact, userId }, changed })
      }
      const { secret } = await addDevice(tx, { scope, device, at, changed })
      devices.push({ id: device.id, secret, household })
    }
    return devices
  })
}

/** New secrets for wearables that an earlier run has left: nobody has the old ones. */
export function reissue(records: Records, district: District): Promise<IssuedDevice[]> {
  return writeRegistry(records, async (tx, changed) => {
    const devices: IssuedDevice[] = []
    for (const household of district.households) {
      const { id } = household.device
      const secret = newSecret()
      const updated = await tx
        .updateTable('devices')
        .set({ secretHash: hashSecret(secret) })
        .where('id', '=', id)
        .where('archivedAt', 'is', null)
        .executeTakeFirst()
      if (updated.numUpdatedRows === 0n) continue // somebody has archived it since: it is left in peace
      changed('device', id)
      devices.push({ id, secret, household })
    }
    return devices
  })
}
