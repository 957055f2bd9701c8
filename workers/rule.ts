// What a rule is: a pure step over one device's ordered inputs. It reads no clock, no database and no
// environment; time and configuration come as inputs, so the same log gives the same findings, always.

import type { DeviceEvent } from '../model/event.ts'
import type { FindingKind, Severity } from '../model/finding.ts'
import type { Unreadable } from '../model/parse.ts'
import type { Telemetry } from '../model/telemetry.ts'
import type { EpochMs } from '../model/units.ts'
import type { Zone } from '../model/zone.ts'

/** What the registry says about a device: who wears it and which zones hold for the wearer. */
export type Context = {
  residentId: string | null
  wandering: boolean
  /** The wearer's own zones and those of the areas above. */
  zones: readonly Zone[]
}

export const NO_CONTEXT: Context = { residentId: null, wandering: false, zones: [] }

/** `now` is the receive time and does not go back by itself; `at` is when it happened; `lateMs` is the way between. */
export type Input = { now: EpochMs } & (
  | { type: 'sample'; at: EpochMs; lateMs: number; sample: Telemetry }
  | { type: 'event'; at: EpochMs; lateMs: number; event: DeviceEvent; bytesHash: string }
  | { type: 'unreadable'; at: EpochMs; lateMs: number; reason: Unreadable; raw: string; bytesHash: string }
  /** Time has passed: every 10 s, for rules that ask for it. */
  | { type: 'tick' }
  /** The registry changed: `context` is the new one. */
  | { type: 'context' }
)

/** A finding as a rule makes it; the fold adds id, device and resident. */
export type Raised = {
  kind: FindingKind
  severity: Severity
  /** When it happened; the input's own time where it has one. */
  at: EpochMs
  lateMs: number
  evidence: Record<string, unknown>
  eventId?: string
  bytesHash?: string
  /** The technical condition has ended. */
  ended?: true
  count?: number
}

/** What a step changes: the device's state under this rule (`null` forgets it), and what it found. */
export type Step<S> = { state?: S | null; findings?: readonly Raised[] }

export type Rule<S = unknown> = {
  name: string
  /** Raise it when `S` or its meaning changes: stored state of another version starts anew. */
  version: number
  /** Whether `tick` inputs are wanted by devices that have state. */
  ticks: boolean
  start(): S
  /** Undefined when nothing changes. State is JSON and is never changed in place. */
  step(state: S, input: Input, context: Context): Step<S> | undefined
}

/** A sample older than this fills state and charts, and raises only what still holds now. */
export const STALE_MS = 10 * 60_000
