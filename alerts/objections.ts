// What a request lacks, or why it comes too late: asked after the lifecycle has allowed the action.

import type { Action, Work } from '../model/incident.ts'
import type { Incident } from '../records/casework.ts'
import { lastSeq, type Tx } from '../records/db.ts'
import { lastFindingSeq, lastSeenSeq } from '../records/entries.ts'
import type { Handled, HandleRequest } from './handle.ts'

/** A resolved alarm can be taken up again for a day; after that it is history. */
export const REOPEN_WITHIN_MS = 24 * 3_600_000

type Given = { request: HandleRequest; incident: Incident; now: number }

/** Why it cannot be done; null when it can. */
export const objectionTo = async (tx: Tx, given: Given): Promise<Handled | null> =>
  lacking(given) ?? tooLate(given) ?? (await unseenFinding(tx, given.request))

/** What each action needs, and what is said when it is not there. */
const NEEDS: Partial<Record<Action | Work, { has: (given: Given) => boolean; else: string }>> = {
  resolve: {
    has: ({ request, incident }) => request.disposition !== undefined || incident.class === 'technical',
    else: 'a disposition is needed to resolve this alarm',
  },
  note: { has: ({ request }) => Boolean(request.text?.trim()), else: 'a note needs a text' },
  hand_over: {
    has: ({ request }) => request.service !== undefined,
    else: 'a hand-over names the service: 120, 110 or 119',
  },
  call: {
    has: ({ request }) => request.whom !== undefined && request.outcome !== undefined,
    else: 'a call names whom, and what came of it',
  },
  tick: { has: ({ request }) => request.stepId !== undefined, else: 'a tick names its step' },
  untick: { has: ({ request }) => request.stepId !== undefined, else: 'a tick names its step' },
}

function lacking(given: Given): Handled | null {
  const need = NEEDS[given.request.action]
  return need && !need.has(given) ? { ok: false, code: 'BAD_REQUEST', detail: need.else } : null
}

function tooLate({ request: { action }, incident, now }: Given): Handled | null {
  if (action !== 'reopen' || now - (incident.resolvedAt ?? 0) <= REOPEN_WITHIN_MS) return null
  const detail = 'the day in which it could be reopened is over'
  return { ok: false, code: 'ALARM_STATE', state: incident.state, detail }
}

const endsIt = (action: Action | Work): boolean => action === 'resolve' || action === 'close'

/**
 * Nobody ends an alarm over a finding that they have not seen. Without `seenSeq` they have seen what their own
 * entries show for certain (docs/decisions/0011).
 */
async function unseenFinding(tx: Tx, { id, action, by, seenSeq }: HandleRequest): Promise<Handled | null> {
  if (!endsIt(action)) return null
  const newest = await lastSeq(tx, 'feed')
  if (seenSeq !== undefined && seenSeq > newest) {
    const detail = `nobody has seen ${seenSeq}: the newest place of the feed is ${newest}`
    return { ok: false, code: 'BAD_REQUEST', detail }
  }
  const seen = seenSeq ?? (await lastSeenSeq(tx, { incidentId: id, userId: by.userId }))
  const seq = await lastFindingSeq(tx, id)
  return seq > seen ? { ok: false, code: 'ALARM_CHANGED', seq } : null
}
