// What a family asks of the hub: how its elders are, and to be heard that somebody goes there.

import { z } from 'zod'
import { goByAccount } from '../../alerts/going.ts'
import { familySchema } from '../../model/family.ts'
import { idSchema } from '../../model/id.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { familyOf } from '../family.ts'
import { startInFlight } from '../in-flight.ts'
import type { Past } from '../past.ts'
import { problem, sendProblem } from '../problem.ts'

/** A page asks again when it is answered: an account has as many at a time as telephones that look. */
export const PAGES_AT_ONCE = { ofAccount: 4, ofAll: 32, retryAfterMs: 2_000 }

const tags = ['family']
const params = z.object({ id: idSchema })
const goingSchema = z
  .object({
    since: z.number().int().meta({ description: 'When you said so of what happened last, epoch ms' }),
  })
  .meta({ id: 'Going' })

export function familyRoutes(
  app: App,
  { records, clock, past, log }: { records: Records; clock: Clock; past: Past | undefined; log: Log },
): void {
  const inFlight = startInFlight(PAGES_AT_ONCE)
  app.route({
    method: 'GET',
    url: '/family',
    config: { access: 'family:read' },
    schema: {
      tags,
      summary: 'How the elders are that this account looks after',
      description:
        'Those of whom it is a contact, by `userId`. Where they are is there only while they are lost, or when they agreed to it.',
      response: answers({ 200: familySchema }, ['TOO_MANY_REQUESTS']),
    },
    handler: request => {
      const userId = sessionOf(request).user.id
      return inFlight(userId, () => familyOf({ db: records.read, past, log }, { userId, now: clock.now() }))
    },
  })

  app.route({
    method: 'POST',
    url: '/alarms/:id/going',
    config: { access: 'family:go' },
    schema: {
      tags,
      summary: "I'm going",
      description:
        'As by the link of a message: it stands on the timeline, and no other contact is told of this alert. Said again it is the same.',
      params,
      body: z.strictObject({}).nullish(),
      response: answers({ 200: goingSchema }, ['NOT_FOUND', 'ALARM_STATE']),
    },
    handler: async (request, reply) => {
      const asked = { userId: sessionOf(request).user.id, alarmId: request.params.id }
      const gone = await goByAccount({ records, clock }, asked)
      if (gone.ok) return reply.code(200).send({ since: gone.since })
      const { state } = gone
      return sendProblem(
        reply,
        problem('ALARM_STATE', 'This alarm is over.', { state, requestId: request.id }),
      )
    },
  })
}
