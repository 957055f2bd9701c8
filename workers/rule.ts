// What a rule is: a pure step over one device's ordered inputs. It reads no clock, no database and no
// environment; time and configuration come as inputs, so the same log gives the same findings, always.

import type { DeviceEvent } from '../model/event.ts'
import type { FindingKind, Severity } from '../model/finding.ts'
import type { Motion } from '../model/motion.ts'
import type { Unreadable } from '../model/parse.ts'
import { USUAL_CARE } from '../model/resident.ts'
import type { Telemetry } from '../model/telemetry.ts'
import type { EpochMs } from '../model/units.ts'
import type { Zone } from '../model/zone.ts'
import type { DeviceContext } from '../records/contexts.ts'
import type { AreaZones } from './area-zones.ts'

/** What the registry says about a device: who wears it, how they live, and which zones hold for them. */
export type Context = DeviceContext & {
  /** The wearer's own zones. */
  zones: readonly Zone[]
  /** The zones of the areas above, as far as these have any; shared by all devices there. */
  areas?: readonly AreaZones[]
}

export const NO_CONTEXT: Context = {
  residentId: null,
  areaId: null,
  wandering: false,
  livesAlone: false,
  ...USUAL_CARE,
  intervalMs: null,
  zones: [],
}

/** `now` is the receive time and does not go back by itself; `at` is when it happened; `lateMs` is the way between. */
export type Input = { now: EpochMs } & (
  | { type: 'sample'; at: EpochMs; lateMs: number; sample: Telemetry }
  | { type: 'event'; at: EpochMs; lateMs: number; event: DeviceEvent; bytesHash: string }
  /** `at` is when its first sample was taken, or when it came. */
  | { type: 'burst'; at: EpochMs; lateMs: number; motion: Motion }
  | { type: 'unreadable'; at: EpochMs; lateMs: number; reason: Unreadable; raw: string; bytesHash: string }
  /** Time has passed: every 10 s, for rules that ask for it. */
  | {
      type: 'tick'
      /** How much of the time since the last tick nobody listened to devices: the hub, or all brokers, were away. */
      gapMs?: number
    }
  /** A fall was found in this device's bursts, which are in another lane; `fallId` is that finding's. */
  | { type: 'fall'; at: EpochMs; fallId: string }
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

/**
 * What a step changes: the device's state under this rule (`null` forgets it), what it found, and the parts of the
 * input that it did not believe, such as `vitals.hr`; they are counted.
 */
export type Step<S> = {
  state?: S | null
  findings?: readonly Raised[]
  ignored?: readonly string[]
}

export type Rule<S = unknown> = {
  name: string
  /** Raise it when `S` or its meaning changes: stored state of another version starts anew. */
  version: number
  /** What is taken over of earlier ones. */
  older?: readonly Older<S>[]
  /** How it is written down where that is shorter; else as its JSON. */
  storedAs?: StoredAs<S>
  /** Whether `tick` inputs are wanted by devices that have state. */
  ticks: boolean
  start(): S
  /** Undefined when nothing changes. State is JSON and is never changed in place. */
  step(state: S, input: Input, context: Context): Step<S> | undefined
}

/** What a rule stored under another name or version, and what it is in the state of today. */
export type Older<S> = { name: string; version: number; migrate(stored: unknown): S }

/** State as it is stored, which is JSON too. What is packed and unpacked is the same state, to the last digit. */
export type StoredAs<S> = { pack(state: S): unknown; unpack(stored: unknown): S }

/** A sample older than this fills state and charts, and raises only what still holds now. */
export const STALE_MS = 10 * 60_000

/**
 * What was taken this long after now was taken under a clock of the hub that has been set back since: devices are
 * believed for two minutes ahead. As the newest it would make all that follows look old, until time has caught up.
 */
export const AHEAD_MS = 10 * 60_000
