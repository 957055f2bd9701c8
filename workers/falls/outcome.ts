// What became of a fall, as it is counted.

import type { Finding } from '../../model/finding.ts'

/** The device's own flag; seen by the detector; seen too often of this wearer; confirmed by stillness. */
export type FallOutcome = 'device' | 'raised' | 'review' | 'still'

/** The outcome of a finding; undefined when it is no fall, or one that has ended. */
export function fallOutcome({ kind, ended, evidence }: Finding): FallOutcome | undefined {
  if (kind !== 'fall' || ended) return undefined
  if (evidence.source === 'stillness') return 'still'
  if (evidence.source !== 'burst') return 'device'
  return evidence.review === true ? 'review' : 'raised'
}
