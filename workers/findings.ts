// Findings as entries of the `out` log: the one thing that workers say to alerts.

import type { Finding } from '../model/finding.ts'

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
