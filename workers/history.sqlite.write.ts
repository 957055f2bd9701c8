// The writing side of history.db: entries in, rows out, in one transaction.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type PackedWrites, unpackWrites } from './history.sqlite.pack.ts'
import { MESSAGE_COLUMNS, messageValuesOf, SAMPLE_COLUMNS, sampleValuesOf } from './history.sqlite.rows.ts'
import { DAY_MS, type Kept, type Written } from './history.ts'
import { emptyTally, keptOf } from './kept.entries.ts'

export type Writing = {
  /** All of it or nothing; what of each write was kept, in their order. */
  write(packed: PackedWrites): Written[]
  /** A table that is dropped takes its statement along. */
  forget(table: string): void
}

export function openWriting(db: DatabaseSync): Writing {
  /** Statements by table. They are forgotten with a transaction that made one and failed, too. */
  const inserts = new Map<string, StatementSync>()

  function insertInto(table: string, { create, insert }: { create: string; insert: string }): StatementSync {
    db.exec(create)
    const statement = db.prepare(insert)
    inserts.set(table, statement)
    return statement
  }

  function insertSample(day: number): StatementSync {
    const table = `sample_${day}`
    return (
      inserts.get(table) ??
      insertInto(table, {
        create: `CREATE TABLE IF NOT EXISTS ${table} (device TEXT, ${SAMPLE_TYPES}, PRIMARY KEY (device, at, nudge))
          WITHOUT ROWID`,
        insert: `INSERT OR REPLACE INTO ${table} (device, ${SAMPLE_COLUMNS.join(', ')}) VALUES (${SAMPLE_SLOTS})`,
      })
    )
  }

  function insertMessage(day: number): StatementSync {
    const table = `message_${day}`
    return (
      inserts.get(table) ??
      insertInto(table, {
        create: `CREATE TABLE IF NOT EXISTS ${table} (device TEXT, at INTEGER, nudge INTEGER, received INTEGER,
          type TEXT, cut INTEGER, payload BLOB, PRIMARY KEY (device, type, at, nudge))`,
        insert: `INSERT OR REPLACE INTO ${table} (${MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      })
    )
  }

  function insert(kept: Kept): void {
    const day = Math.floor(kept.at / DAY_MS)
    if (kept.type === 'sample') insertSample(day).run(kept.deviceId, ...sampleValuesOf(kept))
    else insertMessage(day).run(...messageValuesOf(kept))
  }

  return {
    write(packed) {
      db.exec('BEGIN IMMEDIATE')
      try {
        const written = unpackWrites(packed).map(entries => {
          const tally = emptyTally()
          for (const some of keptOf(entries, tally)) for (const kept of some) insert(kept)
          return tally
        })
        db.exec('COMMIT')
        return written
      } catch (error) {
        inserts.clear()
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    forget: table => {
      inserts.delete(table)
    },
  }
}

/** A word, a whole number where it fits, else a number: SQLite's NUMERIC. */
const SAMPLE_TYPES = SAMPLE_COLUMNS.map(name => `${name} NUMERIC`).join(', ')
const SAMPLE_SLOTS = `?${', ?'.repeat(SAMPLE_COLUMNS.length)}`
