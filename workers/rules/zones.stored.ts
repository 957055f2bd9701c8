// How the state of an elder's places is written down: ids as they are, all else as numbers in a row (packed.ts), times
// relative to that of the newest fix, degrees in steps of a millionth.
//
//   [whose, text, key, zone, text, key, zone, text …]
//   text := until, parts, [at], [edgeAt], recent, fixes, held, fixes     of the track
//         | refuted, nearAt, parts, [crossing], [trail], [way], [last]   of an edge
//
// The key of an edge is 0 where it is the elder's own fence, and begins with = where it is somebody else's, who wore the
// device; its zone is 0 where nothing was crossed.

import { SEVERITIES } from '../../model/finding.ts'
import { epochMs } from '../../model/units.ts'
import { openPacked, packNumbers } from '../packed.ts'
import type { StoredAs } from '../rule.ts'
import type { Crossing, Watch } from './crossing.ts'
import { isDangerKey } from './danger-zone.ts'
import type { KeptFix } from './kept-fix.ts'
import type { Trail } from './trail.ts'
import type { WayOut } from './way-out.ts'
import { isAreaFence } from './zone-exit.ts'
import { keyOfToday } from './zones.older.ts'
import type { ZonesState } from './zones.ts'

export const zonesStored: StoredAs<ZonesState> = { pack, unpack }

type Stored = [residentId: string | null, track: string, ...watches: (string | 0)[]]
type Read = () => number

const DEGREE = 1e6
const OF_TRACK = { at: 1, edgeAt: 2, isLate: 4 } as const
const OF_EDGE = { crossing: 1, trail: 2, way: 4, last: 8 } as const
const has = (bits: number, bit: number): boolean => Math.floor(bits / bit) % 2 === 1

function pack({ residentId, track, watches = {}, edgeAt, isLate }: ZonesState): Stored {
  const { at, recent, held = [] } = track
  const until = recent.at(-1)?.[0] ?? at ?? 0
  const row = [until]
  const scheduled = edgeAt === undefined ? 0 : OF_TRACK.edgeAt
  row.push((at === undefined ? 0 : OF_TRACK.at) + scheduled + (isLate ? OF_TRACK.isLate : 0))
  if (at !== undefined) row.push(at - until)
  if (edgeAt !== undefined) row.push(edgeAt - until)
  row.push(...fixesRow(recent, until), ...fixesRow(held, until))
  const stored: Stored = [residentId, packNumbers(row)]
  for (const [key, watch] of Object.entries(watches))
    stored.push(storedKey(key, residentId), watch.crossing?.zoneId ?? 0, packNumbers(edgeRow(watch, until)))
  return stored
}

function unpack(value: unknown): ZonesState {
  const [residentId, text, ...edges] = value as Stored
  const read = openPacked(text)
  const until = read()
  const parts = read()
  const at = has(parts, OF_TRACK.at) ? epochMs(until + read()) : undefined
  const edgeAt = has(parts, OF_TRACK.edgeAt) ? epochMs(until + read()) : undefined
  const recent = readFixes(read, until)
  const held = readFixes(read, until)
  const watches: Record<string, Watch> = {}
  for (let i = 0; i < edges.length; i += 3) {
    const [key, zoneId, row] = edges.slice(i, i + 3) as [string | 0, string | 0, string]
    watches[readKey(key, residentId)] = readEdge(openPacked(row), until, zoneId)
  }
  return {
    residentId,
    track: { at, recent, held: held.length === 0 ? undefined : held },
    watches: edges.length === 0 ? undefined : watches,
    edgeAt,
    isLate: has(parts, OF_TRACK.isLate) ? true : undefined,
  }
}

const OTHERS = '='

function storedKey(key: string, residentId: string | null): string | 0 {
  if (key === residentId) return 0
  return isDangerKey(key) || isAreaFence(key) ? key : `${OTHERS}${key}`
}

function readKey(stored: string | 0, residentId: string | null): string {
  if (stored === 0) return residentId ?? ''
  return stored.startsWith(OTHERS) ? stored.slice(OTHERS.length) : keyOfToday(stored, residentId)
}

/** How many, and each as it differs from the one before it. */
function fixesRow(fixes: readonly KeptFix[], until: number): number[] {
  const row = [fixes.length]
  let [lastAt, lastLat, lastLon] = [until, 0, 0]
  for (const [at, latDegrees, lonDegrees, accuracyM, source] of fixes) {
    const [lat, lon] = [Math.round(latDegrees * DEGREE), Math.round(lonDegrees * DEGREE)]
    row.push(at - lastAt, lat - lastLat, lon - lastLon, accuracyM * 10, source)
    lastAt = at
    lastLat = lat
    lastLon = lon
  }
  return row
}

function readFixes(read: Read, until: number): KeptFix[] {
  let [at, lat, lon] = [until, 0, 0]
  return Array.from({ length: read() }, (): KeptFix => {
    at += read()
    lat += read()
    lon += read()
    return [epochMs(at), lat / DEGREE, lon / DEGREE, read() / 10, read()]
  })
}

function edgeRow({ crossing, refuted, nearAt, way, lastM }: Watch, until: number): number[] {
  const trail = crossing?.trail
  const ofWay = (trail ? OF_EDGE.trail : 0) + (way ? OF_EDGE.way : 0)
  const parts = (crossing ? OF_EDGE.crossing : 0) + ofWay + (lastM === undefined ? 0 : OF_EDGE.last)
  return [
    refuted,
    nearAt - until,
    parts,
    ...(crossing ? crossingRow(crossing, until) : []),
    ...(trail ? [trail.wentAt - until, trail.fixes, trail.bestM * 10, trail.isClear ? 1 : 0] : []),
    ...(way ? wayRow(way, until) : []),
    ...(lastM === undefined ? [] : [lastM * 10]),
  ]
}

function readEdge(read: Read, until: number, zoneId: string | 0): Watch {
  const refuted = read()
  const nearAt = epochMs(until + read())
  const parts = read()
  const crossing = has(parts, OF_EDGE.crossing) ? readCrossing(read, until, String(zoneId)) : null
  const trail = has(parts, OF_EDGE.trail) ? readTrail(read, until) : undefined
  const way = has(parts, OF_EDGE.way) ? readWay(read, until) : undefined
  const lastM = has(parts, OF_EDGE.last) ? read() / 10 : undefined
  return { crossing: crossing && { ...crossing, trail }, refuted, nearAt, way, lastM }
}

/** As what it was raised, one more than its place in SEVERITIES; the time of coming back only where one does. */
const crossingRow = ({ since, fixes, raised, backSince, backFixes }: Crossing, until: number): number[] => [
  since - until,
  fixes,
  raised === null ? 0 : SEVERITIES.indexOf(raised) + 1,
  backFixes,
  ...(backSince === null ? [] : [backSince - until]),
]

function readCrossing(read: Read, until: number, zoneId: string): Crossing {
  const [since, fixes, raised, backFixes] = [epochMs(until + read()), read(), read(), read()]
  const backSince = backFixes === 0 ? null : epochMs(until + read())
  return { since, fixes, zoneId, raised: SEVERITIES[raised - 1] ?? null, backSince, backFixes }
}

const readTrail = (read: Read, until: number): Trail => ({
  wentAt: epochMs(until + read()),
  fixes: read(),
  bestM: read() / 10,
  isClear: read() === 1,
})

type Last = WayOut['exact']

function wayRow({ wentAt, odds, most, fixes, exact, inexact }: WayOut, until: number): number[] {
  const lasts = [exact, inexact].flatMap((last: Last) => (last ? [1, last[0] - until, last[1] * 10] : [0]))
  return [wentAt - until, odds * 100, most * 100, fixes, ...lasts]
}

function readWay(read: Read, until: number): WayOut {
  const [wentAt, odds, most, fixes] = [epochMs(until + read()), read() / 100, read() / 100, read()]
  const readLast = (): Last => (read() === 0 ? undefined : ([epochMs(until + read()), read() / 10] as const))
  const exact = readLast()
  return { wentAt, odds, most, fixes, exact, inexact: readLast() }
}
