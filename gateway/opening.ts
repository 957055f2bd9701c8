// The file of an alarm is shown as it is to whoever works on it: that they have accepted it, or were sent to it, is the
// reason, and each time it is written down once.

import type { FastifyRequest } from 'fastify'
import type { Dispatch } from '../model/dispatch.ts'
import { type Alarm, OPEN_STATES } from '../model/incident.ts'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { noteOpening } from '../records/reveals.ts'
import { sessionOf } from './app.ts'
import { showClear } from './masking.ts'

type File = { alarm: Alarm; resident: { id: string } | null; dispatches: readonly Dispatch[] }

/** What a route calls that shows such a file. */
export function clearOpenings({
  records,
  clock,
  log,
}: {
  records: Pick<Records, 'db' | 'read'>
  clock: Clock
  log: Log
}) {
  return async (request: FastifyRequest, file: File): Promise<void> => {
    const { alarm, resident } = file
    const { user } = sessionOf(request)
    const since = workingSince(file, user.id)
    if (since === undefined || resident === null) return
    showClear(request)
    const opening = { userId: user.id, residentId: resident.id, alarmId: alarm.id, since, at: clock.now() }
    try {
      await noteOpening(records, opening)
    } catch (error) {
      // Nobody is kept from calling an elder back by a full disk; the hub's own log has it instead.
      log.error({ error, ...opening }, 'that a file was opened could not be written down')
    }
  }
}

/** Since when somebody has the alarm, or is sent to it; undefined for all others, and once it is closed. */
function workingSince({ alarm, dispatches }: File, userId: string): number | undefined {
  if (alarm.owner?.id === userId && alarm.acceptedAt !== null && alarm.state !== 'closed')
    return alarm.acceptedAt
  if (!OPEN_STATES.some(open => open === alarm.state)) return undefined
  return dispatches.find(({ responder, state }) => {
    const isNeeded = state !== 'declined' && state !== 'called_off'
    return responder?.id === userId && isNeeded
  })?.askedAt
}
