// The code that comes after the password: an authenticator's, or one of those written down for when it is lost.

import type { Tx } from '../records/db.ts'
import { type SecondFactor, takeRecoveryCode, takeStep } from '../records/second-factors.ts'
import { newestStep, stepOf } from './totp.ts'

export type UsedCode = 'authenticator' | 'recovery'

/** Uses a code of a confirmed second factor up; undefined when it is wrong or was used already. */
export async function takeCode(
  tx: Tx,
  { factor, code, at }: { factor: SecondFactor; code: string; at: number },
): Promise<UsedCode | undefined> {
  const { userId, secret } = factor
  const given = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(given))
    return (await takeRecoveryCode(tx, { userId, code: given })) ? 'recovery' : undefined
  const step = stepOf(given, { secret, at })
  if (step === undefined) return undefined
  return (await takeStep(tx, { userId, step, newest: newestStep(at) })) ? 'authenticator' : undefined
}
