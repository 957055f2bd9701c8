// Passwords: argon2id, and never so many at once that signing in starves the rest of the hub.

import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'
import { newSecret } from '../model/id.ts'
import { badField } from '../records/scope.ts'
import { startTurns } from './turns.ts'

/**
 * OWASP Password Storage Cheat Sheet, "Argon2id": 19 MiB of memory, two iterations, one degree of parallelism.
 * 2 is argon2id in the library's enumeration.
 */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** NIST SP 800-63B: length is what counts, and long ones are allowed. Which ones are known to thieves it cannot say. */
export const PASSWORD_MIN = 10
export const passwordSchema = z.string().min(PASSWORD_MIN).max(1_000)

/** @throws HubError BAD_REQUEST for the user name itself, however it is written. */
export function requireGoodPassword(
  password: string,
  { username, field }: { username: string; field: string },
): void {
  if (password.toLowerCase() === username.toLowerCase())
    throw badField(field, 'must not be the user name', 'same_as_username')
}

/** One verification takes some 20 ms of a core and one of the four threads that files and DNS share. */
const AT_ONCE = 2
/** Waiting beyond this would take longer than a person waits at a sign-in form. */
const WAITING = 32

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2ID)

export type Passwords = {
  hash(password: string): Promise<string>
  /** Takes as long for an unknown account (no hash) as for a known one. */
  verify(attempt: { password: string; hash: string | undefined }): Promise<boolean>
}

/** @throws (each call) HubError TOO_MANY_REQUESTS when too many are waiting already. */
export async function startPasswords({ atOnce = AT_ONCE, waiting = WAITING } = {}): Promise<Passwords> {
  const turns = startTurns({ atOnce, waiting, refusal: 'too many people sign in at once' })
  const nobodys = await hashPassword(newSecret())
  return {
    hash: password => turns(() => hashPassword(password)),
    async verify({ password, hash: stored }) {
      const right = await turns(() => verify(stored ?? nobodys, password))
      return right && stored !== undefined
    },
  }
}
