// A device that keeps raising more than ten findings of one kind a second: the surplus is folded into one finding
// with a count. What it sends again after an outage passes one by one; so do other kinds of the same device, and
// all other devices: a flood of one thing never hides another.

import type { Finding } from '../model/finding.ts'
import type { EpochMs } from '../model/units.ts'
import type { Column, DeviceState } from './device-state.ts'

export const FINDINGS_PER_SECOND = 10
/** As many pass one by one before the rate counts: a watch that was out of reach for hours brings its presses. */
export const BURST = 1_000
/** Event ids listed in a folded finding; the count says how many there were. */
const IDS_LISTED = 1_000

/** A token bucket a kind, and the finding that stands for what had no token. */
type Bucket = { tokens: number; at: EpochMs; held?: Finding }
export type Flood = Readonly<Record<string, Bucket>>

export type FloodGate = {
  /** What goes on of this finding now: itself, itself with a count, or nothing yet. */
  pass(device: DeviceState, finding: Finding, now: EpochMs): Finding | undefined
  /** What was held back, at the latest one tick after it came; `isAhead` are passed over. */
  release(now: EpochMs, isAhead: (device: DeviceState) => boolean): Finding[]
}

export function createFloodGate(column: Column<Flood>): FloodGate {
  return {
    pass(device, finding, now) {
      const flood = column.get(device) ?? {}
      const bucket = refill(flood[finding.kind], now)
      const merged = bucket.held ? merge(bucket.held, finding) : finding
      const passes = bucket.tokens >= 1
      const next: Bucket = passes
        ? { tokens: bucket.tokens - 1, at: now }
        : { tokens: bucket.tokens, at: now, held: merged }
      column.set(device, { ...flood, [finding.kind]: next })
      return passes ? merged : undefined
    },

    release(now, isAhead) {
      const released: Finding[] = []
      for (const device of column.holders()) {
        const flood = column.get(device)
        if (flood === undefined || isAhead(device)) continue
        for (const { held } of Object.values(flood)) if (held) released.push(held)
        const isQuiet = Object.values(flood).every(bucket => refill(bucket, now).tokens >= BURST)
        if (isQuiet) column.delete(device)
        else
          column.set(
            device,
            mapBuckets(flood, ({ tokens, at }) => ({ tokens, at })),
          )
      }
      return released
    },
  }
}

function refill(bucket: Bucket | undefined, now: EpochMs): Bucket {
  if (!bucket) return { tokens: BURST, at: now }
  const gained = (Math.max(0, now - bucket.at) / 1000) * FINDINGS_PER_SECOND
  return { ...bucket, tokens: Math.min(BURST, bucket.tokens + gained), at: now }
}

/** The newer finding, standing for the older ones as well. */
function merge(held: Finding, newer: Finding): Finding {
  const ids = [...eventIds(held), ...eventIds(newer)].slice(0, IDS_LISTED)
  return {
    ...newer,
    count: (held.count ?? 1) + 1,
    evidence: { ...newer.evidence, ...(ids.length > 0 && { eventIds: ids }) },
  }
}

function eventIds(finding: Finding): string[] {
  const listed = finding.evidence.eventIds
  if (Array.isArray(listed)) return listed as string[]
  return finding.eventId === undefined ? [] : [finding.eventId]
}

const mapBuckets = (flood: Flood, change: (bucket: Bucket) => Bucket): Flood =>
  Object.fromEntries(Object.entries(flood).map(([kind, bucket]) => [kind, change(bucket)]))
