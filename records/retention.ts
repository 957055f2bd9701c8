// For how long what is kept: what administrators have set, what is usual where they have not, and up to when something
// is missing because it was let go of.

import { HubError } from '../model/error.ts'
import { RETENTION, RETENTION_CLASSES, type RetentionClass, type RetentionDays } from '../model/retention.ts'
import type { Db, Records, Tx } from './db.ts'
import { transact } from './deeds.ts'
import type { Row } from './schema.ts'
import { badField } from './scope.ts'

const DAY_MS = 24 * 3_600_000

export type Policy = {
  class: RetentionClass
  days: number
  usualDays: number
  minDays: number
  maxDays: number
  holds: string
  changedAt: number | null
  changedBy: string | null
  /** What is older may be missing: so far it was let go of. */
  deletedBefore: number | null
}

/** All classes, in the order of the table. */
export async function readPolicies(db: Db): Promise<Policy[]> {
  const rows = new Map(
    (await db.selectFrom('retentionPolicies').selectAll().execute()).map(r => [r.class, r]),
  )
  return RETENTION_CLASSES.map(name => policyOf(name, rows.get(name)))
}

function policyOf(name: RetentionClass, row: Row<'retentionPolicies'> | undefined): Policy {
  const { days, min: minDays, max: maxDays, holds } = RETENTION[name]
  return {
    class: name,
    days: row?.days ?? days,
    usualDays: days,
    minDays,
    maxDays,
    holds,
    changedAt: row?.changedAt ?? null,
    changedBy: row?.changedBy ?? null,
    deletedBefore: row?.deletedBefore ?? null,
  }
}

export async function readDays(db: Db): Promise<RetentionDays> {
  const policies = await readPolicies(db)
  return Object.fromEntries(policies.map(({ class: name, days }) => [name, days])) as RetentionDays
}

/** What is older than this goes; epoch ms. */
export const limitOf = (days: number, now: number): number => now - days * DAY_MS

/** Days by class; null for as usual. */
export type PolicyChange = Partial<Record<RetentionClass, number | null | undefined>>

/**
 * Sets days; the next run goes by them. @throws HubError BAD_REQUEST for what lies outside of the bounds of its class,
 * and for tracks that would be kept for longer than vital signs: both stand in the same rows of the history.
 */
export async function changePolicies(
  records: Pick<Records, 'db'>,
  { change, at, by }: { change: PolicyChange; at: number; by: string },
): Promise<Policy[]> {
  return transact(records.db, async tx => {
    for (const name of RETENTION_CLASSES) {
      const days = change[name]
      if (days !== undefined) await writePolicy(tx, name, { days: withinBounds(name, days), at, by })
    }
    const policies = await readPolicies(tx)
    requireOrder(policies)
    return policies
  })
}

function withinBounds(name: RetentionClass, days: number | null): number | null {
  const { min, max } = RETENTION[name]
  if (days !== null && (days < min || days > max))
    throw badField(
      `body.${name}`,
      `${name} may be kept for ${min} to ${max} days, and not for ${days}`,
      days < min ? 'too_small' : 'too_big',
    )
  return days
}

function requireOrder(policies: readonly Policy[]): void {
  const daysOf = (wanted: RetentionClass) => policies.find(({ class: name }) => name === wanted)?.days ?? 0
  if (daysOf('tracks') > daysOf('vitals'))
    throw badField(
      'body.tracks',
      `tracks (${daysOf('tracks')} days) cannot be kept for longer than vitals (${daysOf('vitals')} days)`,
      'longer_than_vitals',
    )
}

async function writePolicy(
  tx: Tx,
  name: RetentionClass,
  { days, at, by }: { days: number | null; at: number; by: string },
): Promise<void> {
  const set = { days, changedAt: at, changedBy: by }
  await tx
    .insertInto('retentionPolicies')
    .values({ class: name, ...set, deletedBefore: null })
    .onConflict(conflict => conflict.column('class').doUpdateSet(set))
    .execute()
}

/** Something older than `before` was let go of: whatever reaches back there says so from now on. */
export async function noteDeletedBefore(tx: Tx, name: RetentionClass, before: number): Promise<void> {
  await tx
    .insertInto('retentionPolicies')
    .values({ class: name, days: null, changedAt: null, changedBy: null, deletedBefore: before })
    .onConflict(conflict =>
      conflict
        .column('class')
        .doUpdateSet({ deletedBefore: before })
        .where(e =>
          e.or([
            e('retentionPolicies.deletedBefore', 'is', null),
            e('retentionPolicies.deletedBefore', '<', before),
          ]),
        ),
    )
    .execute()
}

/** Up to when something of these classes is missing of a time that begins at `from`; null where nothing is. */
export async function incompleteBefore(
  db: Db,
  { classes, from }: { classes: readonly RetentionClass[]; from: number },
): Promise<number | null> {
  const row = await db
    .selectFrom('retentionPolicies')
    .select(e => e.fn.max('deletedBefore').as('before'))
    .where('class', 'in', classes)
    .where('deletedBefore', '>', from)
    .executeTakeFirst()
  return row?.before == null ? null : Number(row.before)
}

/** Whoever may not decide for all of the hub is told that this is not there. */
export const notOfWholeHub = (): HubError =>
  new HubError('NOT_FOUND', 'retention is of the whole hub: ask with an account of the root area')
