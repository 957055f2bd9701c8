// The procedure that the work on an alarm began with, and the steps of it that are done.

import type { AlarmProcedure, Procedure, Step } from '../model/procedure.ts'
import type { Db, Tx } from './db.ts'
import { type About, procedureFor } from './procedures.ts'
import type { Row } from './schema.ts'

/** Keeps a procedure for an alarm as it is now. One that was kept before stays. */
export async function keepProcedure(
  tx: Tx,
  { incidentId, procedure, at }: { incidentId: string; procedure: Procedure; at: number },
): Promise<void> {
  const { id: procedureId, version, name, steps } = procedure
  await tx
    .insertInto('begunProcedures')
    .values({ incidentId, procedureId, version, name, stepsJson: JSON.stringify(steps), begunAt: at })
    .onConflict(conflict => conflict.column('incidentId').doNothing())
    .execute()
}

export const isBegun = async (db: Db, incidentId: string): Promise<boolean> =>
  (await begunRow(db, incidentId)) !== undefined

/** The steps that an alarm began with; undefined when there is no procedure for it. */
export async function begunSteps(db: Db, incidentId: string): Promise<Step[] | undefined> {
  const row = await begunRow(db, incidentId)
  return row && (JSON.parse(row.stepsJson) as Step[])
}

const begunRow = (db: Db, incidentId: string): Promise<Row<'begunProcedures'> | undefined> =>
  db.selectFrom('begunProcedures').selectAll().where('incidentId', '=', incidentId).executeTakeFirst()

/** Adds a tick; false when there was one. */
export async function addTick(tx: Tx, tick: Row<'ticks'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('ticks')
    .values(tick)
    .onConflict(conflict => conflict.columns(['incidentId', 'stepId']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Takes a tick away; false when there was none. */
export async function removeTick(
  tx: Tx,
  { incidentId, stepId }: Pick<Row<'ticks'>, 'incidentId' | 'stepId'>,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('ticks')
    .where('incidentId', '=', incidentId)
    .where('stepId', '=', stepId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** What an alarm's file shows: the procedure that it began with, or the one that it would begin with now. */
export async function procedureOf(
  db: Db,
  { incidentId, about }: { incidentId: string; about: About },
): Promise<AlarmProcedure | null> {
  const begun = await begunRow(db, incidentId)
  if (begun) return withTicks(db, begun)
  const procedure = await procedureFor(db, about)
  if (!procedure) return null
  const { id, version, name } = procedure
  const steps = procedure.steps.map(step => ({ ...step, tickedAt: null, tickedBy: null }))
  return { id, version, name, begunAt: null, steps }
}

async function withTicks(
  db: Db,
  { incidentId, procedureId: id, version, name, stepsJson, begunAt }: Row<'begunProcedures'>,
): Promise<AlarmProcedure> {
  const ticks = await db
    .selectFrom('ticks')
    .leftJoin('users', 'users.id', 'ticks.byUserId')
    .select(['ticks.stepId', 'ticks.at', 'ticks.byUserId', 'users.name'])
    .where('incidentId', '=', incidentId)
    .execute()
  const byStep = new Map(ticks.map(tick => [tick.stepId, tick]))
  const steps = (JSON.parse(stepsJson) as Step[]).map(step => {
    const tick = byStep.get(step.id)
    const tickedBy = tick ? { id: tick.byUserId, name: tick.name ?? tick.byUserId } : null
    return { ...step, tickedAt: tick?.at ?? null, tickedBy }
  })
  return { id, version, name, begunAt, steps }
}
