// An alarm as whoever asks sees it, as it is now.

import type { FastifyRequest } from 'fastify'
import { HubError } from '../model/error.ts'
import type { Alarm } from '../model/incident.ts'
import type { Records } from '../records/db.ts'
import { getAlarm } from '../records/incidents.ts'
import type { Scope } from '../records/scope.ts'
import type { Session } from '../records/sessions.ts'
import { sessionOf } from './app.ts'

/** Whoever is sent to an alarm sees that one, for as long as they are needed there. */
export const seenBy = ({ scope, user }: Session): { scope: Scope; sentTo?: string } =>
  user.role === 'responder' ? { scope, sentTo: user.id } : { scope }

/** What a deed that was done already is answered with, on routes whose `id` is an alarm's. @throws HubError NOT_FOUND */
export const alarmNow =
  ({ read }: Pick<Records, 'read'>) =>
  async (request: FastifyRequest): Promise<Alarm> => {
    const { id } = request.params as { id: string }
    const alarm = await getAlarm(read, { ...seenBy(sessionOf(request)), id })
    if (alarm) return alarm
    throw new HubError('NOT_FOUND', `there is no alarm ${id}`)
  }
