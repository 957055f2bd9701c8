// What a fold keeps of an elder: the rows of all its tables, lane by lane, as they are stored. Keys and what the
// registry says are not counted: they are the engine's, and the administrator's.

import { encodeEntry } from '../broker/entry.ts'
import type { StateChange } from '../broker/stream.ts'
import { LANES, type Lane } from '../model/lane.ts'
import { emptyFolded, openFold } from '../workers/fold.ts'
import { RULES } from '../workers/rules/index.ts'
import { SEPARATOR } from '../workers/state.ts'
import { weekOf } from './week.ts'

const DEVICE = 'd1'
const LOOKED_AT_EVERY_TICKS = 360

/** Bytes of the elder's row in a table. */
export type Row = { table: string; bytes: number; json: string }

/** What is left after a week, and the most there was at any full hour of it. */
export function stateOfWeek(days = 7): { rows: Row[]; atMostBytes: number } {
  const lanes = LANES.filter(lane => RULES[lane].length > 0).map(lane => hourly(lane, days))
  const hours = Math.max(...lanes.map(all => all.length))
  const at = (hour: number): Row[] => lanes.flatMap(all => all[hour] ?? [])
  const sizes = Array.from({ length: hours }, (_, hour) => sizeOf(at(hour)))
  return { rows: at(hours - 1), atMostBytes: Math.max(...sizes) }
}

const sizeOf = (rows: readonly Row[]): number => rows.reduce((sum, { bytes }) => sum + bytes, 0)

/** The rows of a lane at every full hour. */
function hourly(lane: Lane, days: number): Row[][] {
  const fold = openFold({ rules: RULES[lane], stored: new Map() })
  const stored = new Map<string, string>()
  const hours: Row[][] = []
  let batch = 0
  for (const records of weekOf(DEVICE, lane, days)) {
    fold.apply(encodeEntry({ run: 'week', batch: ++batch, records }), emptyFolded())
    if (batch % LOOKED_AT_EVERY_TICKS !== 0) continue
    store(stored, fold.takeChanges())
    hours.push(rowsOf(lane, stored))
  }
  return hours
}

function store(stored: Map<string, string>, change: StateChange): void {
  for (const key of change.delete) stored.delete(key)
  for (const [key, json] of change.set) stored.set(key, json)
}

function rowsOf(lane: Lane, stored: ReadonlyMap<string, string>): Row[] {
  return [...stored]
    .filter(([key]) => key.endsWith(SEPARATOR + DEVICE) && !key.startsWith(`context${SEPARATOR}`))
    .map(([key, json]) => ({
      table: `${lane} ${key.slice(0, key.indexOf(SEPARATOR))}`,
      bytes: Buffer.byteLength(json),
      json,
    }))
}
