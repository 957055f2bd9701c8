// The fold of one (partition, lane): entries of its log in, findings out. It is deterministic — the same log
// gives the same findings, byte for byte, however it was cut into batches and wherever it was stopped.

import { decodeEntry, type StoredRecord } from '../broker/entry.ts'
import type { StateChange } from '../broker/stream.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import { openContextNotes } from './context-notes.ts'
import { openContexts } from './contexts.ts'
import { createDeviceClocks, type Lateness } from './device-clock.ts'
import type { Column } from './device-state.ts'
import { createFloodGate, type Flood } from './flood.ts'
import type { Folded } from './folded.ts'
import { countGaps } from './gaps.ts'
import { openHearing } from './hearing.ts'
import { takeOverOlder } from './older-states.ts'
import { isAhead, timeAfter } from './progress.ts'
import { createResendMemory, REMEMBER_FOR_MS, type Remembered } from './resend.ts'
import type { Rule } from './rule.ts'
import { openRuleStates, tableOf } from './rule-states.ts'
import { type Checkpoint, openSlices } from './slices.ts'
import { openFoldState, rethrow } from './state.ts'
import { openTicking } from './ticking.ts'
import type { OnDamage } from './unread.ts'

export type Fold = {
  /** Folds one entry into `folded`. @throws HubError INTERNAL when the bytes are no entry. */
  apply(data: Uint8Array, folded: Folded): void
  /** Begins a checkpoint of the state as of the last entry; the one before must have been taken whole. */
  beginCheckpoint(): Checkpoint
  /** A checkpoint in one piece. */
  takeChanges(): StateChange
  /** The last registry change that came through the log. */
  contextSeq(): number
}

/** A fold over `rules` that goes on from stored state. */
export function openFold({
  rules,
  stored,
  onDamage = rethrow,
}: {
  rules: readonly Rule[]
  stored: ReadonlyMap<string, string>
  onDamage?: OnDamage
}): Fold {
  const state = openFoldState(stored, onDamage)
  const { devices } = state
  const meta = state.table<number>('meta')
  const gaps = countGaps(meta)
  const runs = state.table<{ batch: number; at: EpochMs }>('run')
  const contexts = openContexts(state)
  const [clock, event, flooding, ...ruleColumns] = devices.columns([
    { name: 'clock' },
    { name: 'event' },
    { name: 'flood' },
    ...rules.map(rule => ({ name: tableOf(rule), storedAs: rule.storedAs })),
  ])
  const clocks = createDeviceClocks(clock as Column<Lateness>)
  const resends = createResendMemory(event as Column<Remembered>)
  const flood = createFloodGate(flooding as Column<Flood>)
  const ruleStates = openRuleStates(rules, ruleColumns)
  takeOverOlder(state, ruleStates, onDamage)
  const slices = openSlices(state)

  const progress = { now: epochMs(meta.get('now') ?? 0), applied: meta.get('applied') ?? 0 }
  const ofAll = { progress, ruleStates, contexts }
  const hearing = openHearing({ ...ofAll, clocks, resends, flood })
  const notes = openContextNotes({ ...ofAll, devices, meta })
  const ticking = openTicking({
    ...ofAll,
    ruleStates: ruleStates.filter(({ rule }) => rule.ticks),
    gaps,
    flood,
  })

  function take(record: StoredRecord, folded: Folded): void {
    const before = progress.now
    progress.now = timeAfter(before, record.receivedAt)
    gaps.pass(record.kind, before, progress.now)
    if (record.kind === 'tick') tick(record, folded)
    else if (record.kind === 'context') notes.take(record, folded)
    else {
      const device = devices.of(record.deviceId)
      if (!isAhead(device, progress)) hearing.hear(device, record, folded)
    }
  }

  function tick(record: StoredRecord, folded: Folded): void {
    ticking.tick(record, folded)
    resends.expire(progress.now)
    for (const [run, { at }] of runs.entries()) if (at < progress.now - REMEMBER_FOR_MS) runs.delete(run)
  }

  return {
    apply(data, folded) {
      progress.applied++
      meta.set('applied', progress.applied)
      const { run, batch, records } = decodeEntry(data)
      const last = runs.get(run)
      if (last && batch <= last.batch) return // an append that was sent again
      runs.set(run, { batch, at: records[0]?.receivedAt ?? progress.now })
      for (let i = 0; i < records.length; i++) take(records[i] as StoredRecord, folded)
      meta.set('now', progress.now)
    },
    beginCheckpoint: () => slices.beginCheckpoint(() => progress.applied),
    takeChanges: () => slices.beginCheckpoint(() => progress.applied).next(Number.POSITIVE_INFINITY).change,
    contextSeq: notes.contextSeq,
  }
}
