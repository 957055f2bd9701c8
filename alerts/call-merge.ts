// What a report of the switch makes of a call (pure): reports come twice, late and in any order, and mean the same then.

import { type CallDirection, type CallState, callStateOf } from '../model/call.ts'
import type { StoredCall } from '../records/calls.ts'

/** A report that was read: numbers in one form, names looked up. */
export type ReadReport = {
  callId: string
  state: CallState
  /** Undefined: as it was said before, else `in`. */
  direction: CallDirection | undefined
  from: Party | undefined
  to: Party | undefined
  /** When it happened. */
  at: number
  receivedAt: number
  /** Id of the account that the switch names. */
  operatorId: string | undefined
  recordingUrl: string | undefined
}
/** `number` is null when it is withheld. */
export type Party = { text: string | null; number: string | null }

export const MERGE_REFUSALS = {
  other_number: 'this call was reported with another number: give each call an id of its own',
  other_direction: 'this call was reported with the other direction: give each call an id of its own',
  answered_before: 'this call was answered, so it was not missed',
} as const
export type MergeRefusal = keyof typeof MERGE_REFUSALS

export type Merged = {
  call: StoredCall
  /** What was not known before. Without any of it the report is a repetition. */
  news: { state: boolean; recording: boolean; number: boolean; owner: boolean }
}

const AT = {
  ringing: 'ringingAt',
  answered: 'answeredAt',
  ended: 'endedAt',
  missed: 'missedAt',
} as const satisfies Record<CallState, keyof StoredCall>

/** `fresh` is the row of a call that is not known yet. */
export function mergeReport(
  known: StoredCall | undefined,
  report: ReadReport,
  fresh: Pick<StoredCall, 'id' | 'accountId' | 'areaId'>,
): Merged | { refused: MergeRefusal } {
  const before = known ?? firstOf(report, fresh)
  const { direction } = before
  if (report.direction !== undefined && report.direction !== direction) return { refused: 'other_direction' }
  const party = direction === 'in' ? report.from : report.to
  const number = party?.number ?? null
  if (before.number !== null && number !== null && number !== before.number)
    return { refused: 'other_number' }
  if (report.state === 'missed' && before.answeredAt !== null) return { refused: 'answered_before' }

  const column = AT[report.state]
  const news = {
    state: before[column] === null,
    recording: before.recordingUrl === null && report.recordingUrl !== undefined,
    number: before.number === null && number !== null,
    owner: before.ownerId === null && report.operatorId !== undefined && isTheirs(direction, report.state),
  }
  return { call: withReport(before, { report, column, number, news }), news }
}

/** Whose telephone rings has not answered yet. */
const isTheirs = (direction: CallDirection, state: CallState): boolean =>
  direction === 'out' || state === 'answered' || state === 'ended'

function withReport(
  before: StoredCall,
  {
    report,
    column,
    number,
    news,
  }: { report: ReadReport; column: (typeof AT)[CallState]; number: string | null; news: Merged['news'] },
): StoredCall {
  const { at, receivedAt, from, to, operatorId, recordingUrl } = report
  const isNews = Object.values(news).includes(true)
  return {
    ...before,
    fromText: before.fromText ?? from?.text ?? null,
    toText: before.toText ?? to?.text ?? null,
    number: before.number ?? number,
    startedAt: Math.min(before.startedAt, at),
    [column]: before[column] ?? at,
    changedAt: isNews ? receivedAt : before.changedAt,
    ownerId: news.owner ? (operatorId ?? null) : before.ownerId,
    recordingUrl: before.recordingUrl ?? recordingUrl ?? null,
  }
}

const firstOf = (
  { callId, direction = 'in', at, receivedAt }: ReadReport,
  fresh: Pick<StoredCall, 'id' | 'accountId' | 'areaId'>,
): StoredCall => ({
  ...fresh,
  callId,
  direction,
  fromText: null,
  toText: null,
  number: null,
  startedAt: at,
  ringingAt: null,
  answeredAt: null,
  endedAt: null,
  missedAt: null,
  changedAt: receivedAt,
  ownerId: null,
  residentId: null,
  incidentId: null,
  recordingUrl: null,
})

/** Why a call cannot be taken any more; undefined when it can. A missed one is taken to call back. */
export function whyNotTake(call: StoredCall): string | undefined {
  return callStateOf(call) === 'ended' ? 'this call is over' : undefined
}
