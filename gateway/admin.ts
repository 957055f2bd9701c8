// The first account. Without it nobody could make the others.

import { ROOT_AREA_ID } from '../model/area.ts'
import { HubError } from '../model/error.ts'
import { newSecret } from '../model/id.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { createUser, isTaken } from '../records/users.ts'
import { hashPassword } from './passwords.ts'

export const ADMIN_USERNAME = 'admin'

/** 96 random bits: nobody guesses it, and somebody can still type it. */
const ONE_TIME_PASSWORD_LENGTH = 16

/** `oneTimePassword` is there when none was given: show it once, it is not stored. */
export type EnsuredAdmin = { created: false } | { created: true; oneTimePassword?: string }

/**
 * Makes the account `admin` of the root area at the first start. An account of that name that exists, archived
 * or not, is left as it is: a later `password` does not change it.
 */
export async function ensureAdmin(
  records: Records,
  { clock, password }: { clock: Clock; password?: string | undefined },
): Promise<EnsuredAdmin> {
  if (await isTaken(records.db, ADMIN_USERNAME)) return { created: false }
  const chosen = password ?? newSecret().slice(0, ONE_TIME_PASSWORD_LENGTH)
  const user = {
    username: ADMIN_USERNAME,
    name: '管理员',
    role: 'admin',
    areaId: ROOT_AREA_ID,
    passwordHash: await hashPassword(chosen),
  } as const
  try {
    await createUser(records, { scope: WHOLE_HUB, user, at: clock.now() })
  } catch (error) {
    // Another process that starts at the same time has made it.
    if (error instanceof HubError && error.code === 'CONFLICT') return { created: false }
    throw error
  }
  return password === undefined ? { created: true, oneTimePassword: chosen } : { created: true }
}
