// How `zones`, version 2, had written down its state: ids as they are, all else as numbers in a row (packed.ts), times
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
import { openPacked } from '../packed.ts'
import type { KeptFix } from './kept-fix.ts'
import type { Trail } from './trail.ts'
import type { WayOut } from './way-out.ts'
import type { CrossingWithId, WatchWithId, ZonesWithIds } from './zones.older.ts'

type Stored = [residentId: string | null, track: string, ...watches: (string | 0)[]]
type Read = () => number

const DEGREE = 1e6
const OF_TRACK = { at: 1, edgeAt: 2, isLate: 4 } as const
const OF_EDGE = { crossing: 1, trail: 2, way: 4, last: 8 } as const
const has = (bits: number, bit: number): boolean => Math.floor(bits / bit) % 2 === 1

/** What was stored. @throws when it is damaged. */
export function unpackZones(value: unknown): ZonesWithIds {
  const [residentId, text, ...edges] = value as Stored
  const read = openPacked(text)
  const until = read()
  const parts = read()
  const at = has(parts, OF_TRACK.at) ? epochMs(until + read()) : undefined
  const edgeAt = has(parts, OF_TRACK.edgeAt) ? epochMs(until + read()) : undefined
  const recent = readFixes(read, until)
  const held = readFixes(read, until)
  const watches: Record<string, WatchWithId> = {}
  for (let i = 0; i < edges.length; i += 3) {
    const [key, zoneId, row] = edges.slice(i, i + 3) as [string | 0, string | 0, string]
    watches[key === 0 ? (residentId ?? '') : key] = readEdge(openPacked(row), until, zoneId)
  }
  return {
    residentId,
    track: { at, recent, held: held.length === 0 ? undefined : held },
    watches: edges.length === 0 ? undefined : watches,
    edgeAt,
    isLate: has(parts, OF_TRACK.isLate) ? true : undefined,
  }
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

function readEdge(read: Read, until: number, zoneId: string | 0): WatchWithId {
  const refuted = read()
  const nearAt = epochMs(until + read())
  const parts = read()
  const crossing = has(parts, OF_EDGE.crossing) ? readCrossing(read, until, String(zoneId)) : null
  const trail = has(parts, OF_EDGE.trail) ? readTrail(read, until) : undefined
  const way = has(parts, OF_EDGE.way) ? readWay(read, until) : undefined
  const lastM = has(parts, OF_EDGE.last) ? read() / 10 : undefined
  return { crossing: crossing && { ...crossing, trail }, refuted, nearAt, way, lastM }
}

function readCrossing(read: Read, until: number, zoneId: string): CrossingWithId {
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

function readWay(read: Read, until: number): WayOut {
  const [wentAt, odds, most, fixes] = [epochMs(until + read()), read() / 100, read() / 100, read()]
  const readLast = (): Last => (read() === 0 ? undefined : ([epochMs(until + read()), read() / 10] as const))
  const exact = readLast()
  return { wentAt, odds, most, fixes, exact, inexact: readLast() }
}
