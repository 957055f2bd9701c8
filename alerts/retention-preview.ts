// What a run would let go of now: counted, and nothing else.

import { RETENTION_CLASSES, type RetentionClass } from '../model/retention.ts'
import type { Db } from '../records/db.ts'
import { limitOf, readDays } from '../records/retention.ts'
import { countAged } from '../records/retention-aged.ts'
import { countEnded } from '../records/retention-incidents.ts'
import { AGED_TABLES } from '../records/retention-tables.ts'
import { INCIDENT_CLASSES_OF } from './retention-run.ts'

/** Nobody needs to know it more exactly, and a count holds up other lists. */
export const COUNTED_TO = 100_000

/** `items` is null where only a run knows: of the history. */
export type Preview = { class: RetentionClass; before: number; items: number | null; isMore: boolean }

/** Class by class: what is older than it may be at `now`. */
export async function previewRun(db: Db, now: number): Promise<Preview[]> {
  const days = await readDays(db)
  const previews: Preview[] = []
  for (const name of RETENTION_CLASSES) {
    const before = limitOf(days[name], now)
    const items = await countOf(db, name, before)
    previews.push({ class: name, before, items, isMore: items !== null && items >= COUNTED_TO })
  }
  return previews
}

async function countOf(db: Db, name: RetentionClass, before: number): Promise<number | null> {
  if (name === 'tracks' || name === 'vitals') return null
  const classes = INCIDENT_CLASSES_OF[name]
  let items = classes ? await countEnded(db, { classes, before, most: COUNTED_TO }) : 0
  for (const [table, aged] of AGED_TABLES)
    if (aged.class === name) items += await countAged(db, { table, aged, before, most: COUNTED_TO })
  return items
}
