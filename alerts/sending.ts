// Who is sent, who is there, and who is not needed any more: what an action on an alarm means for its dispatches.

import type { Dispatch } from '../model/dispatch.ts'
import { newId } from '../model/id.ts'
import type { Tx } from '../records/db.ts'
import {
  addDispatch,
  changeDispatches,
  pendingDispatches,
  respondersFor,
  type StoredDispatch,
} from '../records/dispatches.ts'
import type { Part, PartGiven } from './parts.ts'

/** Asks a responder; somebody without an account is on the way as soon as it is said. */
export async function sendSomebody(tx: Tx, { request, incident, now }: PartGiven): Promise<Part> {
  const { responderId, by } = request
  const note = (request.note ?? request.text)?.trim() || null
  const [responder] =
    responderId === undefined ? [] : await respondersFor(tx, { areaId: incident.areaId, responderId })
  if (responderId !== undefined && !responder)
    return { refused: `there is no responder ${responderId} who may be sent there` }
  const pending = await pendingDispatches(tx, incident.id)
  if (responder && pending.some(one => one.responderId === responder.id))
    return { refused: `${responder.name} is sent there already` }
  const id = newId('dispatch')
  const row: StoredDispatch = {
    id,
    incidentId: incident.id,
    responderId: responder?.id ?? null,
    state: responder ? 'asked' : 'on_the_way',
    note,
    reply: null,
    askedBy: by.userId,
    askedAt: now,
    acceptedAt: null,
    declinedAt: null,
    onTheWayAt: responder ? null : now,
    arrivedAt: null,
    calledOffAt: null,
  }
  const who: Dispatch['responder'] | undefined = responder && { id: responder.id, name: responder.name }
  return {
    detail: { dispatchId: id, responder: who, text: note ?? undefined },
    write: () => addDispatch(tx, row),
  }
}

/** Whose arrival it is: the own one of who says it, else that of the only one who is awaited. */
export async function somebodyArrives(tx: Tx, { request, incident, now }: PartGiven): Promise<Part> {
  const pending = await pendingDispatches(tx, incident.id)
  const own = pending.find(({ responderId }) => responderId === request.by.userId)
  const [only, ...others] = pending
  const isTheirs = request.by.role !== 'responder' || only?.responderId === null
  const arrived = own ?? (others.length === 0 && isTheirs ? only : undefined)
  if (!arrived) return {}
  return {
    detail: { dispatchId: arrived.id },
    write: () => changeDispatches(tx, [arrived.id], { state: 'arrived', arrivedAt: now }),
  }
}

/** The alarm is over: whoever is still to come need not. */
export async function callAllOff(tx: Tx, { incident, now }: PartGiven): Promise<Part> {
  const ids = (await pendingDispatches(tx, incident.id)).map(({ id }) => id)
  if (ids.length === 0) return {}
  return {
    detail: { calledOff: ids },
    write: () => changeDispatches(tx, ids, { state: 'called_off', calledOffAt: now }),
  }
}
