// The procedure of an alarm (预案): kept as it is when the work begins, so that it does not change under anybody's
// hands, and ticked off step by step.

import { addTick, begunSteps, isBegun, keepProcedure, removeTick } from '../records/begun.ts'
import type { Incident } from '../records/casework.ts'
import type { Db, Tx } from '../records/db.ts'
import { type About, procedureFor } from '../records/procedures.ts'
import type { Part, PartGiven } from './parts.ts'

type Whose = Pick<Incident, 'subjectType' | 'subjectId' | 'areaId' | 'kind'>

/** Whom a procedure for this alarm is for. */
export const aboutOf = ({ subjectType, subjectId, areaId, kind }: Whose): About => ({
  residentId: subjectType === 'resident' ? subjectId : null,
  areaId,
  kind,
})

/** Work begins: what is to be done stands from now on. */
export async function beginProcedure(tx: Tx, { incident, now }: Pick<PartGiven, 'incident' | 'now'>) {
  const kept = await keepIfNew(tx, incident, now)
  return kept === undefined ? {} : { detail: { procedure: kept } }
}

/** Returns what was kept just now: the procedure and its version. */
async function keepIfNew(
  tx: Tx,
  incident: Incident,
  at: number,
): Promise<{ id: string; version: number } | undefined> {
  const procedure = await procedureFor(tx, aboutOf(incident))
  if (!procedure || (await isBegun(tx, incident.id))) return undefined
  await keepProcedure(tx, { incidentId: incident.id, procedure, at })
  return { id: procedure.id, version: procedure.version }
}

/** A tick that is there already, or is not, is no mistake: it changes nothing. */
export async function tickStep(tx: Tx, { request, incident, now }: PartGiven): Promise<Part> {
  const incidentId = incident.id
  // It may have been written after the work began.
  await keepIfNew(tx, incident, now)
  const step = (await stepsOf(tx, incidentId)).find(({ id }) => id === request.stepId)
  if (!step) return { refused: `the procedure of this alarm has no step ${request.stepId}` }
  const tick = { incidentId, stepId: step.id, at: now, byUserId: request.by.userId }
  const isNews = request.action === 'tick' ? await addTick(tx, tick) : await removeTick(tx, tick)
  if (!isNews) return { isSame: true }
  return { detail: { stepId: step.id, step: step.text } }
}

const stepsOf = async (db: Db, incidentId: string) => (await begunSteps(db, incidentId)) ?? []
