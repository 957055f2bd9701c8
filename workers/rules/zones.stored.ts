// How the state of an elder's places is written down (bits.ts): times relative to that of the newest fix, degrees in
// steps of a millionth, zones and their owners by their marks. Times come again: those of fixes, and when an edge was
// crossed. Each is written once, and then by its place among those that were.

import { SEVERITIES } from '../../model/finding.ts'
import { type EpochMs, epochMs } from '../../model/units.ts'
import { type Bits, storedAsBits } from '../bits.ts'
import type { Crossing, Watch } from './crossing.ts'
import { dangerKey } from './danger-zone.ts'
import type { KeptFix } from './kept-fix.ts'
import { MARK_BITS } from './mark.ts'
import type { Track } from './track.ts'
import type { Trail } from './trail.ts'
import type { Watches } from './walk.ts'
import type { WayOut } from './way-out.ts'
import { areaFence, elderFence } from './zone-exit.ts'
import type { ZonesState } from './zones.ts'

const DEGREE = 1e6

export const zonesStored = storedAsBits<ZonesState>((bits, state) => {
  const w = bits.bits(state?.w ?? 0, 32)
  const until = epochMs(bits.count(untilOf(state), 41))
  const track = trackOf(bits, state?.track, until)
  const edgeAt = bits.flag(state?.edgeAt !== undefined)
    ? epochMs(until + bits.whole((state?.edgeAt ?? 0) - until, 26))
    : undefined
  const isLate = bits.flag(state?.isLate === true) ? true : undefined
  const times = openTimes(bits, track, until)
  const watches = bits.flag(state?.watches !== undefined)
    ? watchesOf(bits, state?.watches, { w, times })
    : undefined
  return { w, track, watches, edgeAt, isLate }
})

const untilOf = (state: ZonesState | undefined): number =>
  state?.track.recent.at(-1)?.[0] ?? state?.track.at ?? 0

function trackOf(bits: Bits, its: Track | undefined, until: EpochMs): Track {
  const recent = fixesOf(bits, its?.recent, [until, 0, 0, 0, 0])
  const at = bits.flag(its?.at !== undefined)
    ? epochMs(until + bits.whole((its?.at ?? 0) - until, 18))
    : undefined
  const held = bits.flag(its?.held !== undefined)
    ? fixesOf(bits, its?.held, recent.at(-1) ?? [until, 0, 0, 0, 0])
    : undefined
  return { at, recent, held }
}

/** Each as it differs from the one before it. */
function fixesOf(bits: Bits, its: readonly KeptFix[] | undefined, from: KeptFix): KeptFix[] {
  let last = from
  return Array.from({ length: bits.count(its?.length ?? 0, 2) }, (_, i) => {
    last = fixOf(bits, its?.[i], last)
    return last
  })
}

function fixOf(bits: Bits, its: KeptFix | undefined, last: KeptFix): KeptFix {
  const at = epochMs(last[0] + bits.whole((its?.[0] ?? 0) - last[0], 17))
  return [
    at,
    degrees(bits, its?.[1], last[1]),
    degrees(bits, its?.[2], last[2]),
    tenths(bits, its?.[3]),
    bits.bits(its?.[4] ?? 0, 3),
  ]
}

/** A step from the last fix of a walk is small, from nowhere it is not. */
function degrees(bits: Bits, its: number | undefined, last: number): number {
  const from = Math.round(last * DEGREE)
  return (from + bits.whole(Math.round((its ?? 0) * DEGREE) - from, from === 0 ? 27 : 10)) / DEGREE
}

const TENTHS = 10

const tenths = (bits: Bits, metres: number | undefined): number =>
  bits.count((metres ?? 0) * TENTHS, 9) / TENTHS

type Times = (its: EpochMs | undefined) => EpochMs

/** The times of the fixes are known already. */
function openTimes(bits: Bits, { at, recent, held = [] }: Track, until: EpochMs): Times {
  const known = [
    ...new Set([until, ...recent.map(fix => fix[0]), ...held.map(fix => fix[0]), ...(at ? [at] : [])]),
  ]
  return its => {
    const place = bits.count(its === undefined ? 0 : known.indexOf(its) + 1, 2)
    if (place > 0) return known[place - 1] ?? epochMs(Number.NaN)
    const time = epochMs(until - bits.whole(until - (its ?? 0), 20))
    known.push(time)
    return time
  }
}

type Seen = { w: number; times: Times }

/** Edges that lie near each other were crossed by the same fixes. */
type Edge = { mark: number | undefined; times: Times; last: Watch | undefined }

/** A count, which is often that of the edge before. */
const again = (bits: Bits, its: number | undefined, last: number | undefined, order: number): number =>
  last !== undefined && bits.flag(its === last) ? last : bits.count(its ?? 0, order)

function watchesOf(bits: Bits, its: Watches | undefined, seen: Seen): Watches {
  const all: Record<string, Watch> = {}
  const entries = Object.entries(its ?? {})
  const count = bits.count(entries.length, 1)
  let last: Watch | undefined
  for (let i = 0; i < count; i++) {
    const [key, watch] = entries[i] ?? []
    const edge = edgeOf(bits, key, seen.w)
    last = watchOf(bits, watch, { times: seen.times, mark: edge.zone, last })
    all[edge.key] = last
  }
  return all
}

/** What keys begin with, and what they are made by. */
const EDGES = [dangerKey, areaFence, elderFence] as const

/** An edge by its key, and the mark of its zone, where it is that of one zone. */
function edgeOf(bits: Bits, its: string | undefined, w: number): { key: string; zone: number | undefined } {
  const own = elderFence(w)
  if (bits.flag(its === own)) return { key: own, zone: undefined }
  const kind = bits.bits(
    EDGES.findIndex(key => its?.[0] === key(0)[0]),
    2,
  )
  const key = EDGES[kind] ?? dangerKey
  const mark = bits.bits(Number(its?.slice(1)), key === elderFence ? 32 : MARK_BITS)
  return { key: key(mark), zone: key === dangerKey ? mark : undefined }
}

function watchOf(bits: Bits, its: Watch | undefined, edge: Edge): Watch {
  const refuted = bits.bits(its?.refuted ?? 0, 2)
  const nearAt = edge.times(its?.nearAt)
  const crossing = bits.flag(its?.crossing != null) ? crossingOf(bits, its?.crossing, edge) : null
  const way = bits.flag(its?.way !== undefined) ? wayOf(bits, its?.way, edge) : undefined
  const lastM = bits.flag(its?.lastM !== undefined) ? lastMOf(bits, its?.lastM, way) : undefined
  return { crossing, refuted, nearAt, way, lastM }
}

function crossingOf(bits: Bits, its: Crossing | null | undefined, { mark, times, last }: Edge): Crossing {
  const since = times(its?.since)
  const fixes = again(bits, its?.fixes, last?.crossing?.fixes, 2)
  const zone =
    mark !== undefined && bits.flag(its?.zone === mark) ? mark : bits.bits(its?.zone ?? 0, MARK_BITS)
  const raised =
    SEVERITIES[bits.bits(its?.raised == null ? 0 : SEVERITIES.indexOf(its.raised) + 1, 2) - 1] ?? null
  const backSince = bits.flag(its?.backSince != null) ? times(its?.backSince ?? undefined) : null
  const backFixes = bits.count(its?.backFixes ?? 0, 0)
  const trail = bits.flag(its?.trail !== undefined)
    ? trailOf(bits, its?.trail, { fixes, times, last: last?.crossing?.trail })
    : undefined
  return { since, fixes, zone, trail, raised, backSince, backFixes }
}

const trailOf = (
  bits: Bits,
  its: Trail | undefined,
  { fixes, times, last }: { fixes: number; times: Times; last: Trail | undefined },
): Trail => ({
  wentAt: times(its?.wentAt),
  fixes: fixes + bits.whole((its?.fixes ?? 0) - fixes, 0),
  bestM: again(bits, its && its.bestM * TENTHS, last && last.bestM * TENTHS, 9) / TENTHS,
  isClear: bits.flag(its?.isClear === true),
})

const HUNDREDTHS = 100

const wayOf = (bits: Bits, its: WayOut | undefined, { times, last }: Edge): WayOut => ({
  wentAt: times(its?.wentAt),
  odds: bits.whole((its?.odds ?? 0) * HUNDREDTHS, 10) / HUNDREDTHS,
  most: bits.count((its?.most ?? 0) * HUNDREDTHS, 9) / HUNDREDTHS,
  fixes: again(bits, its?.fixes, last?.way?.fixes, 2),
  exact: bits.flag(its?.exact !== undefined) ? lastOf(bits, its?.exact, times) : undefined,
  inexact: bits.flag(its?.inexact !== undefined) ? lastOf(bits, its?.inexact, times) : undefined,
})

const lastOf = (bits: Bits, its: WayOut['exact'], times: Times): NonNullable<WayOut['exact']> => [
  times(its?.[0]),
  beyond(bits, its?.[1]),
]

const beyond = (bits: Bits, metres: number | undefined): number =>
  bits.whole((metres ?? 0) * TENTHS, 10) / TENTHS

/** Nearly always it is what the way knows of the last fix of either kind. */
function lastMOf(bits: Bits, its: number | undefined, way: WayOut | undefined): number {
  for (const last of [way?.exact, way?.inexact]) if (last && bits.flag(its === last[1])) return last[1]
  return beyond(bits, its)
}
