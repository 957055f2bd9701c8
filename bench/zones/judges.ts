// Who judges a band at a fence: the live rule, a bare inside or outside of each fix, and one who knows what nobody can
// know, the errors as they are made and the walk as it goes.

import { epochMs } from '../../model/units.ts'
import type { Zone } from '../../model/zone.ts'
import { distanceToShapeM } from '../../workers/geometry/shape.ts'
import { type Context, NO_CONTEXT, type Raised } from '../../workers/rule.ts'
import { zones } from '../../workers/rules/zones.ts'
import { type Band, CORRELATED_MS, EDGE_M, HOME, type Said, SIGMAS, SOURCES, said } from './band.ts'

const START_AT = Date.UTC(2027, 2, 1, 8)

const fence: Zone = {
  id: 'home',
  name: '家',
  kind: 'safe',
  shape: { circle: { center: [HOME.lon, HOME.lat], radiusM: EDGE_M } },
  schedule: [],
  timeZone: null,
  dwellMs: 60_000,
  residentId: 'elder',
  areaId: null,
}
const context: Context = { ...NO_CONTEXT, residentId: 'elder', zones: [fence] }

/** When exits were told, in milliseconds after the beginning, and what each said. */
export type Told = { atMs: number[]; raised: Raised[] }

/** The live rule, with a tick after each fix. */
export function byRule(band: Band): Told {
  const told: Told = { atMs: [], raised: [] }
  let state = zones.start()
  for (const { passedMs, loc } of said(band)) {
    const now = epochMs(START_AT + passedMs)
    const input = { type: 'sample', now, at: now, lateMs: 0, sample: { loc } } as const
    for (const each of [input, { type: 'tick', now }] as const) {
      const step = zones.step(state, each, context)
      if (step?.state) state = step.state
      for (const raised of step?.findings ?? []) {
        told.atMs.push(passedMs)
        told.raised.push(raised)
      }
    }
  }
  return told
}

/** Every fix that is out after one that was not. */
export function byFlip(band: Band): Pick<Told, 'atMs'> {
  const atMs: number[] = []
  let wasOut = false
  for (const { passedMs, loc } of said(band)) {
    const isOut = distanceToShapeM(fence.shape, loc) > 0
    if (isOut && !wasOut) atMs.push(passedMs)
    wasOut = isOut
  }
  return { atMs }
}

/** A month has so many fixes that are not alike; one of them may be wrong. */
const SURE = Math.log((30 * 24 * 60 * 60_000) / CORRELATED_MS)

/**
 * One who knows that the elder walks straight east, that they either stopped at the edge or went on, and how errors are
 * made: the likelihoods of both, fix by fix, each error compared with what the last one of its source foretold. No
 * other test that errs so rarely is told sooner (Neyman and Pearson). `waitsMs`: the dwell that a fence asks for, after
 * the edge was truly crossed.
 */
export function byOracle(band: Band, waitsMs = 0): number | undefined {
  const last: ({ passedMs: number; ifStopped: number; ifOn: number } | undefined)[] = []
  let odds = 0
  for (const { passedMs, loc, source } of said(band)) {
    const outM = band.eastM(passedMs) - EDGE_M
    const { ifStopped, ifOn } = errorsOf(loc, band.eastM(passedMs))
    const before = last[source]
    last[source] = { passedMs, ifStopped, ifOn }
    const keep = before === undefined ? 0 : Math.exp((before.passedMs - passedMs) / CORRELATED_MS)
    const acc = SOURCES[source]?.acc ?? 0
    const sigmaM = (band.sigma ?? 1 / SIGMAS) * acc * Math.sqrt(1 - keep * keep)
    const stopped = ifStopped - keep * (before?.ifStopped ?? 0)
    const on = ifOn - keep * (before?.ifOn ?? 0)
    odds += (stopped * stopped - on * on) / (2 * sigmaM * sigmaM)
    if (odds > SURE && outM * 1_000 >= waitsMs) return passedMs
  }
  return undefined
}

/** How far a fix is off to the east, if the elder stopped at the edge, and if they went on. */
function errorsOf({ lon }: Said['loc'], eastM: number): { ifStopped: number; ifOn: number } {
  const saidM = (lon - HOME.lon) * 111_195 * Math.cos((HOME.lat * Math.PI) / 180)
  return { ifStopped: saidM - Math.min(eastM, EDGE_M), ifOn: saidM - eastM }
}
