// What a person's wearables said, put together from what each of them did while they wore it.

import { partitionOf } from '../broker/stream.ts'
import type { Bucket, Chart, Fix, Hole, Latest, Metric, Track } from '../model/history.ts'
import type { Db } from '../records/db.ts'
import { holesOf } from '../records/holes.ts'
import { incompleteBefore } from '../records/retention.ts'
import { type Worn, wornBy } from '../records/worn.ts'
import { isFix, type KeptFix, readFixes } from '../workers/fixes.ts'
import { toWgs84 } from '../workers/geometry/datum.ts'
import { DAY_MS, type History, type KeptSample, LATEST_DAYS, type OpenHistory } from '../workers/history.ts'

/** The history, and into how many parts the log is cut whose holes are shown. */
export type Past = Pick<OpenHistory, 'history' | 'keepsItself'> & { partitions: number }

/** Whose past, and which; epoch ms. */
export type PastOf = { residentId: string; from: number; to: number }

type Sources = { db: Db; past: Past }

/** A metric over time. Where two devices were worn at once, their readings count alike. */
export async function chartOf(
  { db, past }: Sources,
  { residentId, from, to, metric, everyMs }: PastOf & { metric: Metric; everyMs: number },
): Promise<Chart> {
  const worn = await wornBy(db, { residentId, from, to })
  const all = new Map<number, Bucket>()
  for (const span of worn) {
    const some = await past.history.buckets({ ...span, metric, everyMs, origin: from })
    for (const bucket of some) all.set(bucket.at, joined(all.get(bucket.at), bucket))
  }
  const items = [...all.values()].sort((a, b) => a.at - b.at)
  const holes = await holesIn({ db, past }, worn)
  const gap = await incompleteBefore(db, { classes: ['vitals'], from })
  return { metric, from, to, everyMs, items, holes, incompleteBefore: gap }
}

function joined(one: Bucket | undefined, other: Bucket): Bucket {
  if (one === undefined) return other
  const count = one.count + other.count
  return {
    at: one.at,
    mean: (one.mean * one.count + other.mean * other.count) / count,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    count,
  }
}

/** Fixes in the order of `at`, about `limit` of them: those of one instant are never cut apart. */
export async function trackOf(
  { db, past }: Sources,
  { limit, ...asked }: PastOf & { limit: number },
): Promise<Track> {
  const worn = await wornBy(db, asked)
  const fixes: Fix[] = []
  for (const span of worn) fixes.push(...(await firstFixes(past.history, span, limit)))
  fixes.sort((a, b) => a.at - b.at)
  const next = fixes.findIndex((fix, index) => index >= limit && fix.at !== fixes[index - 1]?.at)
  const isWhole = next < 0
  return {
    items: isWhole ? fixes : fixes.slice(0, next),
    next: isWhole ? null : (fixes[next]?.at ?? null),
    holes: await holesIn({ db, past }, worn),
    incompleteBefore: await incompleteBefore(db, { classes: ['tracks'], from: asked.from }),
  }
}

/** `limit` of a device and all of that instant, and the one after them: where the next page begins at the latest. */
async function firstFixes(
  history: History,
  span: { deviceId: string; from: number; to: number },
  limit: number,
): Promise<Fix[]> {
  const fixes: Fix[] = []
  for await (const some of readFixes(history, [span])) {
    for (const kept of some) {
      const isNextInstant = fixes.length >= limit && kept.at !== fixes.at(-1)?.at
      fixes.push(fixOf(kept))
      if (isNextInstant) return fixes
    }
  }
  return fixes
}

function fixOf(kept: KeptFix): Fix {
  const { datum, lat, lon, ...rest } = kept.sample.loc
  return { ...heard(kept), ...toWgs84({ lat, lon }, datum), ...rest }
}

/** The newest of what they wear now. */
export async function latestOf(
  { db, past }: Sources,
  { residentId, now }: { residentId: string; now: number },
): Promise<Latest> {
  return newestOf(past, await wornBy(db, { residentId, ...latestSpan(now) }))
}

/** How far back the newest is looked for. A device's clock may be ahead by a little, and is believed. */
export const latestSpan = (now: number) => ({ from: now - LATEST_DAYS * DAY_MS, to: now + DAY_MS })

/** The newest of what these devices said while they were worn. */
export async function newestOf({ history }: Pick<Past, 'history'>, worn: readonly Worn[]): Promise<Latest> {
  const latest: Latest = { fix: null, vitals: null, state: null }
  for (const span of worn) {
    const { any, fix, vitals } = await history.newest(span)
    if (any && isNewer(any, latest.state)) latest.state = { ...heard(any), ...stateOf(any) }
    if (fix && isFix(fix) && isNewer(fix, latest.fix)) latest.fix = fixOf(fix)
    if (vitals?.sample.vitals && isNewer(vitals, latest.vitals))
      latest.vitals = { ...heard(vitals), vitals: vitals.sample.vitals }
  }
  return latest
}

const isNewer = ({ at }: KeptSample, known: { at: number } | null): boolean => known === null || at > known.at
const heard = ({ deviceId, at, receivedAt }: KeptSample) => ({ deviceId, at, receivedAt })

const stateOf = ({ sample: { steps, battery, worn, signal } }: KeptSample) => ({
  ...(steps !== undefined && { steps }),
  ...(battery !== undefined && { battery }),
  ...(worn !== undefined && { worn }),
  ...(signal !== undefined && { signal }),
})

/** Holes of the parts of the log that these devices fall to. */
async function holesIn(
  { db, past }: Sources,
  worn: readonly { deviceId: string; from: number; to: number }[],
): Promise<Hole[]> {
  const partitions = [...new Set(worn.map(({ deviceId }) => partitionOf(deviceId, past.partitions)))]
  if (partitions.length === 0) return []
  const from = Math.min(...worn.map(span => span.from))
  const to = Math.max(...worn.map(span => span.to))
  const rows = await holesOf(db, { partitions, from, to })
  return rows.map(({ fromAt, toAt, records }) => ({
    fromAt: Number(fromAt),
    toAt: Number(toAt),
    records: Number(records),
  }))
}
