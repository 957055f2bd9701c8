// Accounts. Passwords are hashed here and go no further.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { userSchema } from '../../model/user.ts'
import type { Records } from '../../records/db.ts'
import { areaOfScope } from '../../records/scope.ts'
import { archiveUser, createUser, getUser, listUsers, updateUser } from '../../records/users.ts'
import type { App } from '../app.ts'
import { changeOf, yesOrNo } from '../listing.ts'
import { type Passwords, passwordSchema, requireGoodPassword } from '../passwords.ts'
import { registryRoutes, type Write } from './registry.ts'

const { username, name, role, areaId } = userSchema.shape
const password = passwordSchema

const newUser = z
  .strictObject({ id: idSchema.optional(), username, name, role, areaId: areaId.optional(), password })
  .meta({ id: 'NewUser' })

export function userRoutes(
  app: App,
  { records, clock, passwords }: { records: Records; clock: Clock; passwords: Passwords },
): void {
  registryRoutes(
    app,
    { records, clock },
    {
      plural: 'users',
      singular: 'user',
      read: 'users:read',
      write: 'users:write',
      schemas: {
        item: userSchema,
        created: userSchema,
        create: newUser,
        change: changeOf({ name, role, areaId, password }).meta({ id: 'UserChange' }),
        filter: {
          role: role.optional(),
          archived: yesOrNo.optional().meta({ description: 'The archived ones instead of the live ones' }),
        },
      },
      list: listUsers,
      get: getUser,
      create: async ({ password: chosen, ...user }, { scope, at }) => {
        requireGoodPassword(chosen, { username: user.username, field: 'body.password' })
        const passwordHash = await passwords.hash(chosen)
        const areaId = user.areaId ?? areaOfScope(scope)
        return createUser(records, { scope, at, user: { ...user, areaId, passwordHash } })
      },
      update: async (id, { password: chosen, ...fields }, write) => {
        if (fields.role !== undefined || fields.areaId !== undefined) refuseOwnAccount(id, write)
        if (chosen !== undefined) {
          const user = await getUser(records.read, { scope: write.scope, id })
          requireGoodPassword(chosen, { username: user?.username ?? '', field: 'body.password' })
        }
        const passwordHash = chosen === undefined ? undefined : await passwords.hash(chosen)
        return updateUser(records, { scope: write.scope, id, change: { ...fields, passwordHash } })
      },
      archive: async (id, write) => {
        refuseOwnAccount(id, write)
        await archiveUser(records, { scope: write.scope, id, at: write.at })
      },
    },
  )
}

/** Whoever may change accounts keeps theirs, and so there is always an administrator left. */
function refuseOwnAccount(id: string, { session }: Write): void {
  if (id !== session.user.id) return
  throw new HubError('CONFLICT', 'your own role and area are changed by another administrator')
}
