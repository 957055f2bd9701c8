// What the rules keep of an elder: their rows of the tables of all lanes, as they are stored. Keys are the engine's and
// what the registry says is the administrator's; neither is counted. What the fold itself remembers of a device's
// messages is told apart: ids of the events of a day, and how late they come.

import { encodeEntry } from '../broker/entry.ts'
import type { StateChange } from '../broker/stream.ts'
import { LANES, type Lane } from '../model/lane.ts'
import { openFold } from '../workers/fold.ts'
import { emptyFolded } from '../workers/folded.ts'
import { RULES } from '../workers/rules/index.ts'
import { SEPARATOR } from '../workers/state.ts'
import { crisisOf, weekOf } from './week.ts'

const DEVICE = 'd1'
const LOOKED_AT_EVERY_TICKS = 360

/** Bytes of the elder's row in a table. */
export type Row = { table: string; bytes: number; json: string; isOfRule: boolean }

/** `bytes` are those of the rules, at every full hour. */
export type Week = { rows: Row[]; bytes: number[] }

/** What is left after some days, and how much there was meanwhile. */
export function stateOfWeek(days = 7): Week {
  const lanes = LANES.filter(lane => RULES[lane].length > 0).map(lane => hourly(lane, days))
  const hours = Math.max(...lanes.map(all => all.length))
  const at = (hour: number): Row[] => lanes.flatMap(all => all[hour] ?? [])
  return { rows: at(hours - 1), bytes: Array.from({ length: hours }, (_, hour) => sizeOf(at(hour))) }
}

const sizeOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { bytes, isOfRule }) => sum + (isOfRule ? bytes : 0), 0)

/**
 * The worst hour of an elder of whom a baseline is known: all five signs reach their limits at once, go further and
 * waver, while the elder leaves home through the river. Bytes of the rules after every sample of it.
 */
export function stateInCrisis(): Week {
  const fold = openFold({ rules: RULES.routine, stored: new Map() })
  const stored = new Map<string, string>()
  const week: Week = { rows: [], bytes: [] }
  let batch = 0
  for (const { records, isCrisis } of crisisOf(DEVICE)) {
    fold.apply(encodeEntry({ run: 'crisis', batch: ++batch, records }), emptyFolded())
    store(stored, fold.takeChanges())
    if (!isCrisis) continue
    const rows = rowsOf('routine', stored)
    week.bytes.push(sizeOf(rows))
    if (sizeOf(rows) === Math.max(...week.bytes)) week.rows = rows
  }
  return week
}

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
      isOfRule: key.startsWith('rule/'),
    }))
}
