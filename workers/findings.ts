// Findings as entries of the `out` log: the one thing that workers say to alerts.

import type { Position } from '../broker/stream.ts'
import type { Finding } from '../model/finding.ts'
import type { EpochMs } from '../model/units.ts'
import { RAW_CHARS } from './inputs.ts'

/** Findings an entry: what `alerts` applies in one transaction. */
const FINDINGS_PER_ENTRY = 200

/** Findings of one commit, in order, as entries of bounded length: UTF-8 JSON of an array each. */
export function encodeFindings(findings: readonly Finding[]): Uint8Array[] {
  const entries: Uint8Array[] = []
  for (let i = 0; i < findings.length; i += FINDINGS_PER_ENTRY) {
    entries.push(Buffer.from(JSON.stringify(findings.slice(i, i + FINDINGS_PER_ENTRY))))
  }
  return entries
}

/**
 * What stands in for an entry of the urgent lane that cannot be read: nobody can say whose emergency it was. Its id
 * is the entry's place: read again, it is the same finding.
 */
export function unreadEntry({
  partition,
  position,
  data,
  now,
}: {
  partition: number
  position: Position
  data: Uint8Array
  now: EpochMs
}): Finding {
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString().slice(0, RAW_CHARS)
  return {
    id: `unread-${partition}-${position}`,
    kind: 'unreadable_event',
    severity: 'high',
    deviceId: 'unknown',
    at: now,
    receivedAt: now,
    lateMs: 0,
    evidence: { reason: 'no entry', log: `${partition}/urgent`, position, raw },
  }
}
