// Seeing what is hidden of somebody: of whom, which fields, and why.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { MASKS, type MaskedField } from './mask.ts'

/** Of what something may be revealed, and which fields it has. */
export const REVEALABLE = {
  resident: ['phone', 'address', 'accessNotes', 'medicalNotes'],
  contact: ['phone', 'email'],
  device: ['phone'],
} as const satisfies Record<string, readonly MaskedField[]>
export type Revealable = keyof typeof REVEALABLE

/** Why: the log of who did what takes names, and no sentences about people. */
export const REVEAL_REASONS = [
  'call_back',
  'follow_up',
  'visit',
  'registry',
  'family_asked',
  'complaint',
  'authority',
] as const

const fields = z
  .array(z.enum(Object.keys(MASKS) as [MaskedField, ...MaskedField[]]))
  .min(1)
  .max(Object.keys(MASKS).length)

export const revealSchema = z
  .strictObject({
    type: z.enum(Object.keys(REVEALABLE) as [Revealable, ...Revealable[]]),
    id: idSchema,
    fields,
    reason: z.enum(REVEAL_REASONS),
  })
  .meta({ id: 'Reveal' })

export const revealedSchema = z
  .object({
    type: revealSchema.shape.type,
    id: idSchema,
    values: z.partialRecord(
      z.enum(Object.keys(MASKS) as [MaskedField, ...MaskedField[]]),
      z.string().nullable(),
    ),
  })
  .meta({ id: 'Revealed' })

export type Reveal = z.infer<typeof revealSchema>
export type Revealed = z.infer<typeof revealedSchema>
