// Statements that do not wait for each other's answers, and a transaction of such as one query: between two that wait
// lies a turn of a busy event loop, and on PostgreSQL the network.

import { CompiledQuery } from 'kysely'
import type { Tx } from './db.ts'

/**
 * A statement that is known before the one before it is answered. With `must`, nothing of the transaction is kept
 * when it changes another number of rows, and what `otherwise` makes is thrown.
 */
export type Statement = {
  query: CompiledQuery
  must?: { change: number; otherwise: () => Error }
}

/** A transaction of its own, as a connection of the embedded engine takes it in the place of a query. */
export type Whole = CompiledQuery & { statements: readonly Statement[] }

export const wholeOf = (statements: readonly Statement[]): Whole => ({ ...CompiledQuery.raw(''), statements })

export const isWhole = (query: CompiledQuery): query is Whole => 'statements' in query

/** The same in a transaction that asks and is answered: one after the other. @throws what `otherwise` makes. */
export async function runEach(tx: Tx, statements: readonly Statement[]): Promise<void> {
  for (const { query, must } of statements) {
    const { numAffectedRows = 0n } = await tx.executeQuery(query)
    if (must && numAffectedRows !== BigInt(must.change)) throw must.otherwise()
  }
}
