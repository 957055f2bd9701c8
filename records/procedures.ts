// Procedures (预案): what is to be done when an elder, or anybody in an area, is in need.

import { type RawBuilder, sql } from 'kysely'
import { HubError } from '../model/error.ts'
import type { FindingKind } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import type { Procedure, Step } from '../model/procedure.ts'
import type { Db, Records, Tx } from './db.ts'
import { type Page, type PageRequest, pagesOf } from './page.ts'
import { type Change, given, writeRegistry } from './registry.ts'
import type { Row } from './schema.ts'
import { badField, inScope, requireArea, requireResident, type Scope } from './scope.ts'

/** A step without an id is a new one. */
export type NewStep = { id?: string | undefined; text: string }
type Given = Pick<Procedure, 'name' | 'residentId' | 'areaId' | 'kind'> & { steps: readonly NewStep[] }
export type NewProcedure = Given & { id?: string | undefined }
/** Whom it is for stays: another one is another procedure. */
export type ProcedureChange = Change<Pick<Given, 'name' | 'kind' | 'steps'>>
export type ProcedureFilter = {
  scope: Scope
  residentId?: string | undefined
  areaId?: string | undefined
  kind?: FindingKind | undefined
}

/** Live procedures of the scope, by name. `areaId` and `residentId` find those of just these. */
export async function listProcedures(
  db: Db,
  { scope, residentId, areaId, kind, cursor, limit }: ProcedureFilter & PageRequest,
): Promise<Page<Procedure>> {
  const order = ['procedures.name', 'procedures.id']
  const pages = pagesOf({ name: 'procedures', order, filter: { residentId, areaId, kind } })
  let query = liveIn(db, scope).where(pages.after(cursor))
  if (residentId !== undefined) query = query.where('procedures.residentId', '=', residentId)
  if (areaId !== undefined) query = query.where('procedures.areaId', '=', areaId)
  if (kind !== undefined) query = query.where('procedures.kind', '=', kind)
  const rows = await query
    .orderBy('procedures.name')
    .orderBy('procedures.id')
    .limit(limit + 1)
    .execute()
  return pages.cut(rows, { limit, keyOf: row => [row.name, row.id], toItem: toProcedure })
}

/** A live procedure of the scope. */
export async function getProcedure(
  db: Db,
  { scope, id }: { scope: Scope; id: string },
): Promise<Procedure | undefined> {
  const row = await liveIn(db, scope).where('procedures.id', '=', id).executeTakeFirst()
  return row && toProcedure(row)
}

/** @throws HubError BAD_REQUEST for an owner that is not there, CONFLICT when there is one for the same already. */
export function createProcedure(
  records: Records,
  { scope, procedure, at }: { scope: Scope; procedure: NewProcedure; at: number },
) {
  return writeRegistry(records, async (tx): Promise<Procedure> => {
    const { id = newId('procedure'), steps, ...rest } = procedure
    await checkOwner(tx, { scope, ...rest })
    const whole: Procedure = { id, ...rest, steps: named(steps), version: 1, changedAt: at }
    await tx
      .insertInto('procedures')
      .values({ ...toRow(whole), archivedAt: null })
      .execute()
    return whole
  })
}

/** A new version of it; alarms that began with an older one keep that. @throws HubError NOT_FOUND, BAD_REQUEST, CONFLICT. */
export function updateProcedure(
  records: Records,
  { scope, id, change, at }: { scope: Scope; id: string; change: ProcedureChange; at: number },
) {
  return writeRegistry(records, async (tx): Promise<Procedure> => {
    const procedure = await getProcedure(tx, { scope, id })
    if (!procedure) throw noProcedure(id)
    const { steps, ...fields } = change
    const next: Procedure = {
      ...procedure,
      ...given(fields),
      steps: steps === undefined ? procedure.steps : named(steps),
      version: procedure.version + 1,
      changedAt: at,
    }
    await tx.updateTable('procedures').set(toRow(next)).where('id', '=', id).execute()
    return next
  })
}

/** @throws HubError NOT_FOUND */
export function archiveProcedure(
  records: Records,
  { scope, id, at }: { scope: Scope; id: string; at: number },
) {
  return writeRegistry(records, async (tx): Promise<void> => {
    if (!(await getProcedure(tx, { scope, id }))) throw noProcedure(id)
    await tx.updateTable('procedures').set({ archivedAt: at }).where('id', '=', id).execute()
  })
}

/** Whom it is for: an elder, or whoever the finding is about, in the area where the alarm is. */
export type About = { residentId: string | null; areaId: string; kind: FindingKind }

/**
 * The procedure that holds: the elder's own, else that of the nearest area; of two of the same owner the one for just
 * this kind.
 */
export async function procedureFor(
  db: Db,
  { residentId, areaId, kind }: About,
): Promise<Procedure | undefined> {
  const row = await db
    .selectFrom('procedures')
    .leftJoin('areas as own', 'own.id', 'procedures.areaId')
    .leftJoin('areas as its', join => join.on('its.id', '=', areaId))
    .selectAll('procedures')
    .where('procedures.archivedAt', 'is', null)
    .where(e => e.or([e('procedures.kind', 'is', null), e('procedures.kind', '=', kind)]))
    .where(e => {
      const ofArea = sql<boolean>`substr(${sql.ref('its.path')}, 1, length(${sql.ref('own.path')})) = ${sql.ref('own.path')}`
      return residentId === null ? ofArea : e.or([e('procedures.residentId', '=', residentId), ofArea])
    })
    .orderBy(sql`case when ${sql.ref('procedures.residentId')} is null then 1 else 0 end`)
    .orderBy(sql`coalesce(length(${sql.ref('own.path')}), 0)`, 'desc')
    .orderBy(sql`case when ${sql.ref('procedures.kind')} is null then 1 else 0 end`)
    .limit(1)
    .executeTakeFirst()
  return row && toProcedure(row)
}

async function checkOwner(
  tx: Tx,
  { scope, residentId, areaId }: { scope: Scope } & Pick<Procedure, 'residentId' | 'areaId'>,
): Promise<void> {
  if ((residentId === null) === (areaId === null))
    throw badField('residentId', 'a procedure belongs to exactly one of residentId and areaId', 'exactly_one')
  if (residentId !== null) await requireResident(tx, { scope, residentId })
  if (areaId !== null) await requireArea(tx, { scope, areaId })
}

/** Ticks go by these ids: a step keeps its own, and no two have the same. */
function named(steps: readonly NewStep[]): Step[] {
  const ids = steps.flatMap(({ id }) => id ?? [])
  if (new Set(ids).size !== ids.length) throw badField('steps', 'two steps have the same id', 'repeated')
  return steps.map(({ id = newId('step'), text }) => ({ id, text }))
}

const noProcedure = (id: string): HubError => new HubError('NOT_FOUND', `there is no procedure ${id}`)

const liveIn = (db: Db, scope: Scope) =>
  db
    .selectFrom('procedures')
    .leftJoin('residents', 'residents.id', 'procedures.residentId')
    .selectAll('procedures')
    .where('procedures.archivedAt', 'is', null)
    .where(inScope(scope, AREA))

/** Where a procedure belongs: its own area, or that of its elder. */
const AREA: RawBuilder<string> = sql`coalesce(${sql.ref('procedures.areaId')}, ${sql.ref('residents.areaId')})`

const toProcedure = ({ stepsJson, archivedAt: _, ...rest }: Row<'procedures'>): Procedure => ({
  ...rest,
  steps: JSON.parse(stepsJson) as Step[],
})

const toRow = ({ steps, ...rest }: Procedure) => ({ ...rest, stepsJson: JSON.stringify(steps) })
