// Statements on one SQLite connection: prepared once, and values as the engine takes them.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** `changes` is there where the statement has no rows to give. */
export type Ran = { rows: Record<string, unknown>[]; changes?: number }
export type Run = (sql: string, parameters: readonly unknown[]) => Ran

const STATEMENTS_KEPT = 500

/** Returns what runs statements. @throws Error with the engine's `errcode`. */
export function openStatements(database: DatabaseSync): Run {
  const statements = new Map<string, StatementSync>()

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= STATEMENTS_KEPT) statements.clear()
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  return (sql, parameters) => {
    const statement = prepare(sql)
    const values = parameters.map(toSqlite)
    if (statement.columns().length > 0) return { rows: statement.all(...values) }
    return { rows: [], changes: Number(statement.run(...values).changes) }
  }
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as SQLInputValue
}
