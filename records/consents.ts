// What elders agreed to: a history that only grows, and how things stand by it.

import {
  type Consent,
  type ConsentPurpose,
  type ConsentStanding,
  type NewConsent,
  standingOf,
} from '../model/consent.ts'
import type { Db, Records } from './db.ts'
import { notFound, writeRegistry } from './registry.ts'
import { getResident } from './residents.ts'
import type { Row } from './schema.ts'
import { badField, type Scope } from './scope.ts'
import { readSlices } from './slices.ts'

/** All that was said of an elder, in the order in which it was written down. */
export async function consentsOf(db: Db, residentId: string): Promise<Consent[]> {
  const rows = await db
    .selectFrom('consents')
    .selectAll()
    .where('residentId', '=', residentId)
    .orderBy('seq')
    .execute()
  return rows.map(toConsent)
}

/** How things stand for an elder, every purpose by name. */
export const consentStanding = async (db: Db, residentId: string): Promise<ConsentStanding[]> =>
  standingOf(await consentsOf(db, residentId))

/** The same of many, by whom. */
export async function consentStandings(
  db: Db,
  residentIds: readonly string[],
): Promise<Map<string, ConsentStanding[]>> {
  const rows = await readSlices(residentIds, slice =>
    db.selectFrom('consents').selectAll().where('residentId', 'in', slice).orderBy('seq').execute(),
  )
  const said = Map.groupBy(rows, ({ residentId }) => residentId)
  return new Map(residentIds.map(id => [id, standingOf((said.get(id) ?? []).map(toConsent))]))
}

/** Whether it was taken back. What nobody has written down was not: nothing is held up by a record that is missing. */
export async function isWithdrawn(
  db: Db,
  { residentId, purpose }: { residentId: string; purpose: ConsentPurpose },
): Promise<boolean> {
  const last = await db
    .selectFrom('consents')
    .select('state')
    .where('residentId', '=', residentId)
    .where('purpose', '=', purpose)
    .orderBy('saidAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.state === 'withdrawn'
}

/** A minute: the clock of whoever writes it down may be a little ahead. */
const AHEAD_MS = 60_000

/**
 * Writes down what was said of a live elder of the scope; nothing that was said before is changed.
 * @throws HubError NOT_FOUND; BAD_REQUEST for a guardian without a name or a relation, an elder with one, or a time to come.
 */
export async function recordConsent(
  records: Records,
  {
    scope,
    residentId,
    consent,
    by,
    at,
  }: { scope: Scope; residentId: string; consent: NewConsent; by: string; at: number },
): Promise<Consent> {
  const { saidAt = at } = consent
  checkGiver(consent)
  if (saidAt > at + AHEAD_MS) throw badField('saidAt', 'nobody has said that yet', 'in_future')
  return writeRegistry(records, async tx => {
    if (!(await getResident(tx, { scope, id: residentId }))) throw notFound('resident', residentId)
    // The only writer of the registry: two entries cannot take the same place.
    const { last } = await tx
      .selectFrom('consents')
      .select(e => e.fn.max('seq').as('last'))
      .where('residentId', '=', residentId)
      .executeTakeFirstOrThrow()
    const seq = Number(last ?? 0) + 1
    const row = { ...consent, residentId, seq, saidAt, recordedAt: at, recordedBy: by }
    await tx.insertInto('consents').values(row).execute()
    return toConsent(row)
  })
}

function checkGiver({ by, byName, relation }: NewConsent): void {
  const isNamed = byName !== null && relation !== null
  if (by === 'guardian' && !isNamed)
    throw badField(
      'byName',
      'of a legal guardian the name and the relation to the elder are needed',
      'required',
    )
  if (by === 'elder' && (byName !== null || relation !== null))
    throw badField('byName', 'an elder who speaks for themselves needs no name here', 'not_needed')
}

function toConsent({ residentId: _, ...row }: Row<'consents'>): Consent {
  return { ...row, seq: Number(row.seq), saidAt: Number(row.saidAt), recordedAt: Number(row.recordedAt) }
}
