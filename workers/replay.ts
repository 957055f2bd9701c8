// The live fold over records that were kept, in virtual time: what they raise, and what they would have raised under
// other zones. Ticks are made as an owner makes them, from the times at which the records were received.

import { encodeEntry, type RawRecord, type RecordKind } from '../broker/entry.ts'
import type { Finding } from '../model/finding.ts'
import { LANES, type Lane, lanesOfEvent } from '../model/lane.ts'
import { parseEvent } from '../model/parse.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import type { ContextPayload } from './context-notes.ts'
import { fallNotesOf } from './fall-notes.ts'
import { type Fold, openFold } from './fold.ts'
import { emptyFolded, type Folded } from './folded.ts'
import type { Context, Rule } from './rule.ts'

/** As often as owners tick (partition.ts). */
const TICK_EVERY_MS = 10_000
/** Ticks of one entry. */
const TICKS_AT_ONCE = 1_000
/** In a longer gap time stands still after this: so long nobody waits for ten million ticks. */
export const GAP_AT_MOST_MS = 92 * 24 * 3_600_000

/** Something that a device said, as it was received; `payload` is JSON. */
export type KeptRecord = {
  receivedAt: EpochMs
  deviceId: string
  kind: Extract<RecordKind, 'telemetry' | 'event' | 'motion'>
  payload: string
}

export type Replay = {
  /** Folds the next record, and the time that passed before it. What it was not able to read is in `rejects`. */
  take(record: KeptRecord): Folded
}

/** A replay of the records of one elder's devices, all of them under one context. */
export function openReplay({
  rules,
  context,
}: {
  rules: Readonly<Record<Lane, readonly Rule[]>>
  context: Context
}): Replay {
  const lanes = LANES.map(lane => ({ lane, fold: openFold({ rules: rules[lane], stored: new Map() }) }))
  const known = new Set<string>()
  let batch = 0
  let now: EpochMs | undefined

  function append(fold: Fold, records: readonly RawRecord[], folded: Folded): void {
    if (records.length > 0) fold.apply(encodeEntry({ run: 'replay', batch: ++batch, records }), folded)
  }

  function passUntil(at: EpochMs, folded: Folded): void {
    const ticks = now === undefined ? [] : ticksBetween(now, at)
    for (let i = 0; i < ticks.length; i += TICKS_AT_ONCE) {
      const some = ticks.slice(i, i + TICKS_AT_ONCE)
      for (const { fold } of lanes) append(fold, some, folded)
    }
    folded.findings.sort((a, b) => a.receivedAt - b.receivedAt)
  }

  function introduce(deviceId: string, at: EpochMs, folded: Folded): void {
    if (known.has(deviceId)) return
    known.add(deviceId)
    for (const { lane, fold } of lanes) append(fold, contextOf(deviceId, at, lane, context), folded)
  }

  return {
    take({ receivedAt, deviceId, kind, payload }) {
      const folded = emptyFolded()
      passUntil(receivedAt, folded)
      introduce(deviceId, receivedAt, folded)
      const record = { kind, deviceId, receivedAt, payload: Buffer.from(payload), cut: false }
      const its = lanesOf(kind, payload)
      const before = folded.findings.length
      for (const { lane, fold } of lanes) if (its.includes(lane)) append(fold, [record], folded)
      // A fall that a burst shows is found in one lane, and what follows it in another.
      const falls = kind === 'motion' ? fallNotesOf(folded.findings.slice(before), receivedAt) : []
      for (const { lane, fold } of lanes) if (lane === 'routine') append(fold, falls, folded)
      now = receivedAt
      return folded
    },
  }
}

/** Every ten seconds of the clock, after `from` and up to `to`. */
function ticksBetween(from: EpochMs, to: EpochMs): RawRecord[] {
  const ticks: RawRecord[] = []
  const last = Math.min(to, from + GAP_AT_MOST_MS)
  for (let at = (Math.floor(from / TICK_EVERY_MS) + 1) * TICK_EVERY_MS; at <= last; at += TICK_EVERY_MS)
    ticks.push({ kind: 'tick', deviceId: '', receivedAt: epochMs(at), payload: NOTHING, cut: false })
  return ticks
}

const NOTHING = new Uint8Array(0)

/** As notes.ts tells it to the folds: zones where they are folded, then who wears the device. */
function contextOf(deviceId: string, at: EpochMs, lane: Lane, context: Context): RawRecord[] {
  const { zones: all, areas: _, ...rest } = context
  const zones = lane === 'routine' ? all : []
  const payloads: [string, ContextPayload][] = [
    ...zones.map((zone): [string, ContextPayload] => ['', { zone }]),
    [deviceId, { context: { ...rest, zoneIds: zones.map(({ id }) => id), areaIds: [] } }],
  ]
  return payloads.map(([device, payload]) => ({
    kind: 'context',
    deviceId: device,
    receivedAt: at,
    payload: Buffer.from(JSON.stringify(payload)),
    cut: false,
  }))
}

/** Where the broker appends it. */
function lanesOf(kind: KeptRecord['kind'], payload: string): readonly Lane[] {
  if (kind === 'telemetry') return ['routine']
  if (kind === 'motion') return ['motion']
  const parsed = parseEvent(payload)
  return lanesOfEvent('unreadable' in parsed ? undefined : parsed.value.kind)
}

/** A finding as programs tell it, in the fields of the contract; `count` where it stands for several. */
export function findingLine(finding: Finding): string {
  const { id, kind, severity, deviceId, residentId = null, at, receivedAt, lateMs, count, evidence } = finding
  const told = { id, kind, severity, deviceId, residentId, at, receivedAt, lateMs, count, evidence }
  return `${JSON.stringify(told)}\n`
}
