// Escalation tables of areas, as rows: an area's own one holds for it and for all below that has none.

import { HubError } from '../model/error.ts'
import type { Severity } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import type { Because, LadderRow } from '../model/ladder.ts'
import type { Db, Records } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, given, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { inScope, requireArea, type Scope } from './scope.ts'
import { storedList } from './stored.ts'

/** A live row as it is stored, with the path of its area. Whoever reads it looks at the steps. */
export type StoredLadder = Row<'ladders'> & { areaPath: string }

export type NewLadder = Omit<LadderRow, 'id'> & { id?: string | undefined }
export type LadderChange = Change<Omit<LadderRow, 'id'>>
export type LadderFilter = {
  scope: Scope
  areaId?: string | undefined
  class?: LadderRow['class'] | undefined
  because?: Because | undefined
  severity?: Severity | undefined
}

/** Every live ladder of the hub: there are a few. */
export const storedLadders = (db: Db): Promise<StoredLadder[]> =>
  db
    .selectFrom('ladders')
    .innerJoin('areas', 'areas.id', 'ladders.areaId')
    .selectAll('ladders')
    .select('areas.path as areaPath')
    .where('ladders.archivedAt', 'is', null)
    .orderBy('ladders.id')
    .execute()

/** Live ladders of the scope. */
export async function listLadders(
  db: Db,
  { scope, areaId, class: cls, because, severity, cursor, limit }: LadderFilter & PageRequest,
): Promise<Page<LadderRow>> {
  const filter = { areaId, cls, because, severity }
  const pages = pagesOf({ name: 'ladders', order: ['areaId', 'id'], filter })
  let query = liveIn(db, scope).where(pages.after(cursor))
  if (areaId !== undefined) query = query.where('areaId', '=', areaId)
  if (cls !== undefined) query = query.where('class', '=', cls)
  if (because !== undefined) query = query.where('because', '=', because)
  if (severity !== undefined) query = query.where('severity', '=', severity)
  const rows = await query
    .orderBy('areaId')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.areaId, row.id], toItem: toLadder })
}

/** A live ladder of the scope. */
export async function getLadder(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<LadderRow | undefined> {
  const row = await liveIn(db, scope).where('id', '=', id).executeTakeFirst()
  return row && toLadder(row)
}

/** @throws HubError BAD_REQUEST without such an area, CONFLICT when the area has one for this already. */
export function createLadder(
  records: Records,
  { scope, ladder, at }: { scope: Scope; ladder: NewLadder; at: number },
) {
  return writeRegistry(records, async (tx): Promise<LadderRow> => {
    await requireArea(tx, { scope, areaId: ladder.areaId })
    const whole: LadderRow = { ...ladder, id: ladder.id ?? newId('lad') }
    await tx
      .insertInto('ladders')
      .values({ ...toRow(whole), changedAt: at, archivedAt: null })
      .execute()
    return whole
  })
}

/** @throws HubError NOT_FOUND, BAD_REQUEST, CONFLICT as for a new one. */
export function updateLadder(
  records: Records,
  { scope, id, change, at }: { scope: Scope; id: string; change: LadderChange; at: number },
) {
  return writeRegistry(records, async (tx): Promise<LadderRow> => {
    const ladder = await getLadder(tx, { scope, id })
    if (!ladder) throw noLadder(id)
    const next = { ...ladder, ...given(change) }
    if (next.areaId !== ladder.areaId) await requireArea(tx, { scope, areaId: next.areaId })
    await tx
      .updateTable('ladders')
      .set({ ...toRow(next), changedAt: at })
      .where('id', '=', id)
      .execute()
    return next
  })
}

/** @throws HubError NOT_FOUND */
export function archiveLadder(records: Records, { scope, id, at }: { scope: Scope; id: string; at: number }) {
  return writeRegistry(records, async (tx): Promise<void> => {
    const found = await liveIn(tx, scope).where('id', '=', id).executeTakeFirst()
    if (!found) throw noLadder(id)
    await tx.updateTable('ladders').set({ archivedAt: at }).where('id', '=', id).execute()
  })
}

const noLadder = (id: string): HubError => new HubError('NOT_FOUND', `there is no ladder ${id}`)

const liveIn = (db: Db, scope: Scope) =>
  db.selectFrom('ladders').selectAll().where('archivedAt', 'is', null).where(inScope(scope, 'areaId'))

/** A row that was broken by hand shows no steps: it can be seen, changed and archived all the same. */
function toLadder({ stepsJson, changedAt: _, archivedAt: __, repeatMs, ...row }: Row<'ladders'>): LadderRow {
  const cls = row.class as LadderRow['class']
  return {
    ...row,
    class: cls,
    steps: [...storedList<LadderRow['steps'][number]>(stepsJson)],
    repeatMs: Number(repeatMs),
  }
}

const toRow = ({ steps, ...ladder }: LadderRow) => ({ ...ladder, stepsJson: JSON.stringify(steps) })
