// What history.db lets go of: days that are too old as whole tables, and of younger ones the positions. It goes slice by
// slice, so that what is to be written meanwhile waits for some milliseconds, and remembers nothing between two.
//
//   cleared   a row a day whose positions are gone, and of which no late message can come any more

import { performance } from 'node:perf_hooks'
import type { DatabaseSync } from 'node:sqlite'
import type { Retained, RetainPlace } from './history.sqlite.requests.ts'
import { SAMPLE_COLUMNS } from './history.sqlite.rows.ts'

/** Of the thread; a day of one device is never cut apart. */
const SLICE_MS = 20
/** A sample may be a week late, and the archive some days behind. */
const SETTLED_AFTER_DAYS = 14

const POSITION = ['lat', 'lon', 'acc', 'src', 'datum']
/** Says nothing by itself. */
const FRAME = ['at', 'nudge', 'received', 'device_ts', 'seq']
const READINGS = SAMPLE_COLUMNS.filter(name => !POSITION.includes(name) && !FRAME.includes(name))

export type RetainRequest = { positionsFrom: number; readingsFrom: number; after: RetainPlace }

/** One slice. `forget` is called before a table goes. */
export function retainSlice(
  db: DatabaseSync,
  { positionsFrom, readingsFrom, after }: RetainRequest,
  forget: (table: string) => void,
): Retained {
  const tables = dayTables(db)
  const gone = tables.find(({ type, day }) => day < (type === 'sample' ? readingsFrom : positionsFrom))
  if (gone) {
    forget(gone.name)
    return { ...drop(db, gone), next: after }
  }
  const cleared = clearedDays(db)
  const day = tables.find(
    table =>
      table.type === 'sample' &&
      table.day >= after.day &&
      table.day < positionsFrom &&
      !cleared.has(table.day),
  )?.day
  if (day === undefined) return { positions: 0, readings: 0, next: null }
  const device = after.day === day ? after.device : ''
  return clearSlice(db, { day, device, isSettled: day < positionsFrom - SETTLED_AFTER_DAYS })
}

type DayTable = { name: string; type: 'sample' | 'message'; day: number }

/** The oldest first. */
function dayTables(db: DatabaseSync): DayTable[] {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const found = names.flatMap(({ name }): DayTable[] => {
    const [whole, type, day] = /^(sample|message)_(\d+)$/.exec(String(name)) ?? []
    return whole === undefined ? [] : [{ name: whole, type: type as DayTable['type'], day: Number(day) }]
  })
  return found.sort((a, b) => a.day - b.day)
}

function drop(db: DatabaseSync, { name, type, day }: DayTable): Pick<Retained, 'positions' | 'readings'> {
  const positions = type === 'sample' ? 'count(lat)' : 'count(*)'
  const readings = type === 'sample' ? 'count(*)' : '0'
  const counted = db.prepare(`SELECT ${positions} AS positions, ${readings} AS readings FROM ${name}`).get()
  db.exec(`DROP TABLE ${name}`)
  if (type === 'sample' && clearedDays(db).has(day)) db.exec(`DELETE FROM cleared WHERE day = ${day}`)
  return { positions: Number(counted?.positions), readings: Number(counted?.readings) }
}

function clearedDays(db: DatabaseSync): Set<number> {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'cleared'").get()
  if (table === undefined) return new Set()
  return new Set(
    db
      .prepare('SELECT day FROM cleared')
      .all()
      .map(({ day }) => Number(day)),
  )
}

/** Takes the positions out of the samples of some devices; a sample that said nothing else goes. */
function clearSlice(
  db: DatabaseSync,
  { day, device, isSettled }: { day: number; device: string; isSettled: boolean },
): Retained {
  const table = `sample_${day}`
  const hasPosition = `coalesce(${POSITION.join(', ')}) IS NOT NULL`
  const following = db.prepare(`SELECT device FROM ${table} WHERE device > ? ORDER BY device LIMIT 1`)
  const bare = db.prepare(
    `DELETE FROM ${table} WHERE device = ? AND ${hasPosition} AND coalesce(${READINGS.join(', ')}) IS NULL`,
  )
  const rest = db.prepare(
    `UPDATE ${table} SET ${POSITION.map(name => `${name} = NULL`).join(', ')} WHERE device = ? AND ${hasPosition}`,
  )
  const startedAt = performance.now()
  let positions = 0
  db.exec('BEGIN IMMEDIATE')
  try {
    for (let last = device; ; ) {
      const found = following.get(last)
      if (found === undefined) {
        if (isSettled) noteCleared(db, day)
        db.exec('COMMIT')
        return { positions, readings: 0, next: { day: day + 1, device: '' } }
      }
      last = String(found.device)
      positions += Number(bare.run(last).changes) + Number(rest.run(last).changes)
      if (performance.now() - startedAt < SLICE_MS) continue
      db.exec('COMMIT')
      return { positions, readings: 0, next: { day, device: last } }
    }
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function noteCleared(db: DatabaseSync, day: number): void {
  db.exec('CREATE TABLE IF NOT EXISTS cleared (day INTEGER PRIMARY KEY)')
  db.exec(`INSERT OR IGNORE INTO cleared VALUES (${day})`)
}
