// What an account may see: its area and everything below. Every query of a noun takes a scope and applies it
// with the functions of this file, so a row outside it is neither shown nor touched.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { ROOT_AREA_ID } from '../model/area.ts'
import { HubError } from '../model/error.ts'
import type { RefusalReason } from '../model/field-reason.ts'
import type { Db } from './db.ts'

/** `path` is that of the account's area, such as `/root/wh/`; a subtree is a prefix. */
export type Scope = { path: string }

/** Sees everything: the hub itself, and accounts of the root area. */
export const WHOLE_HUB: Scope = { path: `/${ROOT_AREA_ID}/` }

/** True when something at `areaPath` may be seen. */
export const covers = (scope: Scope, areaPath: string): boolean => areaPath.startsWith(scope.path)

/** The area that the scope hangs on: the last of its path. */
export const areaOfScope = ({ path }: Scope): string => path.split('/').at(-2) ?? ROOT_AREA_ID

// A prefix is compared with substr, not LIKE: ids may hold "_", which LIKE takes for any character.

/** SQL condition: the area whose id is in `column` lies in the scope. */
export function inScope(scope: Scope, column: string | RawBuilder<unknown>): RawBuilder<SqlBool> {
  const { path } = scope
  return sql<SqlBool>`${reference(column)} in
    (select id from areas where substr(path, 1, ${path.length}) = ${path})`
}

/** SQL condition: the area whose id is in `column` is `areaId` or lies below it. */
export function underArea(areaId: string, column: string | RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`${reference(column)} in
    (select below.id from areas as below inner join areas as top
      on substr(below.path, 1, length(top.path)) = top.path where top.id = ${areaId})`
}

const reference = (column: string | RawBuilder<unknown>): RawBuilder<unknown> =>
  typeof column === 'string' ? sql.ref(column) : column

/**
 * The path of a live area in the scope, for rows that are to hang on it.
 * @throws HubError BAD_REQUEST when there is no such area or it is not the account's.
 */
export async function requireArea(
  db: Db,
  { scope, areaId, field = 'areaId' }: { scope: Scope; areaId: string; field?: string },
): Promise<string> {
  const area = await db
    .selectFrom('areas')
    .select('path')
    .where('id', '=', areaId)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()
  if (area && covers(scope, area.path)) return area.path
  throw badField(field, `there is no area ${areaId}`, 'not_found')
}

/**
 * The area of a live resident in the scope, for rows that are to belong to them.
 * @throws HubError BAD_REQUEST when there is no such resident or they are not the account's.
 */
export async function requireResident(
  db: Db,
  { scope, residentId }: { scope: Scope; residentId: string },
): Promise<{ areaId: string }> {
  const resident = await db
    .selectFrom('residents')
    .select('areaId')
    .where('id', '=', residentId)
    .where('archivedAt', 'is', null)
    .where(inScope(scope, 'areaId'))
    .executeTakeFirst()
  if (resident) return resident
  throw badField('residentId', `there is no resident ${residentId}`, 'not_found')
}

/** A refusal that names the field which is wrong, for people and, by its reason, for programs. */
export const badField = (path: string, message: string, reason: RefusalReason): HubError =>
  new HubError('BAD_REQUEST', message, { errors: [{ path, message, reason }] })
