// Sign-ins that were not completed, counted by account and by address. Both are kept as hashes, names that no
// account has are counted like any other, and nothing here is kept for long.

import { createHash } from 'node:crypto'
import { HubError } from '../model/error.ts'
import { withoutCapitals } from './capitals.ts'
import type { Db, Records, Tx } from './db.ts'

/** Times that are tried freely; a person mistypes. */
export const ACCOUNT_FREE = 5
/** Many people share an address: more than can be on their way through the door at once (passwords.ts). */
export const ADDRESS_FREE = 50
/** The first wait; each further failure doubles it. Ms. */
const FIRST_WAIT_MS = 1_000
/** The longest one: nobody is locked out for ever. Ms. */
export const LONGEST_WAIT_MS = 15 * 60_000
/** Failures are forgotten this long after the last of them. Ms. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
/** An address from which an account has signed in is its own for this long. Ms. */
const PLACE_KEPT_MS = 30 * 24 * 3_600_000

/** A sign-in that is tried. `place` is undefined where nobody knows where it comes from. */
export type Attempt = { username: string; userId: string | undefined; place: string | undefined; at: number }

/** What has failed too often: names the context of the refusal. */
export type CountedBy = 'account' | 'address'

type Key = { key: string; by: CountedBy; account: string | null; free: number }

/** The wait after `failures` failures of which `free` cost nothing; ms. */
export const waitAfter = (failures: number, free: number): number =>
  failures <= free ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - free - 1, 30))

/**
 * Counts an attempt before it is looked at: of many at once, no more than are free are. Complete it, or it stays a
 * failure. One that is refused is not counted: waiting is enough.
 * @throws HubError TOO_MANY_REQUESTS with `by` and `retryAfterMs`.
 */
export async function countAttempt(
  { db, feed }: Pick<Records, 'db' | 'feed'>,
  attempt: Attempt,
): Promise<void> {
  const { at } = attempt
  const keys = await keysOf(feed, attempt)
  // Whoever hammers at the door keeps no writer busy, and so no alarm waiting.
  for (const key of keys) refuse(key, await refusedForMs(feed, { key: key.key, at }))
  await db.transaction().execute(async tx => {
    await tx
      .deleteFrom('signInFailures')
      .where('lastAt', '<', at - FORGOTTEN_AFTER_MS)
      .execute()
    for (const key of keys) refuse(key, await count(tx, key, at))
  })
}

function refuse({ by }: Key, retryAfterMs: number): void {
  if (retryAfterMs > 0)
    throw new HubError('TOO_MANY_REQUESTS', 'this was tried too often: wait a little', { by, retryAfterMs })
}

async function refusedForMs(db: Db, { key, at }: { key: string; at: number }): Promise<number> {
  const row = await db
    .selectFrom('signInFailures')
    .select('blockedUntil')
    .where('key', '=', key)
    .executeTakeFirst()
  return row ? waitLeft(row.blockedUntil, at) : 0
}

/** A wait that is longer than any was set by a clock that was ahead, and has been set back: it is over. */
function waitLeft(blockedUntil: number, at: number): number {
  const leftMs = Number(blockedUntil) - at
  return leftMs > LONGEST_WAIT_MS ? 0 : Math.max(0, leftMs)
}

/** 0 when it is counted, else for how long it is refused; ms. */
async function count(tx: Tx, { key, account, free }: Key, at: number): Promise<number> {
  const row = await tx
    .insertInto('signInFailures')
    .values({ key, account, failures: 1, lastAt: at, blockedUntil: 0 })
    .onConflict(conflict =>
      conflict
        .column('key')
        .doUpdateSet(e => ({ failures: e('signInFailures.failures', '+', 1), lastAt: at })),
    )
    .returning(['failures', 'blockedUntil'])
    .executeTakeFirstOrThrow()
  const blockedForMs = waitLeft(row.blockedUntil, at)
  if (blockedForMs > 0) return blockedForMs
  const waitMs = waitAfter(Number(row.failures), free)
  if (waitMs > 0) {
    await tx
      .updateTable('signInFailures')
      .set({ blockedUntil: at + waitMs })
      .where('key', '=', key)
      .execute()
  }
  return 0
}

/** The attempt was the account's owner: its failures are forgotten, and this place is one of its own. */
export async function completeAttempt(tx: Tx, attempt: Attempt & { userId: string }): Promise<void> {
  for (const { key, by } of await keysOf(tx, attempt)) {
    if (by === 'account') await tx.deleteFrom('signInFailures').where('key', '=', key).execute()
    else await takeBack(tx, key)
  }
  await tx
    .deleteFrom('signInPlaces')
    .where('at', '<', attempt.at - PLACE_KEPT_MS)
    .execute()
  const { userId, place, at } = attempt
  if (place === undefined) return
  await tx
    .insertInto('signInPlaces')
    .values({ userId, place: hashOf(place), at })
    .onConflict(conflict => conflict.columns(['userId', 'place']).doUpdateSet({ at }))
    .execute()
}

/** One success does not wash an address clean: who has an account must not get to try those of others. */
const takeBack = (tx: Tx, key: string) =>
  tx
    .updateTable('signInFailures')
    .set(e => ({ failures: e('failures', '-', 1), blockedUntil: 0 }))
    .where('key', '=', key)
    .where('failures', '<=', ADDRESS_FREE + 1)
    .execute()

/** Forgets the failures of an account, wherever they came from. */
export async function unlockAccount(db: Db, { username }: { username: string }): Promise<void> {
  await db.deleteFrom('signInFailures').where('account', '=', accountOf(username)).execute()
}

/** Until when an account is refused to strangers at `at`; null when it is not. Epoch ms. */
export async function blockedUntil(
  db: Db,
  { username, at }: { username: string; at: number },
): Promise<number | null> {
  const row = await db
    .selectFrom('signInFailures')
    .select(e => e.fn.max('blockedUntil').as('until'))
    .where('account', '=', accountOf(username))
    .where('blockedUntil', '>', at)
    .where('blockedUntil', '<=', at + LONGEST_WAIT_MS)
    .executeTakeFirst()
  return row?.until == null ? null : Number(row.until)
}

/**
 * Under what an attempt is counted. From where the account was at home lately it is counted apart: strangers who try
 * its name cannot keep it out of its own desk.
 */
async function keysOf(db: Db, { username, userId = '', place }: Attempt): Promise<Key[]> {
  const account = accountOf(username)
  const known = place !== undefined && (await isAtHome(db, { userId, place: hashOf(place) }))
  const ofAccount = known ? `home:${account}:${hashOf(place)}` : `name:${account}`
  const keys: Key[] = [{ key: ofAccount, by: 'account', account, free: ACCOUNT_FREE }]
  if (!known && place !== undefined)
    keys.push({ key: `from:${hashOf(place)}`, by: 'address', account: null, free: ADDRESS_FREE })
  return keys
}

async function isAtHome(db: Db, where: { userId: string; place: string }): Promise<boolean> {
  const row = await db
    .selectFrom('signInPlaces')
    .select('at')
    .where('userId', '=', where.userId)
    .where('place', '=', where.place)
    .executeTakeFirst()
  return row !== undefined
}

const accountOf = (username: string): string => hashOf(withoutCapitals(username))

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
