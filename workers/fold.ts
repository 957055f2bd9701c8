// The fold of one (partition, lane): entries of its log in, findings out. It is deterministic — the same log
// gives the same findings, byte for byte, however it was cut into batches and wherever it was stopped.

import { decodeEntry, type StoredRecord } from '../broker/entry.ts'
import type { StateChange } from '../broker/stream.ts'
import type { Finding } from '../model/finding.ts'
import type { Unreadable } from '../model/parse.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import type { Zone } from '../model/zone.ts'
import { openContexts, type StoredContext } from './contexts.ts'
import { createDeviceClocks } from './device-clock.ts'
import { createFloodGate } from './flood.ts'
import { type ClockFault, corrected, type Heard, RAW_CHARS, readRecord } from './inputs.ts'
import { createResendMemory, REMEMBER_FOR_MS } from './resend.ts'
import type { Context, Input, Raised, Rule } from './rule.ts'
import { type OnDamage, openFoldState, type Table } from './state.ts'

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
  ruleErrors: { rule: string; deviceId: string; error: unknown }[]
}

export type Fold = {
  /** Folds one entry into `folded`. @throws HubError INTERNAL when the bytes are no entry. */
  apply(data: Uint8Array, folded: Folded): void
  takeChanges(): StateChange
  /** The last registry change that came through the log. */
  contextSeq(): number
}

/** The payload of a `context` record: a zone, a device's new context, or how far the registry has been followed. */
export type ContextPayload = { zone: Zone } | { context: StoredContext } | { seq: number }

export const emptyFolded = (): Folded => ({
  records: 0,
  findings: [],
  rejects: [],
  resent: 0,
  ignored: [],
  ruleErrors: [],
})

type Found = { raised: Raised; fault: ClockFault }

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
  const runs = state.table<{ batch: number; at: EpochMs }>('run')
  const contexts = openContexts(state)
  const resends = createResendMemory(state.table('event'))
  const flood = createFloodGate(state.table('flood'))
  const clocks = createDeviceClocks(state.table('clock'))
  const ruleStates = rules.map(rule => ({
    rule,
    table: state.table<unknown>(`rule/${rule.name}@${rule.version}`),
  }))
  let now = epochMs(meta.get('now') ?? 0)

  function apply(data: Uint8Array, folded: Folded): void {
    const { run, batch, records } = decodeEntry(data)
    const last = runs.get(run)
    if (last && batch <= last.batch) return // an append that was sent again
    runs.set(run, { batch, at: records[0]?.receivedAt ?? now })
    for (const record of records) {
      now = timeAfter(now, record.receivedAt)
      if (record.kind === 'tick') tick(record, folded)
      else if (record.kind === 'context') changeContext(record, folded)
      else hearSafely(record, folded)
    }
    meta.set('now', now)
  }

  /** A message that this code cannot digest must not take the others of its entry along. */
  function hearSafely(record: StoredRecord, folded: Folded): void {
    try {
      hear(record, folded)
    } catch (error) {
      folded.ruleErrors.push({ rule: 'fold', deviceId: record.deviceId, error })
      if (record.kind !== 'event') return
      const { receivedAt: at } = record
      const evidence = {
        reason: 'not_digested',
        raw: String(Buffer.from(record.payload)).slice(0, RAW_CHARS),
      }
      const raised: Raised = { kind: 'unreadable_event', severity: 'high', at, lateMs: 0, evidence }
      folded.findings.push(toFinding({ raised, fault: undefined }, record, 0))
    }
  }

  /** A device has said something. */
  function hear(record: StoredRecord, folded: Folded): void {
    folded.records++
    const { inputs, ignored, reject } = readRecord(record, now)
    for (const part of ignored) folded.ignored.push(part)
    if (reject) {
      const { receipt: receiptId, deviceId, receivedAt, kind } = record
      folded.rejects.push({ receiptId, deviceId, receivedAt, kind, reason: reject.reason, raw: reject.raw })
    }
    const found: Found[] = []
    for (const { input, fault } of atTrueTime(record.deviceId, inputs)) {
      if (isResent(record.deviceId, input)) folded.resent++
      else for (const raised of step(record.deviceId, input, folded)) found.push({ raised, fault })
    }
    const isEvent = record.kind === 'event'
    for (let i = 0; i < found.length; i++) {
      const finding = toFinding(found[i] as Found, record, i)
      const passed = isEvent ? flood.pass(finding, now) : finding
      if (passed) folded.findings.push(passed)
    }
  }

  /** Samples of a device whose clock is behind happened when they came, not hours ago. */
  function atTrueTime(deviceId: string, heard: readonly Heard[]): readonly Heard[] {
    let lateMs = Number.POSITIVE_INFINITY
    for (const { input } of heard) if (input.type === 'sample') lateMs = Math.min(lateMs, input.lateMs)
    if (lateMs === Number.POSITIVE_INFINITY) return heard
    const behindMs = clocks.behindMs({ deviceId, lateMs, now })
    return behindMs === 0 ? heard : heard.map(one => corrected(one, behindMs))
  }

  function isResent(deviceId: string, input: Input): boolean {
    if (input.type !== 'event' || input.event.id === undefined) return false
    const { id: eventId, kind, ts } = input.event
    return resends.isResent({ deviceId, kind, eventId, ts, now })
  }

  /** Runs every rule on one input of a device; one that throws keeps its state, and the others go on. */
  function step(deviceId: string, input: Input, folded: Folded): Raised[] {
    const context = contexts.get(deviceId)
    const raised: Raised[] = []
    for (const { rule, table } of ruleStates)
      stepRule({ rule, table, deviceId, input, context, raised, folded })
    return raised
  }

  function tick(record: StoredRecord, folded: Folded): void {
    const found: { deviceId: string; raised: Raised }[] = []
    const input: Input = { type: 'tick', now }
    for (const { rule, table } of ruleStates) {
      if (!rule.ticks) continue
      for (const deviceId of sortedKeys(table)) {
        const raised: Raised[] = []
        const context = contexts.get(deviceId)
        stepRule({ rule, table, deviceId, input, context, raised, folded })
        for (const one of raised) found.push({ deviceId, raised: one })
      }
    }
    for (let i = 0; i < found.length; i++) {
      const { deviceId, raised } = found[i] as { deviceId: string; raised: Raised }
      folded.findings.push(toFinding({ raised, fault: undefined }, { ...record, deviceId }, i))
    }
    // Held findings carry the id of their own record, so the order of devices is all that must be fixed.
    for (const held of flood.release(now).sort((a, b) => (a.id < b.id ? -1 : 1))) folded.findings.push(held)
    resends.expire(now)
    for (const [run, { at }] of runs.entries()) if (at < now - REMEMBER_FOR_MS) runs.delete(run)
  }

  function changeContext(record: StoredRecord, folded: Folded): void {
    const payload = JSON.parse(Buffer.from(record.payload).toString()) as ContextPayload
    if ('seq' in payload) {
      meta.set('contextSeq', payload.seq)
      return
    }
    if ('zone' in payload) {
      contexts.setZone(payload.zone)
      return
    }
    contexts.set(record.deviceId, payload.context)
    const raised = step(record.deviceId, { type: 'context', now }, folded)
    for (let i = 0; i < raised.length; i++) {
      folded.findings.push(toFinding({ raised: raised[i] as Raised, fault: undefined }, record, i))
    }
  }

  function toFinding({ raised, fault }: Found, record: StoredRecord, ordinal: number): Finding {
    const { evidence, ...rest } = raised
    const residentId = contexts.get(record.deviceId).residentId
    return {
      id: `${record.receipt}-${ordinal.toString(36)}`,
      ...rest,
      deviceId: record.deviceId,
      ...(residentId != null && { residentId }),
      receivedAt: record.receivedAt,
      evidence: fault ? { ...evidence, ...fault } : evidence,
    }
  }

  return { apply, takeChanges: state.takeChanges, contextSeq: () => meta.get('contextSeq') ?? 0 }
}

/** The hub's clock was set back when a record comes this long before the newest: then time is what it says now. */
const SET_BACK_MS = 2 * 60_000

/** Records of several brokers may come a little out of order; that moves no time back. */
const timeAfter = (now: EpochMs, receivedAt: EpochMs): EpochMs =>
  receivedAt > now || receivedAt < now - SET_BACK_MS ? receivedAt : now

function stepRule({
  rule,
  table,
  deviceId,
  input,
  context,
  raised,
  folded,
}: {
  rule: Rule
  table: Table<unknown>
  deviceId: string
  input: Input
  context: Context
  raised: Raised[]
  folded: Folded
}): void {
  try {
    const step = rule.step(table.get(deviceId) ?? rule.start(), input, context)
    if (!step) return
    if (step.state === null) table.delete(deviceId)
    else if (step.state !== undefined) table.set(deviceId, step.state)
    if (step.findings) for (const finding of step.findings) raised.push(finding)
  } catch (error) {
    folded.ruleErrors.push({ rule: rule.name, deviceId, error })
  }
}

const sortedKeys = (table: Table<unknown>): string[] => [...table.entries()].map(([key]) => key).sort()
