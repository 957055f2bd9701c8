// What the owner of a partition notes down for its folds between the messages of devices (notes.ts), and what a fold
// makes of it.

import type { StoredRecord } from '../broker/entry.ts'
import { epochMs } from '../model/units.ts'
import type { Contexts, StoredContext, ZoneNote } from './contexts.ts'
import type { DeviceState, DeviceStates } from './device-state.ts'
import type { Folded } from './folded.ts'
import { findingOf } from './found.ts'
import { isAhead, type Progress } from './progress.ts'
import type { Input, Raised } from './rule.ts'
import { type RuleState, stepRules } from './rule-states.ts'
import type { Table } from './state.ts'

/**
 * The payload of a `context` record: a zone, a device's new context, how far the registry has been followed, or a fall
 * that was found in another lane.
 */
export type ContextPayload =
  | ZoneNote
  | { context: StoredContext }
  | { seq: number }
  | { fall: { id: string; at: number } }

export type ContextNotes = {
  take(record: StoredRecord, folded: Folded): void
  /** The last registry change that came through the log. */
  contextSeq(): number
}

/**
 * How far the registry was followed in what notes say today: under another name, all of it is noted anew. Until zones of
 * areas were noted by themselves it was `contextSeq`.
 */
const FOLLOWED = 'followed'

export function openContextNotes({
  progress,
  ruleStates,
  contexts,
  devices,
  meta,
}: {
  progress: Progress
  ruleStates: readonly RuleState[]
  contexts: Contexts
  devices: DeviceStates
  meta: Table<number>
}): ContextNotes {
  function step(
    device: DeviceState,
    input: Input,
    { record, folded }: { record: StoredRecord; folded: Folded },
  ) {
    if (isAhead(device, progress)) return
    const context = contexts.of(device)
    const all = stepRules(ruleStates, { device, input, context, folded })
    for (let ordinal = 0; ordinal < all.length; ordinal++) {
      const found = { device, raised: all[ordinal] as Raised, fault: undefined }
      folded.findings.push(findingOf(found, { record, ordinal, residentId: context.residentId }))
    }
  }

  return {
    take(record, folded) {
      const { now } = progress
      const payload = JSON.parse(record.text) as ContextPayload
      if ('seq' in payload) meta.set(FOLLOWED, payload.seq)
      else if ('fall' in payload) {
        const { id: fallId, at } = payload.fall
        step(devices.of(record.deviceId), { type: 'fall', now, at: epochMs(at), fallId }, { record, folded })
      } else if ('context' in payload) {
        const device = devices.of(record.deviceId)
        contexts.set(device, payload.context)
        step(device, { type: 'context', now }, { record, folded })
      } else contexts.noteZone(payload)
    },
    contextSeq: () => meta.get(FOLLOWED) ?? 0,
  }
}
