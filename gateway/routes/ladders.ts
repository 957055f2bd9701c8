// Escalation tables of areas: who is told while nobody answers, and while nothing is done.

import { z } from 'zod'
import { SEVERITIES } from '../../model/finding.ts'
import { idSchema } from '../../model/id.ts'
import { BECAUSE, LADDER_CLASSES, ladderSchema, stepSchema } from '../../model/ladder.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { archiveLadder, createLadder, getLadder, listLadders, updateLadder } from '../../records/ladders.ts'
import { areaOfScope } from '../../records/scope.ts'
import type { App } from '../app.ts'
import { changeOf } from '../listing.ts'
import { registryRoutes } from './registry.ts'

const { id: _, ...ladder } = ladderSchema.shape

const newLadder = z
  .strictObject({
    id: idSchema.optional(),
    ...ladder,
    areaId: ladder.areaId.optional().meta({ description: "The account's own area when left out" }),
    severity: ladder.severity.default(null),
  })
  .meta({ id: 'NewLadder' })

/** As it is shown: also one that was broken by hand, whose place the usual ladder takes. */
const shown = ladderSchema
  .extend({ steps: z.array(stepSchema), repeatMs: z.number() })
  .meta({ id: 'ShownLadder' })

export function ladderRoutes(app: App, desk: { records: Records; clock: Clock }): void {
  const { records } = desk
  registryRoutes(app, desk, {
    plural: 'ladders',
    singular: 'ladder',
    read: 'ladders:read',
    write: 'ladders:write',
    schemas: {
      item: shown,
      created: shown,
      create: newLadder,
      change: changeOf(ladder).meta({ id: 'LadderChange' }),
      filter: {
        areaId: idSchema.optional(),
        class: z.enum(LADDER_CLASSES).optional(),
        because: z.enum(BECAUSE).optional(),
        severity: z.enum(SEVERITIES).optional(),
      },
    },
    list: listLadders,
    get: getLadder,
    create: (body, { scope, at }) =>
      createLadder(records, { scope, at, ladder: { ...body, areaId: body.areaId ?? areaOfScope(scope) } }),
    update: (id, change, { scope, at }) => updateLadder(records, { scope, id, change, at }),
    archive: (id, { scope, at }) => archiveLadder(records, { scope, id, at }),
  })
}
