// What an action writes beside the alarm's own row, and what it says of that on the timeline: one function an action.
// They run in its transaction, after the lifecycle has allowed it.

import type { Action, Work } from '../model/incident.ts'
import type { Incident } from '../records/casework.ts'
import type { Tx } from '../records/db.ts'
import type { HandleRequest } from './handle.ts'
import { beginProcedure, tickStep } from './procedure.ts'
import { callAllOff, sendSomebody, somebodyArrives } from './sending.ts'

export type PartGiven = { request: HandleRequest; incident: Incident; now: number }

/** Parts that refuse, or find everything as it should be, have written nothing that anybody could see. */
export type Part =
  | { detail?: Record<string, unknown>; write?: () => Promise<void> }
  | { refused: string }
  /** It is so already: nothing is written. */
  | { isSame: true }

const PARTS: Partial<Record<Action | Work, (tx: Tx, given: PartGiven) => Promise<Part> | Part>> = {
  accept: beginProcedure,
  takeover: beginProcedure,
  reopen: beginProcedure,
  dispatch: sendSomebody,
  arrive: somebodyArrives,
  resolve: callAllOff,
  hand_over: (_, { request: { service, reference } }) => ({
    detail: { service, reference: reference?.trim() || undefined },
  }),
  call: (_, { request: { whom, contactId, outcome } }) => ({ detail: { whom, contactId, outcome } }),
  tick: tickStep,
  untick: tickStep,
}

export const partOf = async (tx: Tx, given: PartGiven): Promise<Part> =>
  (await PARTS[given.request.action]?.(tx, given)) ?? {}
