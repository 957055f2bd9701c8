// What the registry says of devices and of the zones of areas, in the form that folds are told it.

import { expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { createArea, updateArea } from '../../records/areas.ts'
import { areaZones, areaZonesOf, deviceContexts, devicesTouchedBy } from '../../records/contexts.ts'
import type { Records } from '../../records/db.ts'
import { createDevice } from '../../records/devices.ts'
import { createResident } from '../../records/residents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { archiveZone, createZone, updateZone } from '../../records/zones.ts'
import { UNSAID } from '../unsaid.ts'
import { testRecords } from './started.ts'

const scope = WHOLE_HUB

async function started() {
  const records = await testRecords({ now: () => epochMs(1_000) })
  await createArea(records, { scope, area: { id: 'city', parentId: 'root', name: '市', level: 'city' } })
  await createArea(records, {
    scope,
    area: { id: 'street', parentId: 'city', name: '街道', level: 'street' },
  })
  const resident = {
    id: 'r',
    areaId: 'street',
    name: '王秀英',
    wandering: true,
    livesAlone: false,
    ...UNSAID,
  }
  await createResident(records, { scope, at: 1, resident })
  await createDevice(records, {
    scope,
    at: 1,
    device: { id: 'd', kind: 'watch', protocol: 'mqtt', residentId: 'r' },
  })
  return records
}

const zone = (records: Records, id: string, owner: { residentId?: string; areaId?: string }) => {
  const shape = { circle: { center: [122, 37] as [number, number], radiusM: 300 } }
  const { residentId = null, areaId = null } = owner
  return createZone(records, {
    scope,
    zone: { id, name: id, kind: 'safe', shape, dwellMs: 60_000, residentId, areaId },
  })
}

const ids = (zones: readonly { id: string }[]) => zones.map(({ id }) => id)

test('a device’s context has the wearer’s own zones, and names its areas from the root down', async () => {
  const records = await started()
  await zone(records, 'own', { residentId: 'r' })
  await zone(records, 'of-street', { areaId: 'street' })
  const context = (await deviceContexts(records.db, ['d', 'nobody'])).get('d')
  expect(context).toMatchObject({
    residentId: 'r',
    areaId: 'street',
    wandering: true,
    areaIds: ['root', 'city', 'street'],
  })
  expect(ids(context?.zones ?? [])).toEqual(['own'])
  await updateArea(records, { scope, id: 'street', change: { parentId: 'root' }, at: 2 })
  expect((await deviceContexts(records.db, ['d'])).get('d')?.areaIds).toEqual(['root', 'street'])
})

test('zones of areas are told apart from those of elders, and from those that are gone', async () => {
  const records = await started()
  for (const id of ['a', 'b', 'c']) await zone(records, id, { areaId: 'city' })
  await zone(records, 'own', { residentId: 'r' })
  await archiveZone(records, { scope, id: 'b', at: 2 })
  await updateZone(records, { scope, id: 'c', change: { areaId: null, residentId: 'r' } })
  expect(ids(await areaZones(records.db))).toEqual(['a'])
  expect(ids(await areaZonesOf(records.db, ['a', 'b', 'c', 'own', 'nowhere']))).toEqual(['a'])
})

test('whoever is below the area of a zone that changed is told, also when it is gone', async () => {
  const records = await started()
  await zone(records, 'a', { areaId: 'city' })
  const changes = [{ noun: 'zone', id: 'a' }] as const
  expect([...(await devicesTouchedBy(records.db, changes))]).toEqual(['d'])
  await archiveZone(records, { scope, id: 'a', at: 2 })
  expect([...(await devicesTouchedBy(records.db, changes))]).toEqual(['d'])
})
