// The registry's wearables, and what they sent that nobody understood.

import { z } from 'zod'
import { createdDeviceSchema, deviceSchema, rejectSchema } from '../../model/device.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import {
  archiveDevice,
  createDevice,
  getDevice,
  listDevices,
  renewSecret,
  updateDevice,
} from '../../records/devices.ts'
import { listRejects } from '../../records/rejects.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { changeOf, listOf, yesOrNo } from '../listing.ts'
import { registryRoutes } from './registry.ts'

const { kind, protocol, areaId, residentId, intervalMs, phone } = deviceSchema.shape

const tags = ['devices']
const params = z.object({ id: idSchema })

const newDevice = z
  .strictObject({
    id: idSchema.optional(),
    kind,
    protocol,
    residentId: residentId.default(null),
    areaId: areaId.optional(),
    intervalMs: intervalMs.default(null),
    phone: phone.default(null),
  })
  .meta({ id: 'NewDevice' })

export function deviceRoutes(app: App, desk: { records: Records; clock: Clock }): void {
  const { records } = desk
  registryRoutes(app, desk, {
    plural: 'devices',
    singular: 'device',
    read: 'registry:read',
    write: 'registry:write',
    schemas: {
      item: deviceSchema,
      created: createdDeviceSchema,
      create: newDevice,
      change: changeOf({ kind, protocol, areaId, residentId, intervalMs, phone }).meta({
        id: 'DeviceChange',
      }),
      filter: {
        areaId: idSchema.optional().meta({ description: 'This area and everything below it' }),
        residentId: idSchema.optional().meta({ description: 'Who wears it now' }),
        kind: kind.optional(),
        archived: yesOrNo.optional().meta({ description: 'The archived ones instead of the live ones' }),
      },
    },
    list: listDevices,
    get: getDevice,
    create: (body, { scope, at }) => createDevice(records, { scope, at, device: body }),
    update: (id, change, { scope, session, at }) =>
      updateDevice(records, { scope, id, change, at, by: session.user.id }),
    archive: (id, { scope, at }) => archiveDevice(records, { scope, id, at }),
  })

  app.route({
    method: 'POST',
    url: '/devices/:id/secret',
    config: { access: 'registry:write' },
    schema: {
      tags,
      summary: 'Give a device a new secret',
      description: 'For one whose secret was lost or seen: with the old one it is cut off, and refused.',
      params,
      body: z.strictObject({}).nullish(),
      response: answers({ 200: createdDeviceSchema }, ['NOT_FOUND']),
    },
    handler: request => renewSecret(records, { scope: sessionOf(request).scope, id: request.params.id }),
  })

  app.route({
    method: 'GET',
    url: '/devices/:id/rejects',
    config: { access: 'rejects:read' },
    schema: {
      tags,
      summary: 'The newest messages of a device that were not understood',
      params,
      response: answers({ 200: listOf(rejectSchema) }, ['NOT_FOUND']),
    },
    handler: request => {
      const { id } = request.params
      const { scope } = sessionOf(request)
      return readSnapshot(records, async tx => {
        if (!(await getDevice(tx, { scope, id }))) throw new HubError('NOT_FOUND', `there is no device ${id}`)
        return { items: await listRejects(tx, id), next: null }
      })
    },
  })
}
