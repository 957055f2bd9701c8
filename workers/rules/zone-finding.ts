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
  const evidence = evidenceOf(proof)
  if (fixAgeMs !== undefined) evidence.fixAgeMs = fixAgeMs
  const kind = sight.zone.kind === 'safe' ? 'zone_exit' : 'danger_zone_enter'
  return { kind, severity, at, lateMs, evidence }
}

/** How far beyond the edge, and for how long, as the kind of the zone names it. */
const NAMES = {
  safe: { beyond: 'distanceM', since: 'outsideForMs' },
  danger: { beyond: 'depthM', since: 'insideForMs' },
} as const

function evidenceOf({ crossing, sight: { zone, beyondM }, fix, reason }: Proof): Record<string, unknown> {
  const { lat, lon, accuracyM, source } = fix
  const { beyond, since } = NAMES[zone.kind]
  const { trail } = crossing
  const isClear = reason === 'clear' && trail !== undefined
  return {
    zoneId: zone.id,
    zoneName: zone.name,
    reason,
    [beyond]: Math.round(beyondM),
    accuracyM,
    source,
    [since]: fix.at - (isClear ? trail.wentAt : crossing.since),
    dwellMs: zone.dwellMs,
    fixes: isClear ? trail.fixes : crossing.fixes,
    position: { lat, lon, accuracyM, source },
  }
}
