// The edge where reports of a switch come in: numbers, times, names and links that cannot be are refused by name, before
// anything is written.

import type { CallReport } from '../model/call.ts'
import { type Country, NUMBER_FAULTS, readNumber } from '../model/phone.ts'
import type { Db } from '../records/db.ts'
import { badField, covers, type Scope } from '../records/scope.ts'
import { areaPaths } from '../records/subjects.ts'
import { findLogin } from '../records/users.ts'
import type { Party, ReadReport } from './call-merge.ts'

/** A clock that is ahead by no more is one that nobody has set: the call counts, and the hub's clock with it. */
export const AHEAD_AT_MOST_MS = 24 * 3_600_000
/** A switch that was cut off reports what it kept. */
export const BEHIND_AT_MOST_MS = 7 * 24 * 3_600_000
/** Who answers calls at a desk. */
const DESK: ReadonlySet<string> = new Set(['operator', 'supervisor', 'admin'])

export type ReadSettings = {
  country: Country
  /** Host, with its port if it has one, of recordings; undefined: links are not kept. */
  recordingsHost: string | undefined
}

/** Reads a report. @throws HubError BAD_REQUEST that names the field. */
export async function readReport(
  db: Db,
  report: CallReport,
  { scope, now, country, recordingsHost }: ReadSettings & { scope: Scope; now: number },
): Promise<ReadReport> {
  const { callId, state, direction, operator } = report
  return {
    callId,
    state,
    direction,
    from: partyOf('from', report.from, country),
    to: partyOf('to', report.to, country),
    at: timeOf(report.at, now),
    receivedAt: now,
    recordingUrl: recordingOf(report.recordingUrl, recordingsHost),
    operatorId: operator === undefined ? undefined : await operatorOf(db, { operator, scope }),
  }
}

function partyOf(field: string, text: string | null | undefined, country: Country): Party | undefined {
  if (text === undefined) return undefined
  const read = readNumber(text, country)
  if ('refused' in read) throw badField(field, NUMBER_FAULTS[read.refused], 'invalid_format')
  return 'number' in read ? { text, number: read.number } : { text: null, number: null }
}

function timeOf(at: number | undefined, now: number): number {
  if (at === undefined) return now
  if (at > now + AHEAD_AT_MOST_MS)
    throw badField('at', 'this time is more than a day ahead of the hub', 'in_future')
  if (at < now - BEHIND_AT_MOST_MS) throw badField('at', 'this time is more than a week ago', 'too_long_ago')
  return Math.min(at, now)
}

/** A link goes to people's browsers: it leads to the switch's own recordings, or nowhere. */
export function recordingOf(text: string | undefined, host: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const isPlain = url !== null && url.protocol === 'https:' && url.username === '' && url.password === ''
  if (!isPlain)
    throw badField('recordingUrl', 'a recording is an https URL without a login', 'invalid_format')
  if (host === undefined) return undefined
  if (url.host !== host.toLowerCase())
    throw badField('recordingUrl', `recordings are at ${host} (RECORDINGS_HOST)`, 'other_host')
  return url.href
}

async function operatorOf(db: Db, { operator, scope }: { operator: string; scope: Scope }): Promise<string> {
  const login = await findLogin(db, { username: operator })
  const path = login && (await areaPaths(db, [login.user.areaId])).get(login.user.areaId)
  const isNear = path !== undefined && (covers(scope, path) || covers({ path }, scope.path))
  if (login && isNear && DESK.has(login.user.role)) return login.user.id
  throw badField('operator', `there is no operator ${operator}`, 'not_found')
}
