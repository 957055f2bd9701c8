// The history seam: what devices said, kept for charts, maps and replays. Two engines stand beside it; one suite in
// test/contract/ runs over both. Alarms never wait for it, and nothing of it is asked for by a rule.
//
// A message is known by its device, its kind, `at` and `nudgeNs`. Writing it again changes nothing, so that whoever
// writes may begin anew after a failure.

import type { LogEntry } from '../broker/stream.ts'
import type { Bucket, Metric } from '../model/history.ts'
import type { Telemetry } from '../model/telemetry.ts'
import type { EpochMs } from '../model/units.ts'

/** What every kept message has. */
export type Heard = {
  deviceId: string
  /** When it happened: device time where that could be believed. */
  at: EpochMs
  /** Tells messages of a device with the same `at` apart; nanoseconds, below two seconds by far. */
  nudgeNs: number
  receivedAt: EpochMs
}

export type KeptSample = Heard & {
  type: 'sample'
  /** What the device claimed, where it was not believed. */
  deviceTs?: number
  sample: Telemetry
}

/** Events and bursts as they were sent, to the byte: rules read all of it. `cut`: only the beginning was stored. */
export type KeptMessage = Heard & { type: 'event' | 'motion'; payload: Uint8Array; cut: boolean }

export type Kept = KeptSample | KeptMessage
export type KeptType = Kept['type']

/** An entry as it is stored in a log. */
export type LoggedEntry = Pick<LogEntry, 'lane' | 'data'>

/** What became of entries: how many messages they held by kind, and what is not kept of them, now or later. */
export type Written = Readonly<Record<KeptType, number>> & {
  /** Messages that the engine would not have, for what they are. */
  refused: number
  /** Entries that nobody can read, by their place. */
  unread: readonly { index: number; reason: string }[]
}

/** `from` is in, `to` is not; epoch ms. */
export type Span = { deviceId: string; from: number; to: number }

/** Stretches of `everyMs`, of which one begins at `origin`, which is not after `from`. */
export type BucketRequest = Span & { metric: Metric; everyMs: number; origin: number }

/** The newest sample, the newest with a position, and the newest with a vital sign. */
export type Newest = { any?: KeptSample; fix?: KeptSample; vitals?: KeptSample }
export const NEWEST = ['any', 'fix', 'vitals'] as const satisfies readonly (keyof Newest)[]

/** Epoch ms. Positions go no later than readings do. */
export type RetainLimits = {
  /** Of positions, and of events and bursts, which hold them. */
  positionsBefore: number
  readingsBefore: number
}
/** Positions and messages that held some; samples that are gone, with what they said. */
export type LetGo = { positions: number; readings: number }

export type History = {
  /**
   * Keeps what entries of `in` logs hold, and reads them for that as it sees fit; their bytes stay as they are and
   * with whoever else has them. Resolves when the engine has all of it. @throws HubError UNAVAILABLE: all of them have
   * to be written again.
   */
  write(entries: readonly LoggedEntry[]): Promise<Written>
  /** Messages of one kind, in the order of `at`, in portions. @throws HubError UNAVAILABLE */
  read(span: Span & { type: KeptType }): AsyncIterable<readonly Kept[]>
  /** A metric over time; stretches without a reading are left out. @throws HubError UNAVAILABLE */
  buckets(request: BucketRequest): Promise<Bucket[]>
  /**
   * Of the span; an engine may look only at the last `LATEST_DAYS` of it. Each of `of` is a question of its own: all of
   * them where it is not given. @throws HubError UNAVAILABLE
   */
  newest(asked: Span & { of?: readonly (keyof Newest)[] }): Promise<Newest>
  /**
   * Lets go of what is older than it may be, by whole days of UTC, and tells of each slice how much that was: whoever
   * asks rests in between, or stops. Nothing where that is the engine's own business. @throws HubError UNAVAILABLE
   */
  retain(limits: RetainLimits): AsyncIterable<LetGo>
  /**
   * Removes what happened in these spans, whatever its kind, and resolves when none of it can be read any more. What is
   * on its way to be written may come afterwards: whoever erases does it again when the archive is past it.
   * @throws HubError UNAVAILABLE: nobody knows what is left.
   */
  erase(spans: readonly Span[]): Promise<void>
}

/** An engine, opened. It may be away then and later: whoever asks is told, and asks again. */
export type OpenHistory = {
  history: History
  /** How long it keeps what it has is set where it is, and not by the hub. */
  keepsItself?: true
  /** Resolves when it answers. @throws HubError UNAVAILABLE */
  ping(): Promise<void>
  close(): Promise<void>
}

/** What is older than this is nobody's latest. */
export const LATEST_DAYS = 7
export const DAY_MS = 24 * 3_600_000

/** Whether a sample of a device carries any vital sign. */
export const hasVitals = ({ vitals }: Telemetry): boolean =>
  vitals !== undefined && Object.values(vitals).some(value => value !== undefined && value !== 0)
