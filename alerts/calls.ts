// What the switch reports of calls and what the desk does with them, each one transaction of the desk: of two operators
// who take a call exactly one has it, and what belongs to an alarm stands on its timeline with the same commit.

import type { CallReport, SeenCall } from '../model/call.ts'
import { HubError } from '../model/error.ts'
import { newId } from '../model/id.ts'
import type { Alarm } from '../model/incident.ts'
import type { Clock } from '../model/time.ts'
import {
  callById,
  callRow,
  changeCall,
  insertCall,
  OPEN_AT_MOST_MS,
  ownCall,
  type StoredCall,
  seenBy,
  sightCalls,
  storedCall,
  toCall,
  type Viewer,
} from '../records/calls.ts'
import { type Records, type Tx, writeDesk } from '../records/db.ts'
import { appendTimeline, type NewEntry } from '../records/entries.ts'
import { countryOf } from '../records/numbers.ts'
import { requireResident, type Scope } from '../records/scope.ts'
import { raiseFromCall } from './call-alarm.ts'
import { calledEntry, joinCall, partiesOf } from './call-join.ts'
import { MERGE_REFUSALS, type Merged, mergeReport, whyNotTake } from './call-merge.ts'
import { readReport } from './call-read.ts'

/** The account of a switch. */
export type Switch = { accountId: string; areaId: string; scope: Scope }

export type ReportDone = {
  ok: true
  /** As the switch calls it, and as the hub does. */
  callId: string
  id: string
  state: SeenCall['call']['state']
  /** Nothing of it was new. */
  isRepeated: boolean
  owner: { id: string; name: string } | null
  alarmId: string | null
}

export type CallRequest = Viewer & {
  id: string
  /** Whom it is about, as the caller says; null: nobody of those whose number it is. */
  residentId?: string | null | undefined
}
export type CallDone =
  | { ok: true; seen: SeenCall }
  | { ok: false; code: 'CALL_TAKEN'; owner: { id: string; name: string } }
  | { ok: false; code: 'NOT_FOUND' | 'CONFLICT'; detail: string }

export type CallDesk = {
  /** Takes a report. @throws HubError BAD_REQUEST with the field that is wrong, CONFLICT for what cannot be. */
  report(report: CallReport, by: Switch): Promise<ReportDone>
  /** Makes a call somebody's. @throws HubError BAD_REQUEST for a resident whom it cannot be about. */
  take(request: CallRequest): Promise<CallDone>
  /** Raises an emergency about a call. @throws as above. */
  raise(
    request: CallRequest & { kind: 'sos'; text?: string | undefined },
  ): Promise<CallDone & { alarm?: Alarm }>
}

export function openCallDesk({
  records,
  clock,
  recordingsHost,
}: {
  records: Records
  clock: Clock
  recordingsHost?: string | undefined
}): CallDesk {
  const tell = (entries: number): void => {
    records.nudge.publish('calls')
    if (entries > 0) records.nudge.publish('feed')
  }
  return {
    async report(report, by) {
      const now = clock.now()
      const { entries, ...done } = await writeDesk(records, async tx => {
        const country = await countryOf(tx)
        const read = await readReport(tx, report, { scope: by.scope, now, country, recordingsHost })
        const { accountId, areaId } = by
        const known = await storedCall(tx, { accountId, callId: read.callId })
        const merged = mergeReport(known, read, { id: newId('call'), accountId, areaId })
        if ('refused' in merged) throw new HubError('CONFLICT', MERGE_REFUSALS[merged.refused])
        return writeReport(tx, { known, merged, now })
      })
      if (!done.isRepeated) tell(entries)
      return done
    },
    async take(request) {
      const now = clock.now()
      const { entries, done } = await writeDesk(records, tx => takeCall(tx, { request, now }))
      if (done.ok) tell(entries)
      return done
    },
    async raise(request) {
      const now = clock.now()
      const done = await writeDesk(records, async tx => {
        const found = await requireCall(tx, request)
        if ('ok' in found) return found
        const alarm = await raiseFromCall(tx, { call: found.stored, seen: found.seen, request, now })
        return { ok: true as const, seen: await requireSeen(tx, request), alarm }
      })
      if (done.ok) tell(1)
      return done
    },
  }
}

async function writeReport(
  tx: Tx,
  { known, merged, now }: { known: StoredCall | undefined; merged: Merged; now: number },
): Promise<ReportDone & { entries: number }> {
  const { news } = merged
  const isRepeated = known !== undefined && !Object.values(news).includes(true)
  const entries: NewEntry[] = []
  let { call } = merged
  if (!isRepeated) {
    const { id, ...columns } = call
    await (known ? changeCall(tx, id, columns) : insertCall(tx, call))
    if (call.incidentId !== null) entries.push(...(await newsEntries(tx, { call, news, now })))
    else if (now - call.startedAt < OPEN_AT_MOST_MS) {
      const joined = await joinCall(tx, { call, now })
      call = joined.call
      entries.push(...joined.entries)
    }
    await appendTimeline(tx, entries)
  }
  const row = await callRow(tx, call.id)
  if (!row) throw new HubError('INTERNAL', 'a call that was just written is gone', { id: call.id })
  const { callId, id, state, owner = null, alarmId } = toCall(row)
  return { ok: true, callId, id, state, isRepeated, owner, alarmId, entries: entries.length }
}

/** The timeline only grows: what became of a call on it is said by one more entry. */
async function newsEntries(
  tx: Tx,
  { call, news, now }: { call: StoredCall; news: Merged['news']; now: number },
): Promise<NewEntry[]> {
  if (!news.state && !news.recording) return []
  const parties = await partiesOf(tx, call)
  const party = parties.find(({ subject }) => subject.id === call.residentId) ?? parties[0]
  return [calledEntry(call, { now, party, isRecording: news.recording })]
}

type Taken = { entries: number; done: CallDone }

async function takeCall(tx: Tx, { request, now }: { request: CallRequest; now: number }): Promise<Taken> {
  const found = await requireCall(tx, request)
  if ('ok' in found) return { entries: 0, done: found }
  const { stored, seen } = found
  const { userId, id, residentId, scope } = request
  if (residentId) await requireResident(tx, { scope, residentId })
  const { owner } = seen.call
  if (owner && owner.id !== userId) return { entries: 0, done: { ok: false, code: 'CALL_TAKEN', owner } }
  const why = whyNotTake(stored)
  if (why !== undefined && !owner) return { entries: 0, done: { ok: false, code: 'CONFLICT', detail: why } }
  if (!owner && !(await ownCall(tx, { id, userId, at: now })))
    throw new HubError('UNAVAILABLE', 'somebody else writes this call, try again', { id })
  const chosen = { ...stored, ownerId: userId, residentId: residentId ?? stored.residentId }
  if (chosen.residentId !== stored.residentId)
    await changeCall(tx, id, { residentId: chosen.residentId, changedAt: now })
  const { entries } = stored.incidentId === null ? await joinCall(tx, { call: chosen, now }) : { entries: [] }
  await appendTimeline(tx, entries)
  return { entries: entries.length, done: { ok: true, seen: await requireSeen(tx, request) } }
}

type Found = { stored: StoredCall; seen: SeenCall }

async function requireCall(
  tx: Tx,
  { id, scope, userId }: CallRequest,
): Promise<Found | (CallDone & { ok: false })> {
  const [stored, row] = [await callById(tx, id), await callRow(tx, id)]
  const [sighted] = row ? await sightCalls(tx, [row]) : []
  const seen = sighted && seenBy(sighted, { scope, userId })
  if (stored && seen) return { stored, seen }
  return { ok: false, code: 'NOT_FOUND', detail: `there is no call ${id}` }
}

async function requireSeen(tx: Tx, request: CallRequest): Promise<SeenCall> {
  const found = await requireCall(tx, request)
  if ('seen' in found) return found.seen
  throw new HubError('INTERNAL', 'a call that was just changed is gone', { id: request.id })
}
