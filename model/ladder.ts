// Who is told while nobody answers, or while nothing is done: the steps of a ladder, and what a table must have so that
// nobody is forgotten by it.

import { z } from 'zod'
import { SEVERITIES } from './finding.ts'
import { idSchema } from './id.ts'

/** From the quietest on: each includes those before it. */
export const AUDIENCES = ['console', 'supervisor', 'operators', 'everyone'] as const
export const CONTACTS_TOLD = ['none', 'first', 'next', 'all'] as const
/** Which of an alarm's clocks it hangs on: nobody has answered, or somebody has and nothing is done. */
export const BECAUSE = ['unanswered', 'no_progress'] as const
/** Notices ask for nothing and climb nowhere. */
export const LADDER_CLASSES = ['emergency', 'service'] as const

const SECOND_MS = 1_000
export const LADDER_STEPS_MAX = 12
/** Above this nobody would call it an alarm any more. */
export const LADDER_AFTER_MAX_MS = 3_600_000
export const LADDER_REPEAT_MIN_MS = 10 * SECOND_MS

/** `afterMs` counts from the alert; `breached` says that the promised answer time has passed. */
export const stepSchema = z.strictObject({
  afterMs: z.number().int().min(0).max(LADDER_AFTER_MAX_MS),
  audience: z.enum(AUDIENCES),
  breached: z.boolean().default(false),
  contacts: z
    .enum(CONTACTS_TOLD)
    .default('none')
    .meta({ description: "Of the elder's contacts, in calling order" }),
})

export type Step = z.infer<typeof stepSchema>

const rank = (step: Step | undefined): number => (step ? AUDIENCES.indexOf(step.audience) : 0)

/** Step 0 is the alert itself. Whatever else it says, a ladder ends with a person who is told, again and again. */
export const stepsSchema = z
  .array(stepSchema)
  .min(2, 'needs the alert itself and a step after it')
  .max(LADDER_STEPS_MAX)
  .refine(([first]) => first?.afterMs === 0, 'must begin with the alert itself, at 0 ms')
  .refine(
    steps => steps.every((step, place) => place === 0 || step.afterMs > (steps[place - 1]?.afterMs ?? 0)),
    'must be in the order of their times',
  )
  .refine(steps => rank(steps.at(-1)) > 0, 'must end with somebody who is told')

export const repeatSchema = z.number().int().min(LADDER_REPEAT_MIN_MS).max(LADDER_AFTER_MAX_MS)

export const ladderSchema = z
  .object({
    id: idSchema,
    areaId: idSchema,
    class: z.enum(LADDER_CLASSES),
    severity: z.enum(SEVERITIES).nullable().meta({ description: 'null: every severity' }),
    because: z.enum(BECAUSE),
    steps: stepsSchema,
    repeatMs: repeatSchema.meta({ description: 'The last step is taken again as often as this' }),
  })
  .meta({ id: 'Ladder' })

export type Audience = (typeof AUDIENCES)[number]
export type ContactsTold = (typeof CONTACTS_TOLD)[number]
export type Because = (typeof BECAUSE)[number]
export type LadderRow = z.infer<typeof ladderSchema>
