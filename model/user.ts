// Accounts of the desk.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { nameSchema } from './text.ts'

export const ROLES = [
  'operator',
  'supervisor',
  'admin',
  'responder',
  'auditor',
  'family',
  'integration',
] as const
export type Role = (typeof ROLES)[number]

export const userSchema = z
  .object({
    id: idSchema,
    username: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
    name: nameSchema,
    role: z.enum(ROLES),
    /** What the account sees: this area and everything below it. */
    areaId: idSchema,
    archivedAt: z.number().nullable(),
  })
  .meta({ id: 'User' })

export type User = z.infer<typeof userSchema>
