// What is told of an edge that was crossed, with the numbers that proved it.

import type { Severity } from '../../model/finding.ts'
import type { Raised } from '../rule.ts'
import type { Crossing, CrossingReason } from './crossing.ts'
import type { Fix } from './fix.ts'
import type { Sight } from './sight.ts'

type Proof = { crossing: Crossing; sight: Sight; fix: Fix; reason: CrossingReason; severity: Severity }

/** `fixAgeMs` is told where the finding is of now and the fix is not. */
export function raisedAt(
  { at, lateMs, fixAgeMs }: { at: Raised['at']; lateMs: number; fixAgeMs?: number },
  proof: Proof,
): Raised {
  const { severity, sight } = proof
  const evidence = sight.zone.kind === 'safe' ? ofExit(proof) : ofEntry(proof)
  if (fixAgeMs !== undefined) evidence.fixAgeMs = fixAgeMs
  const kind = sight.zone.kind === 'safe' ? 'zone_exit' : 'danger_zone_enter'
  return { kind, severity, at, lateMs, evidence }
}

function ofExit({ crossing, sight: { zone, beyondM }, fix, reason }: Proof): Record<string, unknown> {
  const { lat, lon, accuracyM, source } = fix
  return {
    zoneId: zone.id,
    zoneName: zone.name,
    reason,
    distanceM: Math.round(beyondM),
    accuracyM,
    source,
    outsideForMs: fix.at - crossing.since,
    dwellMs: zone.dwellMs,
    fixes: crossing.fixes,
    position: { lat, lon, accuracyM, source },
  }
}

function ofEntry({ crossing, sight: { zone, beyondM }, fix, reason }: Proof): Record<string, unknown> {
  const { lat, lon, accuracyM, source } = fix
  return {
    zoneId: zone.id,
    zoneName: zone.name,
    reason,
    depthM: Math.round(beyondM),
    accuracyM,
    source,
    insideForMs: fix.at - crossing.since,
    dwellMs: zone.dwellMs,
    fixes: crossing.fixes,
    position: { lat, lon, accuracyM, source },
  }
}
