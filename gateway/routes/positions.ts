// Where the devices of an area are, for the map of a wall: without names, and to the door only while somebody is in need.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import { positionSchema } from '../../model/position.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { listLocated } from '../../records/positions.ts'
import { requireArea } from '../../records/scope.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { pageQuery, yesOrNo } from '../listing.ts'
import type { Past } from '../past.ts'
import { createPositions } from '../positions.ts'

/** Each of them is a question to the history. */
export const POSITIONS_MAX = 500

const query = z.strictObject({
  cursor: pageQuery.cursor,
  limit: z.coerce.number().int().min(1).max(POSITIONS_MAX).default(200),
  area: idSchema.optional().meta({ description: 'This area and everything below it' }),
  inAlarm: yesOrNo.optional().meta({ description: 'Those alone that an open emergency is about' }),
})

const pageSchema = z.object({
  items: z.array(positionSchema),
  next: z.string().nullable().meta({ description: 'Cursor of the following page, null on the last' }),
  at: z.number().int().meta({ description: 'When they were read; epoch ms' }),
})

export function positionRoutes(
  app: App,
  { records, clock, past }: { records: Pick<Records, 'read'>; clock: Clock; past: Past | undefined },
): void {
  const positions = past && createPositions(past)
  app.route({
    method: 'GET',
    url: '/positions',
    config: { access: 'positions:read' },
    schema: {
      tags: ['history'],
      summary: 'Where devices are now, by id',
      description:
        'Without names. Rounded to some hundred metres, but for those that an open emergency is about. At most a day old.',
      querystring: query,
      response: answers({ 200: pageSchema }, ['NO_HISTORY']),
    },
    handler: async request => {
      const { scope } = sessionOf(request)
      const { area: areaId, ...page } = request.query
      if (areaId !== undefined) await requireArea(records.read, { scope, areaId, field: 'querystring.area' })
      if (positions === undefined)
        throw new HubError('NO_HISTORY', 'this hub keeps no history: it has no history database (INFLUX_URL)')
      const at = clock.now()
      const { items, next } = await listLocated(records.read, { scope, areaId, ...page })
      return { items: await positions.of(items, at), next, at }
    },
  })
}
