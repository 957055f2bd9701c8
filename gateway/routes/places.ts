// The registry's places: the tree of areas, and geofences.

import { z } from 'zod'
import { areaSchema } from '../../model/area.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { zoneSchema } from '../../model/zone.ts'
import { archiveArea, createArea, getArea, listAreas, updateArea } from '../../records/areas.ts'
import type { Records } from '../../records/db.ts'
import { areaOfScope } from '../../records/scope.ts'
import { archiveZone, createZone, getZone, listZones, updateZone } from '../../records/zones.ts'
import type { App } from '../app.ts'
import { changeOf } from '../listing.ts'
import { newZone } from './new-zone.ts'
import { registryRoutes } from './registry.ts'

const { name, level } = areaSchema.shape
const area = { parentId: idSchema, name, level }

const { id: _, ...zone } = zoneSchema.shape

export function placeRoutes(app: App, desk: { records: Records; clock: Clock }): void {
  const { records } = desk
  registryRoutes(app, desk, {
    plural: 'areas',
    singular: 'area',
    read: 'registry:read',
    write: 'areas:write',
    schemas: {
      item: areaSchema,
      created: areaSchema,
      create: z
        .strictObject({ id: idSchema.optional(), ...area, parentId: idSchema.optional() })
        .meta({ id: 'NewArea' }),
      change: changeOf(area).meta({ id: 'AreaChange' }),
      filter: { parentId: idSchema.optional(), level: level.optional() },
    },
    list: listAreas,
    get: getArea,
    create: (body, { scope }) =>
      createArea(records, { scope, area: { ...body, parentId: body.parentId ?? areaOfScope(scope) } }),
    update: (id, change, { scope, session, at }) =>
      updateArea(records, { scope, id, change, at, by: session.user.id }),
    archive: (id, { scope, at }) => archiveArea(records, { scope, id, at }),
  })
  registryRoutes(app, desk, {
    plural: 'zones',
    singular: 'zone',
    read: 'registry:read',
    write: 'registry:write',
    schemas: {
      item: zoneSchema,
      created: zoneSchema,
      create: newZone,
      change: changeOf({
        ...zone,
        schedule: zone.schedule.unwrap(),
        timeZone: zone.timeZone.unwrap(),
        dwellMs: zone.dwellMs.unwrap(),
      }).meta({ id: 'ZoneChange' }),
      filter: { residentId: idSchema.optional(), areaId: idSchema.optional() },
    },
    list: listZones,
    get: getZone,
    create: (body, { scope }) => createZone(records, { scope, zone: body }),
    update: (id, change, { scope }) => updateZone(records, { scope, id, change }),
    archive: (id, { scope, at }) => archiveZone(records, { scope, id, at }),
  })
}
