// What a device is asked to do: written here, sent by the broker that holds the device.

import { z } from 'zod'
import { COMMAND_STATES, commandSchema, newCommandSchema } from '../../model/command.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { askDevice, getCommand, listCommands } from '../../records/commands.ts'
import type { Db, Records } from '../../records/db.ts'
import { getDevice } from '../../records/devices.ts'
import type { Scope } from '../../records/scope.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'

const tags = ['devices']
const params = z.object({ id: idSchema })
const commandParams = z.object({ id: idSchema, commandId: idSchema })
const commandQuery = z.strictObject({ ...pageQuery, state: z.enum(COMMAND_STATES).optional() })

export function commandRoutes(app: App, { records, clock }: { records: Records; clock: Clock }): void {
  app.route({
    method: 'POST',
    url: '/devices/:id/commands',
    config: { access: 'commands:send' },
    schema: {
      tags,
      summary: 'Ask a device to do something',
      description:
        'The answer says that it is stored. It is sent until the device has answered, or it expires.',
      params,
      body: newCommandSchema,
      response: answers({ 201: commandSchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async (request, reply) => {
      const { user, scope } = sessionOf(request)
      const { id: deviceId } = request.params
      const asked = { scope, deviceId, command: request.body, at: clock.now(), by: user.id }
      return reply.code(201).send(await askDevice(records, asked))
    },
  })

  app.route({
    method: 'GET',
    url: '/devices/:id/commands',
    config: { access: 'commands:read' },
    schema: {
      tags,
      summary: 'What a device was asked to do, newest first',
      params,
      querystring: commandQuery,
      response: answers({ 200: listOf(commandSchema) }, ['NOT_FOUND']),
    },
    handler: request => {
      const { scope } = sessionOf(request)
      const { id: deviceId } = request.params
      return readSnapshot(records, async tx => {
        await requireDevice(tx, { scope, id: deviceId })
        return listCommands(tx, { ...request.query, deviceId })
      })
    },
  })

  app.route({
    method: 'GET',
    url: '/devices/:id/commands/:commandId',
    config: { access: 'commands:read' },
    schema: {
      tags,
      summary: 'One command, and what became of it',
      params: commandParams,
      response: answers({ 200: commandSchema }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { scope } = sessionOf(request)
      const { id: deviceId, commandId: id } = request.params
      await requireDevice(records.read, { scope, id: deviceId })
      const command = await getCommand(records.read, { deviceId, id })
      if (!command) throw new HubError('NOT_FOUND', `there is no command ${id} of ${deviceId}`)
      return command
    },
  })
}

/** @throws HubError NOT_FOUND when there is no such device in the scope. */
async function requireDevice(db: Db, device: { scope: Scope; id: string }): Promise<void> {
  if (!(await getDevice(db, device))) throw new HubError('NOT_FOUND', `there is no device ${device.id}`)
}
