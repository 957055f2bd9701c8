// Procedures (预案) of the registry: what is to be done for an elder, or in an area.

import { z } from 'zod'
import { idSchema } from '../../model/id.ts'
import { procedureSchema, STEPS_MAX, stepSchema } from '../../model/procedure.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import {
  archiveProcedure,
  createProcedure,
  getProcedure,
  listProcedures,
  updateProcedure,
} from '../../records/procedures.ts'
import type { App } from '../app.ts'
import { changeOf } from '../listing.ts'
import { registryRoutes } from './registry.ts'

const { name, kind, residentId, areaId } = procedureSchema.shape
const steps = z
  .array(
    z
      .strictObject({
        id: idSchema.optional().meta({ description: 'Of a step that is there; left out for a new one' }),
        text: stepSchema.shape.text,
      })
      .meta({ id: 'NewProcedureStep' }),
  )
  .min(1)
  .max(STEPS_MAX)

export function procedureRoutes(app: App, desk: { records: Records; clock: Clock }): void {
  const { records } = desk
  registryRoutes(app, desk, {
    plural: 'procedures',
    singular: 'procedure',
    read: 'registry:read',
    write: 'procedures:write',
    schemas: {
      item: procedureSchema,
      created: procedureSchema,
      create: z
        .strictObject({
          id: idSchema.optional(),
          name,
          residentId: residentId.default(null),
          areaId: areaId.default(null),
          kind: kind.default(null),
          steps,
        })
        .meta({ id: 'NewProcedure' }),
      change: changeOf({ name, kind, steps }).meta({ id: 'ProcedureChange' }),
      filter: {
        residentId: idSchema.optional(),
        areaId: idSchema.optional(),
        kind: kind.unwrap().optional(),
      },
    },
    list: listProcedures,
    get: getProcedure,
    create: (procedure, { scope, at }) => createProcedure(records, { scope, procedure, at }),
    update: (id, change, { scope, at }) => updateProcedure(records, { scope, id, change, at }),
    archive: (id, { scope, at }) => archiveProcedure(records, { scope, id, at }),
  })
}
