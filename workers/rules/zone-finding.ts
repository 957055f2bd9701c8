// What is told of an edge that was crossed, with the numbers that proved it.

import type { Severity } from '../../model/finding.ts'
import type { EpochMs } from '../../model/units.ts'
import type { Raised } from '../rule.ts'
import type { Crossing, CrossingReason, Watch } from './crossing.ts'
import type { Fix } from './fix.ts'
import type { Sight } from './sight.ts'

/** `fix` is where the elder is, `until` the time of the last fix that agrees, which may be a coarse one. */
type Proof = {
  watch: Watch & { crossing: Crossing }
  sight: Sight
  fix: Fix
  until: EpochMs
  reason: CrossingReason
  severity: Severity
}

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

function evidenceOf({ watch, sight: { zone, beyondM }, fix, until, reason }: Proof): Record<string, unknown> {
  const { lat, lon, accuracyM, source } = fix
  const { beyond, since } = NAMES[zone.kind]
  const { wentAt, fixes } = countedOf(watch, reason)
  return {
    zoneId: zone.id,
    zoneName: zone.name,
    reason,
    [beyond]: Math.round(beyondM),
    accuracyM,
    source,
    [since]: until - wentAt,
    dwellMs: zone.dwellMs,
    fixes,
    position: { lat, lon, accuracyM, source },
  }
}

/** Since when the elder is there, and how many fixes say so. */
export function countedOf(
  { crossing, way }: Proof['watch'],
  reason: CrossingReason,
): { wentAt: EpochMs; fixes: number } {
  if (reason === 'clear' && crossing.trail !== undefined) return crossing.trail
  if (reason === 'way' && way !== undefined) return way
  return { wentAt: crossing.since, fixes: crossing.fixes }
}
