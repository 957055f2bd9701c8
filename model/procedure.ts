// What is to be done in an emergency (预案): steps to tick off, of one elder or of an area.

import { z } from 'zod'
import { FINDING_KINDS } from './finding.ts'
import { idSchema } from './id.ts'
import { ownerSchema } from './incident.ts'
import { nameSchema, textSchema } from './text.ts'

export const STEPS_MAX = 50

/** A step keeps its id for as long as it says the same. */
export const stepSchema = z
  .strictObject({ id: idSchema, text: textSchema(500).trim().min(1) })
  .meta({ id: 'ProcedureStep' })

export const procedureSchema = z
  .object({
    id: idSchema,
    name: nameSchema,
    /** One of the two. */
    residentId: idSchema.nullable(),
    areaId: idSchema.nullable(),
    /** For alarms of this kind alone; null for every kind. */
    kind: z.enum(FINDING_KINDS).nullable(),
    steps: z.array(stepSchema).min(1).max(STEPS_MAX),
    version: z.number().int(),
    changedAt: z.number(),
  })
  .meta({ id: 'Procedure' })

/** A procedure as an alarm's file shows it. */
export const alarmProcedureSchema = z
  .object({
    id: idSchema,
    version: z.number().int(),
    name: z.string(),
    /** Since when it stands for this alarm, whatever becomes of it elsewhere; null until somebody accepts. */
    begunAt: z.number().nullable(),
    steps: z.array(
      z.object({
        id: idSchema,
        text: z.string(),
        tickedAt: z.number().nullable(),
        tickedBy: ownerSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'AlarmProcedure' })

export type Step = z.infer<typeof stepSchema>
export type Procedure = z.infer<typeof procedureSchema>
export type AlarmProcedure = z.infer<typeof alarmProcedureSchema>
