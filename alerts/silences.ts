// The rows of silent devices, as the findings of a batch change them: who fell silent, who was heard again, and to
// which outage each belongs.

import type { Finding } from '../model/finding.ts'
import { newId } from '../model/id.ts'
import type { Tx } from '../records/db.ts'
import { type OpenOutage, readSilences, type Silence, writeSilences } from '../records/silences.ts'
import { areaPaths } from '../records/subjects.ts'
import type { Desk } from './apply.ts'
import { freshUntil, pathsUpFrom } from './outage.ts'

/** It fell silent; what comes later makes it graver, or ends it. */
export const isBeginning = ({ ended, severity }: Finding): boolean => !ended && severity === 'notice'

/**
 * Writes what the findings say of each device; one that falls silent where the area is out is of that outage, and
 * waits for its place on the list.
 */
export async function noteSilences(
  tx: Tx,
  { desk, silent, open }: { desk: Desk; silent: readonly Finding[]; open: ReadonlyMap<string, OpenOutage> },
): Promise<Map<string, Silence>> {
  const known = await readSilences(tx, [...new Set(silent.map(({ deviceId }) => deviceId))])
  const paths = await areaPaths(tx, [...new Set(silent.map(finding => desk.aboutOf(finding).areaId))])
  const silences = new Map<string, Silence>()
  for (const finding of silent) {
    const { deviceId, receivedAt } = finding
    const { areaId } = desk.aboutOf(finding)
    const before = silences.get(deviceId) ?? known.get(deviceId)
    const outageId = before?.incidentId != null && open.has(before.incidentId) ? before.incidentId : null
    if (isBeginning(finding)) {
      const incidentId = outageId ?? outageAt(paths.get(areaId) ?? '', open)
      const unlisted = incidentId === null ? null : finding.id
      silences.set(deviceId, { ...freshSilence(finding, areaId), incidentId, unlisted })
      continue
    }
    // Rows may be younger than the silence, where older records were put back: nothing is known of when it began.
    const row = before ?? { ...freshSilence(finding, areaId), freshUntil: 0 }
    const change = finding.ended ? { heardAt: receivedAt } : { severity: finding.severity }
    const unlisted = outageId === null ? null : row.unlisted
    silences.set(deviceId, { ...row, incidentId: outageId, unlisted, ...change })
  }
  await writeSilences(tx, [...silences.values()])
  return silences
}

function freshSilence({ deviceId, severity, receivedAt, evidence }: Finding, areaId: string): Silence {
  const intervalMs = typeof evidence.intervalMs === 'number' ? evidence.intervalMs : 0
  const silentForMs = typeof evidence.silentForMs === 'number' ? evidence.silentForMs : 0
  return {
    deviceId,
    areaId,
    severity,
    since: receivedAt - silentForMs,
    freshUntil: freshUntil(receivedAt, intervalMs),
    heardAt: null,
    incidentId: null,
    unlisted: null,
  }
}

/** The smallest outage that covers the area. */
function outageAt(areaPath: string, open: ReadonlyMap<string, OpenOutage>): string | null {
  for (const path of pathsUpFrom(areaPath))
    for (const outage of open.values()) if (outage.path === path) return outage.incident.id
  return null
}

/** A silence as a finding of the hub's own: an outage begins or ends, and so does the condition of an elder. */
export function ownFinding(
  { deviceId, severity, since }: Silence,
  now: number,
  evidence: { because: string; incidentId: string },
): Finding {
  return {
    id: newId('find'),
    kind: 'silent',
    severity,
    deviceId,
    at: now,
    receivedAt: now,
    lateMs: 0,
    evidence: { ...evidence, silentForMs: Math.max(0, now - since) },
  }
}
