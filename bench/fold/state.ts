// What the rules keep of an elder: their rows of the tables of all lanes, as they are stored. Keys are the engine's and
// what the registry says is the administrator's; neither is counted. What the fold itself remembers of a device's
// messages is told apart: ids of the events of a day, and how late they come.

import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import type { StateChange } from '../../broker/stream.ts'
import type { Finding } from '../../model/finding.ts'
import { LANES, type Lane } from '../../model/lane.ts'
import { epochMs } from '../../model/units.ts'
import { said } from '../../test/workers/log.ts'
import { fallNotesOf } from '../../workers/fall-notes.ts'
import { openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { RULES } from '../../workers/rules/index.ts'
import { SEPARATOR } from '../../workers/state.ts'
import { fallAt } from './fall.ts'
import { crisisOf, MONDAY, weekOf } from './week.ts'
import { worstOf } from './worst.ts'

const DEVICE = 'd1'
/** As long as that of a hub: ids of findings begin with it. */
const RUN = 'b_4k1xw8q0zt3mvb7n'
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
  const routine = openLane('routine')
  const week: Week = { rows: [], bytes: [] }
  for (const { records, isCrisis } of crisisOf(DEVICE)) {
    routine.fold(records)
    if (isCrisis) addTo(week, routine.rows())
  }
  return week
}

const TICKS_A_DAY = 8_640
const FALLS_EVERY_TICKS = 172

/**
 * The last of some usual days, on which the detector sees a fall every half an hour, fifty of them: bytes of the rules
 * at every tick of it.
 */
export function stateInFalls(days = 4): Week & { falls: number } {
  const [routine, motion] = [openLane('routine'), openLane('motion')]
  const week: Week & { falls: number } = { rows: [], bytes: [], falls: 0 }
  const lastDay = (days - 1) * TICKS_A_DAY
  const bursts = weekOf(DEVICE, 'motion', days)
  let tick = 0
  for (const records of weekOf(DEVICE, 'routine', days)) {
    const at = records.at(-1)?.receivedAt ?? epochMs(MONDAY)
    const isFall = tick >= lastDay && tick % FALLS_EVERY_TICKS === 0
    const fallen = isFall ? [said(DEVICE, 'motion', at, fallAt(at, tick))] : []
    const falls = fallNotesOf(motion.fold([...fallen, ...(bursts.next().value ?? [])]), at)
    routine.fold([...falls, ...records])
    week.falls += falls.length
    if (tick++ >= lastDay) addTo(week, [...routine.rows(), ...motion.rows()])
  }
  return week
}

/** The worst elder there is (worst.ts): bytes of the rules after every message of the worst hour. */
export function stateAtWorst(): Week {
  const [routine, motion] = [openLane('routine'), openLane('motion')]
  const week: Week = { rows: [], bytes: [] }
  for (const moment of worstOf(DEVICE)) {
    const at = moment.motion.at(-1)?.receivedAt ?? epochMs(MONDAY)
    const falls = fallNotesOf(motion.fold(moment.motion), at)
    routine.fold([...falls, ...moment.routine])
    if (moment.isWorst) addTo(week, [...routine.rows(), ...motion.rows()])
  }
  return week
}

/** The rows are those of when they were largest. */
function addTo(week: Week, rows: Row[]): void {
  const size = sizeOf(rows)
  if (size > sizeOf(week.rows)) week.rows = rows
  week.bytes.push(size)
}

/** The rows of a lane at every full hour. */
function hourly(lane: Lane, days: number): Row[][] {
  const { fold, rows } = openLane(lane)
  const hours: Row[][] = []
  let ticks = 0
  for (const records of weekOf(DEVICE, lane, days)) {
    fold(records)
    if (++ticks % LOOKED_AT_EVERY_TICKS === 0) hours.push(rows())
  }
  return hours
}

/** A lane that is folded, and what is stored of it. */
function openLane(lane: Lane) {
  const its = openFold({ rules: RULES[lane], stored: new Map() })
  const stored = new Map<string, string>()
  let batch = 0
  return {
    fold(records: RawRecord[]): Finding[] {
      const folded = emptyFolded()
      its.apply(encodeEntry({ run: RUN, batch: ++batch, records }), folded)
      return folded.findings
    },
    rows(): Row[] {
      store(stored, its.takeChanges())
      return rowsOf(lane, stored)
    },
  }
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
