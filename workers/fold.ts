// The fold of one (partition, lane): entries of its log in, findings out. It is deterministic — the same log
// gives the same findings, byte for byte, however it was cut into batches and wherever it was stopped.

import { decodeEntry, type StoredRecord } from '../broker/entry.ts'
import type { StateChange } from '../broker/stream.ts'
import type { Finding } from '../model/finding.ts'
import type { Unreadable } from '../model/parse.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import { openContexts, type StoredContext, type ZoneNote } from './contexts.ts'
import { createDeviceClocks, type Lateness } from './device-clock.ts'
import type { Column, DeviceState } from './device-state.ts'
import { createFloodGate, type Flood } from './flood.ts'
import { countGaps } from './gaps.ts'
import { type ClockFault, corrected, type Heard, RAW_CHARS, readRecord } from './inputs.ts'
import { createResendMemory, REMEMBER_FOR_MS, type Remembered } from './resend.ts'
import type { Context, Input, Raised, Rule } from './rule.ts'
import { openRuleStates, type RuleError, stepRule, stepRules, tableOf } from './rule-states.ts'
import { type Checkpoint, openSlices } from './slices.ts'
import { openFoldState } from './state.ts'
import type { OnDamage } from './unread.ts'

/** A message that was not understood, as it is kept for inspection. */
export type Reject = {
  receiptId: string
  deviceId: string
  receivedAt: number
  kind: string
  reason: Unreadable
  raw: string
}

/** What folding entries gave. Everything but the findings is for logs, metrics and inspection. */
export type Folded = {
  /** Messages of devices. */
  records: number
  findings: Finding[]
  rejects: Reject[]
  resent: number
  ignored: string[]
  ruleErrors: RuleError[]
}

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

/**
 * The payload of a `context` record: a zone, a device's new context, how far the registry has been followed, or a fall
 * that was found in another lane.
 */
export type ContextPayload =
  | ZoneNote
  | { context: StoredContext }
  | { seq: number }
  | { fall: { id: string; at: number } }

export const emptyFolded = (): Folded => ({
  records: 0,
  findings: [],
  rejects: [],
  resent: 0,
  ignored: [],
  ruleErrors: [],
})

type Found = { device: DeviceState; raised: Raised; fault: ClockFault }

/** A fold over `rules` that goes on from stored state. */
export function openFold({
  rules,
  stored,
  onDamage,
}: {
  rules: readonly Rule[]
  stored: ReadonlyMap<string, string>
  onDamage?: OnDamage
}): Fold {
  const state = openFoldState(stored, onDamage)
  const meta = state.table<number>('meta')
  const gaps = countGaps(meta)
  const runs = state.table<{ batch: number; at: EpochMs }>('run')
  const contexts = openContexts(state)
  const { devices } = state
  const [clock, event, flooding, ...ruleColumns] = devices.columns([
    'clock',
    'event',
    'flood',
    ...rules.map(tableOf),
  ])
  const clocks = createDeviceClocks(clock as Column<Lateness>)
  const resends = createResendMemory(event as Column<Remembered>)
  const flood = createFloodGate(flooding as Column<Flood>)
  const ruleStates = openRuleStates(rules, ruleColumns)
  const ticking = ruleStates.filter(({ rule }) => rule.ticks)
  let now = epochMs(meta.get('now') ?? 0)
  let applied = meta.get('applied') ?? 0
  let zoneChanges = 0
  const slices = openSlices(state)
  readForTicks()

  /** A tick asks for all of it in one turn, so it is read before the first one. */
  function readForTicks(): void {
    for (const { column } of ticking) {
      for (const device of column.holders()) {
        column.get(device)
        contextOf(device)
      }
    }
  }

  function apply(data: Uint8Array, folded: Folded): void {
    applied++
    meta.set('applied', applied)
    const { run, batch, records } = decodeEntry(data)
    const last = runs.get(run)
    if (last && batch <= last.batch) return // an append that was sent again
    runs.set(run, { batch, at: records[0]?.receivedAt ?? now })
    for (const record of records) {
      const before = now
      now = timeAfter(now, record.receivedAt)
      gaps.pass(record.kind, before, now)
      if (record.kind === 'tick') tick(record, folded)
      else if (record.kind === 'context') changeContext(record, folded)
      else hearSafely(record, folded)
    }
    meta.set('now', now)
  }

  /** In a replay: what is heard of the device now is in its row already. */
  const isAhead = (device: DeviceState): boolean => device.savedAt >= applied

  /** A message that this code cannot digest must not take the others of its entry along. */
  function hearSafely(record: StoredRecord, folded: Folded): void {
    const device = devices.of(record.deviceId)
    if (isAhead(device)) return
    try {
      hear(device, record, folded)
    } catch (error) {
      folded.ruleErrors.push({ rule: 'fold', deviceId: device.id, error })
      if (record.kind !== 'event') return
      const { receivedAt: at } = record
      const evidence = { reason: 'not_digested', raw: record.text.slice(0, RAW_CHARS) }
      const raised: Raised = { kind: 'unreadable_event', severity: 'high', at, lateMs: 0, evidence }
      folded.findings.push(toFinding({ device, raised, fault: undefined }, record, 0))
    }
  }

  /** A device has said something. */
  function hear(device: DeviceState, record: StoredRecord, folded: Folded): void {
    folded.records++
    const { inputs, ignored, reject } = readRecord(record, now)
    for (const part of ignored) folded.ignored.push(part)
    if (reject) {
      const { receipt: receiptId, receivedAt, kind } = record
      const { reason, raw } = reject
      folded.rejects.push({ receiptId, deviceId: device.id, receivedAt, kind, reason, raw })
    }
    let found: Found[] | undefined
    for (const { input, fault } of atTrueTime(device, inputs)) {
      if (isResent(device, input)) {
        folded.resent++
        continue
      }
      for (const raised of step(device, input, folded)) {
        found ??= []
        found.push({ device, raised, fault })
      }
    }
    if (found !== undefined) tell(found, record, folded)
  }

  /** What was found on a device's message. A flood of events is held back. */
  function tell(found: readonly Found[], record: StoredRecord, folded: Folded): void {
    const isEvent = record.kind === 'event'
    for (let i = 0; i < found.length; i++) {
      const one = found[i] as Found
      const finding = toFinding(one, record, i)
      const passed = isEvent ? flood.pass(one.device, finding, now) : finding
      if (passed) folded.findings.push(passed)
    }
  }

  /** Samples of a device whose clock is behind happened when they came, not hours ago. */
  function atTrueTime(device: DeviceState, heard: readonly Heard[]): readonly Heard[] {
    let lateMs = Number.POSITIVE_INFINITY
    for (const { input } of heard) if (input.type === 'sample') lateMs = Math.min(lateMs, input.lateMs)
    if (lateMs === Number.POSITIVE_INFINITY) return heard
    const behindMs = clocks.behindMs(device, lateMs, now)
    return behindMs === 0 ? heard : heard.map(one => corrected(one, behindMs))
  }

  function isResent(device: DeviceState, input: Input): boolean {
    if (input.type !== 'event' || input.event.id === undefined) return false
    const { id: eventId, kind, ts } = input.event
    return resends.isResent({ device, kind, eventId, ts, now })
  }

  function contextOf(device: DeviceState): Context {
    if (device.context !== undefined && device.contextAfter === zoneChanges) return device.context
    const context = contexts.get(device.id)
    device.context = context
    device.contextAfter = zoneChanges
    return context
  }

  const step = (device: DeviceState, input: Input, folded: Folded): readonly Raised[] =>
    stepRules(ruleStates, { device, input, context: contextOf(device), folded })

  function tick(record: StoredRecord, folded: Folded): void {
    const found: Found[] = []
    const gapMs = gaps.until(record)
    const input: Input = gapMs > 0 ? { type: 'tick', now, gapMs } : { type: 'tick', now }
    for (const ruleState of ticking) {
      const ofRule: Found[] = []
      for (const device of ruleState.column.holders()) {
        if (isAhead(device)) continue
        for (const raised of stepRule(ruleState, { device, input, context: contextOf(device), folded }))
          ofRule.push({ device, raised, fault: undefined })
      }
      // Devices are independent of each other, so only the order of what was found has to be fixed.
      for (const one of ofRule.sort(byDevice)) found.push(one)
    }
    for (let i = 0; i < found.length; i++) folded.findings.push(toFinding(found[i] as Found, record, i))
    // Held findings carry the id of their own record, so the order of devices is all that must be fixed.
    for (const held of flood.release(now, isAhead).sort((a, b) => (a.id < b.id ? -1 : 1)))
      folded.findings.push(held)
    resends.expire(now)
    for (const [run, { at }] of runs.entries()) if (at < now - REMEMBER_FOR_MS) runs.delete(run)
  }

  function changeContext(record: StoredRecord, folded: Folded): void {
    const payload = JSON.parse(record.text) as ContextPayload
    if ('seq' in payload) {
      meta.set(FOLLOWED, payload.seq)
      return
    }
    if (!('context' in payload || 'fall' in payload)) {
      contexts.noteZone(payload)
      zoneChanges++
      return
    }
    const device = devices.of(record.deviceId)
    let input: Input = { type: 'context', now }
    if ('fall' in payload) {
      const { id: fallId, at } = payload.fall
      input = { type: 'fall', now, at: epochMs(at), fallId }
    } else {
      contexts.set(device.id, payload.context)
      device.context = undefined
    }
    if (isAhead(device)) return
    const raised = step(device, input, folded)
    for (let i = 0; i < raised.length; i++) {
      const found: Found = { device, raised: raised[i] as Raised, fault: undefined }
      folded.findings.push(toFinding(found, record, i))
    }
  }

  function toFinding({ device, raised, fault }: Found, record: StoredRecord, ordinal: number): Finding {
    const { evidence, ...rest } = raised
    const { residentId } = contextOf(device)
    return {
      id: `${record.receipt}-${ordinal.toString(36)}`,
      ...rest,
      deviceId: device.id,
      ...(residentId != null && { residentId }),
      receivedAt: record.receivedAt,
      evidence: fault ? { ...evidence, ...fault } : evidence,
    }
  }

  return {
    apply,
    beginCheckpoint: () => slices.beginCheckpoint(() => applied),
    takeChanges: () => slices.beginCheckpoint(() => applied).next(Number.POSITIVE_INFINITY).change,
    contextSeq: () => meta.get(FOLLOWED) ?? 0,
  }
}

/**
 * How far the registry was followed in what notes say today: under another name, all of it is noted anew. Until zones of
 * areas were noted by themselves it was `contextSeq`.
 */
const FOLLOWED = 'followed'

/** The hub's clock was set back when a record comes this long before the newest: then time is what it says now. */
const SET_BACK_MS = 2 * 60_000

/** Records of several brokers may come a little out of order; that moves no time back. */
const timeAfter = (now: EpochMs, receivedAt: EpochMs): EpochMs =>
  receivedAt > now || receivedAt < now - SET_BACK_MS ? receivedAt : now

const byDevice = (a: Found, b: Found): number =>
  a.device.id < b.device.id ? -1 : Number(a.device.id > b.device.id)
