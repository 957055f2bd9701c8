// Signing in: what is asked, in which order, and what is said of it. A name that no account has is answered like one
// whose password is wrong, after the same work.

import { HubError } from '../model/error.ts'
import { newSecret } from '../model/id.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { appendAudit } from '../records/audit.ts'
import type { Records, Tx } from '../records/db.ts'
import { transact } from '../records/deeds.ts'
import { badField } from '../records/scope.ts'
import { getSecondFactor, type SecondFactor } from '../records/second-factors.ts'
import { type Session, startSession } from '../records/sessions.ts'
import { type Attempt, completeAttempt, countAttempt } from '../records/sign-ins.ts'
import { findLogin } from '../records/users.ts'
import type { Passwords } from './passwords.ts'
import { takeCode } from './second-factor.ts'

export type SignInParts = {
  records: Records
  clock: Clock
  passwords: Passwords
  metrics: Pick<Metrics, 'signIns'>
}

export type SignIn = {
  username: string
  password: string
  code?: string | undefined
  /** Where it comes from (place.ts). */
  place: string | undefined
}

type Login = { user: User; passwordHash: string }
type Wrong = 'wrong_password' | 'wrong_code'

/**
 * Signs an account in.
 * @throws HubError UNAUTHENTICATED; SECOND_FACTOR_REQUIRED once the password was right; TOO_MANY_REQUESTS with
 * `retryAfterMs`.
 */
export async function signIn(parts: SignInParts, asked: SignIn): Promise<{ token: string; user: User }> {
  const { records, clock, passwords, metrics } = parts
  const { username, password, code, place } = asked
  const at = clock.now()
  const login = await findLogin(records.feed, { username })
  const attempt: Attempt = { username, userId: login?.user.id, place, at }
  await count(parts, attempt)
  const right = await passwords.verify({ password, hash: login?.passwordHash })
  if (!login || !right) {
    await noteWrong(parts, { login, reason: 'wrong_password', at })
    throw new HubError('UNAUTHENTICATED', 'the user name or the password is wrong')
  }
  const factor = await confirmedFactor(records, login.user.id)
  if (factor && code === undefined) {
    metrics.signIns.inc({ outcome: 'code_required' })
    throw new HubError('SECOND_FACTOR_REQUIRED', 'the code of the authenticator is needed as well')
  }
  const token = newSecret()
  if (!(await complete(records, { login, attempt, factor, code, token }))) {
    await noteWrong(parts, { login, reason: 'wrong_code', at })
    throw new HubError('SECOND_FACTOR_REQUIRED', 'the code is wrong, or was used already')
  }
  metrics.signIns.inc({ outcome: 'signed_in' })
  return { token, user: login.user }
}

async function count({ records, metrics }: SignInParts, attempt: Attempt): Promise<void> {
  try {
    await countAttempt(records, attempt)
  } catch (error) {
    if (error instanceof HubError && error.code === 'TOO_MANY_REQUESTS')
      metrics.signIns.inc({ outcome: error.context.by === 'account' ? 'account_waits' : 'address_waits' })
    throw error
  }
}

/** False when the code is wrong; nothing is kept of it then. */
function complete(
  records: Records,
  {
    login,
    attempt,
    factor,
    code,
    token,
  }: {
    login: Login
    attempt: Attempt
    factor: SecondFactor | undefined
    code: string | undefined
    token: string
  },
): Promise<boolean> {
  const { id: userId } = login.user
  const { at } = attempt
  return records.db.transaction().execute(async tx => {
    const used = factor && (await takeCode(tx, { factor, code: code ?? '', at }))
    if (factor && used === undefined) return false
    await completeAttempt(tx, { ...attempt, userId })
    await startSession(tx, { token, userId, at })
    await auditSignIn(tx, { userId, reason: used ?? 'password', at })
    return true
  })
}

/** Who knows no account's name is written down as well: the same work for both. */
async function noteWrong(
  { records, metrics }: SignInParts,
  { login, reason, at }: { login: Login | undefined; reason: Wrong; at: number },
): Promise<void> {
  metrics.signIns.inc({ outcome: reason })
  const userId = login?.user.id ?? null
  await records.db.transaction().execute(tx => auditSignIn(tx, { userId, reason, at, isRefused: true }))
}

function auditSignIn(
  tx: Tx,
  {
    userId,
    reason,
    at,
    isRefused = false,
  }: { userId: string | null; reason: string; at: number; isRefused?: boolean },
): Promise<void> {
  return appendAudit(tx, {
    at,
    actorId: isRefused ? null : userId,
    action: isRefused ? 'sign_in_refused' : 'sign_in',
    targetType: 'user',
    targetId: userId,
    reason,
  })
}

async function confirmedFactor(
  { feed }: Pick<Records, 'feed'>,
  userId: string,
): Promise<SecondFactor | undefined> {
  const factor = await getSecondFactor(feed, userId)
  return factor && factor.confirmedAt !== null ? factor : undefined
}

export type Proof = Pick<SignIn, 'password' | 'code' | 'place'> & {
  session: Session
  /** A code is asked for as well, where the account has a second factor. */
  asksCode?: boolean
}

/**
 * Whoever is signed in proves that they are the owner, and not somebody at a desk that was left open; then `write`
 * runs. Failures are counted as those of a sign-in.
 * @throws HubError BAD_REQUEST for a wrong password or code, TOO_MANY_REQUESTS.
 */
export async function asOwner<T>(
  parts: SignInParts,
  { session, password, code, place, asksCode = false }: Proof,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { records, clock, passwords } = parts
  const { username, id: userId } = session.user
  const at = clock.now()
  const attempt = { username, userId, place, at }
  await count(parts, attempt)
  const login = await findLogin(records.feed, { username })
  if (!(await passwords.verify({ password, hash: login?.passwordHash })))
    throw badField('body.password', 'is wrong', 'wrong_password')
  const factor = asksCode ? await confirmedFactor(records, userId) : undefined
  if (factor && code === undefined) throw badField('body.code', 'is needed', 'required')
  return transact(records.db, async tx => {
    if (factor && (await takeCode(tx, { factor, code: code ?? '', at })) === undefined)
      throw badField('body.code', 'is wrong, or was used already', 'wrong_code')
    await completeAttempt(tx, attempt)
    return write(tx)
  })
}
