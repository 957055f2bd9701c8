// Every device of an elder expects the daily "I'm well" by itself, and the elder says it on one of them. So a device
// also tells when it was given, and the desk raises nothing that another one has answered. Given too late it takes
// nothing back: whoever is on the alarm sees that the elder has spoken.

import type { Finding } from '../model/finding.ts'
import { readCheckIns, writeCheckIns } from '../records/check-ins.ts'
import type { Tx } from '../records/db.ts'
import type { Desk } from './apply.ts'

/** Where the day begins first it is this much later than by UTC. */
const FIRST_ZONE_MS = 14 * 3_600_000

/**
 * Notes what was given; returns what says of a finding that it needs nobody, to be asked of each in its turn: what
 * was given stands on the emergency that the elder has open by then.
 */
export async function followCheckIns(
  tx: Tx,
  desk: Desk,
  findings: readonly Finding[],
): Promise<(finding: Finding) => 'checked_in' | undefined> {
  const told = findings.filter(finding => finding.kind === 'missed_check_in' && !desk.isKnown(finding))
  if (told.length === 0) return () => undefined
  const days = await readCheckIns(
    tx,
    told.map(finding => desk.aboutOf(finding).subject.id),
  )
  const newest = dateOf(desk.now + FIRST_ZONE_MS)
  const given = new Map<string, string>()
  const answered = new Set<Finding>()
  for (const finding of told) {
    const { subject } = desk.aboutOf(finding)
    const day = String(finding.evidence.day)
    const noted = days.get(subject.id) ?? ''
    // A day that has begun nowhere was noted while the clock was ahead, and says nothing of those until then.
    const last = noted > newest ? '' : noted
    if (finding.ended || day <= last) answered.add(finding)
    if (!finding.ended || day <= last || subject.type !== 'resident') continue
    days.set(subject.id, day)
    given.set(subject.id, day)
  }
  await writeCheckIns(tx, given)
  return finding => {
    if (!answered.has(finding)) return undefined
    if (finding.ended) showGiven(desk, finding)
    return 'checked_in'
  }
}

function showGiven(desk: Desk, finding: Finding): void {
  const open = desk.openOf(desk.aboutOf(finding).subject, 'emergency')
  if (!open || desk.isKnown(finding)) return
  const { id: findingId, kind, deviceId, at, lateMs, receivedAt, evidence } = finding
  const detail = { reason: 'checked_in', kind, deviceId, at, lateMs, evidence }
  desk.keep({
    incident: open,
    entries: [{ incidentId: open.id, kind: 'ended', at: receivedAt, findingId, detail }],
  })
}

/** `2026-11-21`, by UTC. */
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
