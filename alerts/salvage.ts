// When an entry cannot be applied as it is: its findings one by one, so that one which the database refuses
// costs none of the others their alarm. It is raised as one that could not be read, and a person looks.

import { sql } from 'kysely'
import type { Finding } from '../model/finding.ts'
import type { Tx } from '../records/db.ts'
import { isRefusedRow } from '../records/refusal.ts'
import { applyFindings, type Outcome } from './apply.ts'
import { type ReadEntry, standInsFor } from './findings.ts'

/** `unreadable` says why findings were replaced, as in `ReadEntry`. */
export type Salvaged = { outcomes: readonly Outcome[]; unreadable: string | null }

/**
 * True when it is the finding that is wrong, so that trying again cannot help: the database refuses its rows, or
 * the code cannot take what it says. Whatever else fails — a full disk, a busy or broken database, a fault that
 * nobody has thought of — is not known to be the finding's, and no reason to give it up.
 */
export const isFaultOfFinding = (error: unknown): boolean =>
  isRefusedRow(error) || error instanceof TypeError || error instanceof RangeError

/**
 * Applies an entry's findings in order, each in a savepoint of its own.
 * @throws what is no fault of a finding, or when the database takes no stand-in either.
 */
export async function applyOneByOne(tx: Tx, entry: ReadEntry, now: number): Promise<Salvaged> {
  const outcomes: Outcome[] = []
  const reasons = entry.unreadable === null ? [] : [entry.unreadable]
  for (const finding of entry.findings) {
    const refused = await tryFinding(tx, finding, { outcomes, now })
    if (refused === null) continue
    const reason = String(refused)
    reasons.push(reason)
    await raiseStandIn(tx, standInsFor(finding, { ...entry, reason, now }), { outcomes, now })
  }
  return { outcomes, unreadable: reasons.length === 0 ? null : reasons.join('; ') }
}

type Applying = { outcomes: Outcome[]; now: number }

async function raiseStandIn(
  tx: Tx,
  [named, bare]: readonly [named: Finding, bare: Finding],
  applying: Applying,
): Promise<void> {
  if ((await tryFinding(tx, named, applying)) === null) return
  const refused = await tryFinding(tx, bare, applying)
  if (refused !== null) throw refused
}

/** Null when it was applied; why not, when that is the finding's fault. */
async function tryFinding(tx: Tx, finding: Finding, { outcomes, now }: Applying): Promise<unknown> {
  await sql`savepoint finding`.execute(tx)
  try {
    outcomes.push(...(await applyFindings(tx, [finding], now)))
    await sql`release savepoint finding`.execute(tx)
    return null
  } catch (error) {
    if (!isFaultOfFinding(error)) throw error
    await sql`rollback to savepoint finding`.execute(tx)
    await sql`release savepoint finding`.execute(tx)
    return error
  }
}
