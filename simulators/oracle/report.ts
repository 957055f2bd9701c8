// The oracle's report: counts, delays and the list of what went wrong, for people and for programs. Pure.

import type { FleetCounts } from '../fleet.ts'
import type { Judgement, Outcome, Sighting, Verdict } from './judge.ts'

export type Delays = { p50: number; p99: number; max: number }
type Tally = {
  expected: number
  onTime: number
  late: number
  doubled: number
  missing: number
  pending: number
}

export type Report = Tally & {
  /** No expected alarm was missing or doubled. */
  ok: boolean
  unexpected: number
  /** From a pressed key to the feed; absent when no key was pressed. */
  keyDelaysMs: Delays | null
  byKind: Record<string, Tally & { delaysMs: Delays | null }>
  /** Keys that the hub had acknowledged and that did not come. */
  acknowledgedAndMissing: number
  wrong: readonly Wrong[]
  fleet: FleetCounts
}

export type Wrong = {
  outcome: Exclude<Outcome, 'on_time' | 'pending'> | 'unexpected'
  deviceId: string
  kind: string
  eventId?: string
  /** Whether the hub had acknowledged the key. */
  acknowledged?: boolean
  seqs: number[]
  delayMs?: number
}

/** Longer lists are cut; the counts are whole. */
const MOST_LISTED = 200
const MOST_LINES = 20
const GRAVEST_FIRST: readonly Wrong['outcome'][] = ['missing', 'doubled', 'unexpected', 'late']

/** Sums up a judgement. `acked` holds the ids of events that the hub acknowledged. */
export function reportOn(
  { verdicts, unexpected }: Judgement,
  { fleet, acked }: { fleet: FleetCounts; acked: ReadonlySet<string> },
): Report {
  const total = tally(verdicts)
  const isLost = ({ outcome, expectation }: Verdict) =>
    outcome === 'missing' && expectation.eventId !== undefined && acked.has(expectation.eventId)
  const byKind = Map.groupBy(verdicts, ({ expectation }) => expectation.kind)
  return {
    ok: total.missing === 0 && total.doubled === 0,
    ...total,
    unexpected: unexpected.length,
    keyDelaysMs: delays(verdicts.filter(({ expectation }) => expectation.eventId !== undefined)),
    byKind: Object.fromEntries(
      [...byKind].map(([kind, of]) => [kind, { ...tally(of), delaysMs: delays(of) }]),
    ),
    acknowledgedAndMissing: verdicts.filter(isLost).length,
    wrong: gravestFirst([
      ...verdicts.flatMap(verdict => wrongIn(verdict, acked)),
      ...unexpected.map(wrongAlarm),
    ]),
    fleet,
  }
}

const gravestFirst = (wrong: readonly Wrong[]): Wrong[] =>
  GRAVEST_FIRST.flatMap(outcome => wrong.filter(one => one.outcome === outcome)).slice(0, MOST_LISTED)

function tally(verdicts: readonly Verdict[]): Tally {
  const count = (outcome: Outcome) => verdicts.filter(verdict => verdict.outcome === outcome).length
  return {
    expected: verdicts.length,
    onTime: count('on_time'),
    late: count('late'),
    doubled: count('doubled'),
    missing: count('missing'),
    pending: count('pending'),
  }
}

/** Nearest-rank percentiles. */
function delays(verdicts: readonly Verdict[]): Delays | null {
  const sorted = verdicts.flatMap(({ delayMs }) => delayMs ?? []).sort((a, b) => a - b)
  const rank = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return sorted.length === 0 ? null : { p50: rank(0.5), p99: rank(0.99), max: rank(1) }
}

function wrongIn({ outcome, expectation, sightings, delayMs }: Verdict, acked: ReadonlySet<string>): Wrong[] {
  if (outcome === 'on_time' || outcome === 'pending') return []
  const { deviceId, kind, eventId } = expectation
  const wrong: Wrong = { outcome, deviceId, kind, seqs: sightings.map(({ seq }) => seq) }
  if (eventId !== undefined) Object.assign(wrong, { eventId, acknowledged: acked.has(eventId) })
  if (delayMs !== undefined) wrong.delayMs = Math.round(delayMs)
  return [wrong]
}

function wrongAlarm({ deviceId, kind, eventId, seq }: Sighting): Wrong {
  const wrong: Wrong = { outcome: 'unexpected', deviceId, kind, seqs: [seq] }
  if (eventId !== undefined) wrong.eventId = eventId
  return wrong
}

/** The report as lines for a terminal. */
export function linesOf(report: Report): string[] {
  const { fleet } = report
  const lines = [
    `devices   ${fleet.devices} (${fleet.connected} connected, ${fleet.reconnects} reconnects, ${fleet.refused} failed connects)`,
    `messages  ${fleet.sent} sent, ${fleet.acked} acknowledged, ${fleet.overwritten} samples overwritten in the device`,
    `alarms    ${tallyLine(report)}, ${report.unexpected} unexpected`,
  ]
  for (const [kind, of] of Object.entries(report.byKind)) {
    lines.push(`  ${kind.padEnd(12)} ${tallyLine(of)}${delayText(of.delaysMs)}`)
  }
  lines.push(`key → feed${delayText(report.keyDelaysMs) || '  no key was pressed'}`)
  for (const wrong of report.wrong.slice(0, MOST_LINES)) lines.push(`  ${wrongLine(wrong)}`)
  const more = report.missing + report.doubled + report.unexpected + report.late - MOST_LINES
  if (more > 0) lines.push(`  … and ${more} more`)
  if (fleet.firstRefusal !== undefined) lines.push(`first failed connect: ${fleet.firstRefusal}`)
  lines.push(verdictLine(report))
  return lines
}

function tallyLine({ expected, onTime, late, doubled, missing, pending }: Tally): string {
  const line = `${expected} expected: ${onTime} on time, ${late} late, ${doubled} doubled, ${missing} missing`
  return pending === 0 ? line : `${line}, ${pending} not yet due`
}

const delayText = (of: Delays | null): string =>
  of === null ? '' : `  delay p50 ${of.p50} ms, p99 ${of.p99} ms, max ${of.max} ms`

function wrongLine({ outcome, kind, deviceId, eventId, acknowledged, seqs, delayMs }: Wrong): string {
  const facts = [`${outcome.padEnd(10)} ${kind} of ${deviceId}`]
  if (eventId !== undefined) facts.push(`event ${eventId}`)
  if (outcome === 'missing' && acknowledged !== undefined)
    facts.push(acknowledged ? 'acknowledged' : 'not acknowledged')
  if (seqs.length > 0) facts.push(`at ${seqs.join(', ')}`)
  if (delayMs !== undefined) facts.push(`after ${delayMs} ms`)
  return facts.join(', ')
}

function verdictLine({ ok, missing, doubled, acknowledgedAndMissing }: Report): string {
  if (ok) return 'OK: no expected alarm is missing or doubled'
  return `FAILED: ${missing} missing (${acknowledgedAndMissing} of them acknowledged), ${doubled} doubled`
}
