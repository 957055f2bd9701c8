// The tree of areas. Each row keeps its `path`, so that a subtree is a prefix; moving an area rewrites the
// paths below it.

import { sql } from 'kysely'
import { type Area, ROOT_AREA_ID } from '../model/area.ts'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import type { Db, Records, Tx } from './db.ts'
import { type Move, moveAlarmsBelow } from './moves.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, given, notFound, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { badField, covers, requireArea, type Scope } from './scope.ts'

/** A new area always hangs on another one. */
export type NewArea = { id?: string | undefined; parentId: string; name: string; level: Area['level'] }
export type AreaChange = Change<{ parentId: string; name: string; level: Area['level'] }>

/** Live areas of the scope, parents before their children. */
export async function listAreas(
  db: Db,
  { scope, parentId, level, cursor, limit }: AreaFilter & PageRequest,
): Promise<Page<Area>> {
  const pages = pagesOf({ name: 'areas', order: ['path'], filter: { parentId, level } })
  let query = db
    .selectFrom('areas')
    .selectAll()
    .where('archivedAt', 'is', null)
    .where(sql<boolean>`substr(path, 1, ${scope.path.length}) = ${scope.path}`)
    .where(pages.after(cursor))
  if (parentId !== undefined) query = query.where('parentId', '=', parentId)
  if (level !== undefined) query = query.where('level', '=', level)
  const rows = await query
    .orderBy('path')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.path], toItem: toArea })
}

export type AreaFilter = { scope: Scope; parentId?: string | undefined; level?: Area['level'] | undefined }

/** A live area of the scope. */
export async function getArea(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<Area | undefined> {
  const row = await rowOf(db, { scope, id })
  return row && toArea(row)
}

/** @throws HubError BAD_REQUEST without such a parent, CONFLICT when the id is taken. */
export function createArea(records: Records, { scope, area }: { scope: Scope; area: NewArea }) {
  return writeRegistry(records, async (tx, changed): Promise<Area> => {
    const parentPath = await requireArea(tx, { scope, areaId: area.parentId, field: 'parentId' })
    const id = area.id ?? newId('area')
    const { parentId, name, level } = area
    await tx
      .insertInto('areas')
      .values({ id, parentId, name, level, path: `${parentPath}${id}/`, archivedAt: null })
      .execute()
    changed('area', id)
    return { id, parentId, name, level }
  })
}

/**
 * Renames or moves an area; the change noted for it stands for its whole subtree, whose open alarms move with it.
 * @throws HubError NOT_FOUND, BAD_REQUEST without such a parent, CONFLICT for a cycle.
 */
export function updateArea(
  records: Records,
  {
    scope,
    id,
    change,
    at,
    by,
  }: { scope: Scope; id: string; change: AreaChange; at: number; by?: string | undefined },
) {
  return writeRegistry(records, async (tx, changed, note): Promise<Area> => {
    const row = await rowOf(tx, { scope, id })
    if (!row) throw notFound('area', id)
    const next = { ...toArea(row), ...given(change) }
    await tx.updateTable('areas').set({ name: next.name, level: next.level }).where('id', '=', id).execute()
    changed('area', id)
    const alarms = { at, by, now: records.now(), note }
    if (next.parentId !== row.parentId) await move(tx, { scope, row, parentId: next.parentId, alarms })
    return next
  })
}

/** @throws HubError NOT_FOUND; CONFLICT while something still hangs on the area. */
export function archiveArea(records: Records, { scope, id, at }: { scope: Scope; id: string; at: number }) {
  return writeRegistry(records, async (tx, changed): Promise<void> => {
    const row = await rowOf(tx, { scope, id })
    if (!row) throw notFound('area', id)
    if (id === ROOT_AREA_ID) throw new HubError('CONFLICT', 'the root area stays')
    const kept = await whatHangsOn(tx, id)
    if (kept !== undefined) throw new HubError('CONFLICT', `there are ${kept} in this area`)
    await tx.updateTable('areas').set({ archivedAt: at }).where('id', '=', id).execute()
    changed('area', id)
  })
}

async function move(
  tx: Tx,
  {
    scope,
    row,
    parentId,
    alarms,
  }: { scope: Scope; row: Row<'areas'>; parentId: string | null; alarms: Move },
): Promise<void> {
  if (row.id === ROOT_AREA_ID || parentId === null)
    throw badField('parentId', 'the root area stays', 'root_stays')
  const parentPath = await requireArea(tx, { scope, areaId: parentId, field: 'parentId' })
  if (parentPath.startsWith(row.path)) {
    throw new HubError('CONFLICT', 'an area cannot lie below itself', { area: row.id, parent: parentId })
  }
  const newPath = `${parentPath}${row.id}/`
  const path = sql<string>`${newPath} || substr(path, ${row.path.length + 1})`
  await tx.updateTable('areas').set({ parentId }).where('id', '=', row.id).execute()
  await tx
    .updateTable('areas')
    .set({ path })
    .where(sql<boolean>`substr(path, 1, ${row.path.length}) = ${row.path}`)
    .execute()
  const fromAreaId = row.parentId ?? ROOT_AREA_ID
  await moveAlarmsBelow(tx, { path: newPath, fromAreaId, toAreaId: parentId }, alarms)
}

async function whatHangsOn(tx: Tx, areaId: string): Promise<string | undefined> {
  const child = await tx
    .selectFrom('areas')
    .select('id')
    .where('parentId', '=', areaId)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()
  if (child) return 'areas'
  for (const table of ['residents', 'devices', 'zones', 'users', 'channels'] as const) {
    const row = await tx
      .selectFrom(table)
      .select('id')
      .where('areaId', '=', areaId)
      .where('archivedAt', 'is', null)
      .executeTakeFirst()
    if (row) return table
  }
  return undefined
}

async function rowOf(db: Db, { scope, id }: { scope: Scope; id: string }): Promise<Row<'areas'> | undefined> {
  const row = await db
    .selectFrom('areas')
    .selectAll()
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()
  return row && covers(scope, row.path) ? row : undefined
}

const toArea = ({ id, parentId, name, level }: Row<'areas'>): Area => ({ id, parentId, name, level })
