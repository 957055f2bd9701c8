// What people send along with what they do about an alarm.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { CALL_OUTCOMES, CALLED, DISPOSITIONS, SERVICES, type Work } from './incident.ts'
import { textSchema } from './text.ts'

const text = textSchema(2_000)

/** With an action of the lifecycle; each takes what it needs. */
export const alarmActionSchema = z
  .strictObject({
    seenSeq: z.number().int().nonnegative().meta({ description: 'Newest `seq` on the screen' }),
    text,
    disposition: z.enum(DISPOSITIONS),
    mark: z.number().int().min(1).max(5).meta({ description: 'Satisfaction, at the follow-up' }),
  })
  .partial()
  .meta({ id: 'AlarmAction' })

export const alarmDispatchSchema = alarmActionSchema
  .extend({
    responderId: idSchema
      .optional()
      .meta({ description: 'The account that is asked; left out, somebody without one' }),
    note: text.optional().meta({ description: 'What for; goes to whoever is sent. The same as `text`' }),
  })
  .meta({ id: 'AlarmDispatch' })

const stepBody = z.strictObject({ stepId: idSchema, text: text.optional() }).meta({ id: 'AlarmStep' })

/** With work on the way. */
export const WORK_BODIES = {
  hand_over: z
    .strictObject({
      service: z.enum(SERVICES).meta({ description: '120 ambulance, 110 police, 119 fire brigade' }),
      reference: textSchema(100).optional().meta({ description: 'Their number of the case' }),
      text: text.optional(),
    })
    .meta({ id: 'AlarmHandOver' }),
  call: z
    .strictObject({
      whom: z.enum(CALLED),
      contactId: idSchema.optional(),
      outcome: z.enum(CALL_OUTCOMES),
      text: text.optional(),
    })
    .meta({ id: 'AlarmCall' }),
  tick: stepBody,
  untick: stepBody,
} as const satisfies Record<Work, z.ZodType>

export const WORK_PATHS: Record<Work, string> = {
  hand_over: 'hand-over',
  call: 'call',
  tick: 'tick',
  untick: 'untick',
}

export type AlarmAction = z.infer<typeof alarmActionSchema>
export type AlarmDispatch = z.infer<typeof alarmDispatchSchema>
export type WorkBody<W extends Work> = z.infer<(typeof WORK_BODIES)[W]>
