// One run: everything that is older than its class allows, slice by slice, with a rest after each. A slice is one
// transaction that also counts itself, so a run can be cut off after any of them and go on later.

import type { IncidentClass } from '../model/incident.ts'
import {
  HISTORY_CLASSES,
  RETENTION_CLASSES,
  type RetentionClass,
  type RetentionDays,
} from '../model/retention.ts'
import type { Records } from '../records/db.ts'
import { limitOf, readDays } from '../records/retention.ts'
import { deleteAged, ROWS_AT_ONCE } from '../records/retention-aged.ts'
import {
  deleteIncidents,
  type EndedPage,
  endedIncidents,
  INCIDENTS_AT_ONCE,
  type Place,
} from '../records/retention-incidents.ts'
import { type LetGo, noteLetGo, type Run } from '../records/retention-runs.ts'
import { AGED_TABLES } from '../records/retention-tables.ts'
import { slicesOf } from '../records/slices.ts'
import type { History } from '../workers/history.ts'

/** Which alarms are of which class of data. */
export const INCIDENT_CLASSES_OF: Partial<Record<RetentionClass, readonly IncidentClass[]>> = {
  incidents: ['emergency', 'service'],
  technical: ['technical'],
}

export type RunParts = {
  records: Pick<Records, 'db' | 'read'>
  /** Where this process has it; undefined: somebody else's business. */
  history: Pick<History, 'retain'> | undefined
  /** Called after each slice: rests, and says whether to go on. */
  pause(slice: LetGo): Promise<boolean>
}

/** `stopped`: not all of it is done; run it again. */
export type RunOutcome = 'done' | 'stopped'

/** Lets go of everything that is due. @throws when the records or the history do; what was let go of is counted. */
export async function performRun(parts: RunParts, run: Run): Promise<RunOutcome> {
  const days = await readDays(parts.records.db)
  for (const name of RETENTION_CLASSES) {
    const before = limitOf(days[name], run.startedAt)
    for await (const slice of classSlices(parts, { name, before, run })) {
      if (!(await parts.pause({ class: name, before, ...slice }))) return 'stopped'
    }
  }
  for await (const slice of historySlices(parts, { days, run })) {
    if (!(await parts.pause(slice))) return 'stopped'
  }
  return 'done'
}

type Slice = { items: number; rows: number }
type Given = { name: RetentionClass; before: number; run: Run }

async function* classSlices(parts: RunParts, given: Given): AsyncGenerator<Slice> {
  yield* incidentSlices(parts, given)
  yield* agedSlices(parts, given)
}

async function* incidentSlices({ records }: RunParts, { name, before, run }: Given): AsyncGenerator<Slice> {
  const classes = INCIDENT_CLASSES_OF[name]
  if (classes === undefined) return
  let after: Place | null | undefined
  do {
    const page: EndedPage = await endedIncidents(records.read, { classes, before, ...(after && { after }) })
    for (const ids of slicesOf(page.ids, INCIDENTS_AT_ONCE)) {
      for (let isDone = false; !isDone; ) {
        const slice = await deleteIncidents(records, ids, (tx, { incidents: items, rows }) =>
          noteLetGo(tx, run.id, { class: name, before, items, rows }),
        )
        isDone = slice.isDone
        yield { items: slice.incidents, rows: slice.rows }
      }
    }
    // Long stretches may hold none of these: whoever wants it to stop is asked there as well.
    if (page.isFull && page.ids.length === 0) yield { items: 0, rows: 0 }
    after = page.next
  } while (after !== null)
}

async function* agedSlices({ records }: RunParts, { name, before, run }: Given): AsyncGenerator<Slice> {
  for (const [table, aged] of AGED_TABLES) {
    if (aged.class !== name) continue
    for (let found = ROWS_AT_ONCE; found === ROWS_AT_ONCE; ) {
      let rows = 0
      found = await deleteAged(records, {
        table,
        aged,
        before,
        note: async (tx, deleted) => {
          rows = deleted
          await noteLetGo(tx, run.id, { class: name, before, items: deleted, rows: deleted })
        },
      })
      if (found > 0) yield { items: rows, rows }
    }
  }
}

/** The history is a database of its own: what of it goes is counted right afterwards. */
async function* historySlices(
  { records, history }: RunParts,
  { days, run }: { days: RetentionDays; run: Run },
): AsyncGenerator<LetGo> {
  if (history === undefined) return
  const [positionsBefore, readingsBefore] = HISTORY_CLASSES.map(name =>
    limitOf(days[name], run.startedAt),
  ) as [number, number]
  for await (const { positions, readings } of history.retain({ positionsBefore, readingsBefore })) {
    const slices: LetGo[] = [
      { class: 'tracks', before: positionsBefore, items: positions, rows: positions },
      { class: 'vitals', before: readingsBefore, items: readings, rows: readings },
    ]
    for (const slice of slices) {
      if (slice.items > 0) await records.db.transaction().execute(tx => noteLetGo(tx, run.id, slice))
      yield slice
    }
  }
}
