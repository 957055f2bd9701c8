// Positions as they were stored, for whoever draws a track or asks what a zone would have raised. The dry run of a
// zone reads a wearer's past with it:
//
//   const worn = await wornBy(records.read, { residentId, from, to })        // or [{ deviceId, from, to }]
//   for await (const some of readFixes(history, worn)) for (const { at, receivedAt, sample } of some) …
//
// A sample comes whole, so that it can be folded as it was: `sample.loc` is in the datum that the device sent,
// `at` and `receivedAt` are both there. A device's samples come in the order of `at`, one device after the other; where
// the order of receipt matters, as for what came late, sort by `receivedAt`.

import type { Location } from '../model/telemetry.ts'
import type { Worn } from '../records/worn.ts'
import type { History, Kept, KeptSample } from './history.ts'

export type KeptFix = KeptSample & { sample: { loc: Location } }

/** Samples with a position, in portions. @throws HubError UNAVAILABLE when the history is away */
export async function* readFixes(
  history: Pick<History, 'read'>,
  worn: readonly Worn[],
): AsyncGenerator<readonly KeptFix[]> {
  for (const span of worn) {
    for await (const some of history.read({ ...span, type: 'sample' })) {
      const fixes = some.filter(isFix)
      if (fixes.length > 0) yield fixes
    }
  }
}

export const isFix = (kept: Kept): kept is KeptFix => kept.type === 'sample' && kept.sample.loc !== undefined
