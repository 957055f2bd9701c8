// What opens beside the queue with an alarm: how it went, who it is about, whom to call, what to do, what was before.

import { z } from 'zod'
import { consentStandingSchema } from './consent.ts'
import { dispatchSchema } from './dispatch.ts'
import { alarmSchema, entrySchema } from './incident.ts'
import { alarmProcedureSchema } from './procedure.ts'
import { contactSchema, residentSchema } from './resident.ts'

export const alarmFileSchema = z
  .object({
    alarm: alarmSchema,
    timeline: z.array(entrySchema).meta({
      description: 'Oldest first: the first entry, and the newest',
    }),
    resident: residentSchema.nullable(),
    contacts: z.array(contactSchema).meta({ description: 'In calling order' }),
    dispatches: z
      .array(dispatchSchema)
      .meta({ description: 'Who was sent, in the order in which they were' }),
    procedure: alarmProcedureSchema
      .nullable()
      .meta({ description: 'As it was when the work began; before that, the one that holds now' }),
    consents: z
      .array(consentStandingSchema)
      .meta({ description: 'What the elder has agreed to, every purpose; empty where it is about nobody' }),
    previous: z.array(alarmSchema).meta({ description: "The subject's earlier alarms, newest first" }),
    seq: z.number().int().meta({ description: 'Place in the feed at which the file was true' }),
  })
  .meta({ id: 'AlarmFile' })

export type AlarmFile = z.infer<typeof alarmFileSchema>
