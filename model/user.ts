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

/** Work at the hub: a second factor may be demanded of them. A family looks after one elder; a program has no phone. */
export const STAFF: readonly Role[] = ['operator', 'supervisor', 'admin', 'responder', 'auditor']

export const sessionInfoSchema = z
  .object({
    id: idSchema,
    createdAt: z.number().meta({ description: 'When it was signed in' }),
    expiresAt: z.number().meta({ description: 'When it ends if it is not used until then' }),
    isCurrent: z.boolean().meta({ description: 'The session that asks' }),
  })
  .meta({ id: 'SessionInfo' })

export type SessionInfo = z.infer<typeof sessionInfoSchema>

/** Where an account's second factor stands. */
export const SECOND_FACTOR_STATES = ['off', 'to_confirm', 'on'] as const
export type SecondFactorState = (typeof SECOND_FACTOR_STATES)[number]
