// Hand-overs between shifts: written by who leaves, read by who comes, and taken with all alarms at once.

import { z } from 'zod'
import type { ShiftDone } from '../../alerts/shift.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import { newShiftSchema, SHIFT_STATES, type Shift, shiftSchema } from '../../model/shift.ts'
import type { Records } from '../../records/db.ts'
import type { Session } from '../../records/sessions.ts'
import { listShifts } from '../../records/shifts.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import type { AlarmDesk } from '../alarms.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'

const tags = ['shifts']
const params = z.object({ id: idSchema })

export function shiftRoutes(
  app: App,
  { records, alarms }: { records: Records; alarms: Pick<AlarmDesk, 'handOver' | 'takeShift'> },
): void {
  app.route({
    method: 'GET',
    url: '/shifts',
    config: { access: 'shifts' },
    schema: {
      tags,
      summary: 'List hand-overs between shifts, the newest first',
      querystring: z.strictObject({ ...pageQuery, state: z.enum(SHIFT_STATES).optional() }),
      response: answers({ 200: listOf(shiftSchema) }),
    },
    handler: request => {
      const { scope, user } = sessionOf(request)
      return readSnapshot(records, tx => listShifts(tx, { ...request.query, scope, userId: user.id }))
    },
  })

  app.route({
    method: 'POST',
    url: '/shifts/hand-over',
    config: { access: 'shifts' },
    schema: {
      tags,
      summary: 'Write down what the next shift has to know; own open alarms are listed',
      description: 'Alarms stay with whoever has them until the hand-over is accepted.',
      body: newShiftSchema,
      response: answers({ 201: shiftSchema }),
    },
    handler: async (request, reply) => {
      const session = sessionOf(request)
      const done = await alarms.handOver({ ...whoOf(session), ...request.body })
      return reply.code(201).send(shiftOf(done))
    },
  })

  app.route({
    method: 'POST',
    url: '/shifts/:id/accept',
    config: { access: 'shifts' },
    schema: {
      tags,
      summary: 'Take a hand-over, and with it the alarms that it lists',
      description: 'Those that somebody else has by now, and those that are over, stay as they are.',
      params,
      body: z.strictObject({}).nullish(),
      response: answers({ 200: shiftSchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async request =>
      shiftOf(await alarms.takeShift({ ...whoOf(sessionOf(request)), id: request.params.id })),
  })
}

const whoOf = ({ user, scope }: Session) => ({
  by: { userId: user.id, role: user.role, areaId: user.areaId },
  scope,
})

function shiftOf(done: ShiftDone): Shift {
  if (done.ok) return done.shift
  throw new HubError(done.code, done.detail)
}
