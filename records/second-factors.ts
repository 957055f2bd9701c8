// What an account signs in with beside its password: the secret that its authenticator shares, the last code that
// counted, and codes for the day on which the authenticator is lost.

import { createHash } from 'node:crypto'
import { HubError } from '../model/error.ts'
import type { SecondFactorState } from '../model/user.ts'
import type { Db, Tx } from './db.ts'
import type { Row } from './schema.ts'

export type SecondFactor = Row<'secondFactors'>

/** The one of an account, confirmed or not. */
export async function getSecondFactor(db: Db, userId: string): Promise<SecondFactor | undefined> {
  const row = await db.selectFrom('secondFactors').selectAll().where('userId', '=', userId).executeTakeFirst()
  return row && { ...row, lastStep: Number(row.lastStep) }
}

export async function secondFactorState(
  db: Db,
  userId: string,
): Promise<{ state: SecondFactorState; recoveryCodesLeft: number }> {
  const factor = await getSecondFactor(db, userId)
  if (!factor) return { state: 'off', recoveryCodesLeft: 0 }
  const { left } = await db
    .selectFrom('recoveryCodes')
    .select(e => e.fn.countAll().as('left'))
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow()
  return { state: factor.confirmedAt === null ? 'to_confirm' : 'on', recoveryCodesLeft: Number(left) }
}

/** Keeps a secret to be confirmed, in the place of one that never was. @throws HubError CONFLICT */
export async function enrolSecondFactor(
  tx: Tx,
  { userId, secret }: { userId: string; secret: string },
): Promise<void> {
  await tx.deleteFrom('secondFactors').where('userId', '=', userId).where('confirmedAt', 'is', null).execute()
  const { numInsertedOrUpdatedRows: kept } = await tx
    .insertInto('secondFactors')
    .values({ userId, secret, confirmedAt: null, lastStep: 0 })
    .onConflict(conflict => conflict.column('userId').doNothing())
    .executeTakeFirst()
  if (kept !== 1n) throw new HubError('CONFLICT', 'there is a second factor already: take it away first')
}

/** From now on it is asked for. The code that proved it counts no second time. */
export async function confirmSecondFactor(
  tx: Tx,
  { userId, step, at }: { userId: string; step: number; at: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('secondFactors')
    .set({ confirmedAt: at, lastStep: step })
    .where('userId', '=', userId)
    .where('confirmedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Uses the code of a step up. False when that one or a later one was used already: also of two at once, one wins. A step
 * after `newest` was used by a clock that was ahead: it keeps nobody out now that the clock is right.
 */
export async function takeStep(
  tx: Tx,
  { userId, step, newest }: { userId: string; step: number; newest: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('secondFactors')
    .set({ lastStep: step })
    .where('userId', '=', userId)
    .where(e => e.or([e('lastStep', '<', step), e('lastStep', '>', newest)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Uses a recovery code up. False when there is none such. */
export async function takeRecoveryCode(
  tx: Tx,
  { userId, code }: { userId: string; code: string },
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('recoveryCodes')
    .where('userId', '=', userId)
    .where('codeHash', '=', hashCode(code))
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** These recovery codes take the place of all others. */
export async function putRecoveryCodes(
  tx: Tx,
  { userId, codes }: { userId: string; codes: readonly string[] },
): Promise<void> {
  await tx.deleteFrom('recoveryCodes').where('userId', '=', userId).execute()
  await tx
    .insertInto('recoveryCodes')
    .values(codes.map(code => ({ userId, codeHash: hashCode(code) })))
    .execute()
}

/** Takes the second factor away, codes included. False when there was none. */
export async function removeSecondFactor(tx: Tx, userId: string): Promise<boolean> {
  await tx.deleteFrom('recoveryCodes').where('userId', '=', userId).execute()
  const { numDeletedRows } = await tx
    .deleteFrom('secondFactors')
    .where('userId', '=', userId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** 80 random bits need no slow hash. How a person writes it does not matter. */
const hashCode = (code: string): string =>
  createHash('sha256')
    .update(code.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase())
    .digest('hex')
