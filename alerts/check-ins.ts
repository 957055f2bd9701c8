// Every device of an elder expects the daily "I'm well" by itself, and the elder says it on one of them. So a device
// also tells when it was given, and the desk raises nothing that another one has answered.

import type { Finding } from '../model/finding.ts'
import { readCheckIns, writeCheckIns } from '../records/check-ins.ts'
import type { Tx } from '../records/db.ts'
import type { Desk } from './apply.ts'

/** Notes what was given; returns what says of a finding that it needs nobody. */
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
  const given = new Map<string, string>()
  const answered = new Set<Finding>()
  for (const finding of told) {
    const { subject } = desk.aboutOf(finding)
    const day = String(finding.evidence.day)
    const last = days.get(subject.id) ?? ''
    if (finding.ended || day <= last) answered.add(finding)
    if (!finding.ended || day <= last || subject.type !== 'resident') continue
    days.set(subject.id, day)
    given.set(subject.id, day)
  }
  await writeCheckIns(tx, given)
  return finding => (answered.has(finding) ? 'checked_in' : undefined)
}
