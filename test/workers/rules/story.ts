// A device's story in virtual time, told to rules as the fold tells it: inputs in order, state as JSON between.

import { deepStrictEqual } from 'node:assert/strict'
import type { DeviceEvent } from '../../../model/event.ts'
import type { Telemetry } from '../../../model/telemetry.ts'
import { type EpochMs, epochMs } from '../../../model/units.ts'
import type { Zone } from '../../../model/zone.ts'
import { type Context, type Input, NO_CONTEXT, type Raised, type Rule } from '../../../workers/rule.ts'

export const START_AT = epochMs(Date.UTC(2027, 2, 1, 8))
export const TICK_MS = 10_000

export type Story = {
  now(): EpochMs
  /** Lets time pass, with a tick every 10 s. Returns what that raised. */
  pass(ms: number): Raised[]
  /** The hub is down: time passes without ticks. */
  outage(ms: number): void
  /** The clock of the hub was ahead by so much, and is set right. */
  setBack(ms: number): void
  /** A sample of now, or of `lateMs` ago. */
  sample(sample: Telemetry, lateMs?: number): Raised[]
  event(event: DeviceEvent, lateMs?: number): Raised[]
  unreadable(raw: string): Raised[]
  /** The registry changes. */
  change(context: Partial<Context>): Raised[]
  /** Everything raised so far. */
  raised: Raised[]
  /** States by rule, for a look. */
  states: ReadonlyMap<string, unknown>
}

export function tell(rules: readonly Rule[], context: Partial<Context> = {}): Story {
  const states = new Map<string, string>()
  const raised: Raised[] = []
  let known: Context = { ...NO_CONTEXT, residentId: 'elder', ...context }
  let now = START_AT
  let gapMs = 0

  function put(input: Input): Raised[] {
    const found: Raised[] = []
    for (const rule of rules) {
      const stored = states.get(rule.name)
      if (input.type === 'tick' && !(rule.ticks && stored !== undefined)) continue
      const state = stored === undefined ? rule.start() : readState(rule, stored)
      const before = JSON.stringify(state)
      const step = rule.step(state, input, known)
      if (JSON.stringify(state) !== before) throw new Error(`${rule.name} changed its state in place`)
      if (step?.state === null) states.delete(rule.name)
      else if (step?.state !== undefined) states.set(rule.name, written(rule, step.state))
      if (step?.findings) found.push(...step.findings)
    }
    raised.push(...found)
    return found
  }

  const times = (lateMs: number) => ({ now, at: epochMs(now - lateMs), lateMs })

  return {
    now: () => now,
    pass(ms) {
      const found: Raised[] = []
      const until = now + ms
      while (now < until) {
        const nextTick = START_AT + (Math.floor((now - START_AT) / TICK_MS) + 1) * TICK_MS
        now = epochMs(Math.min(nextTick, until))
        if (now !== nextTick) continue
        found.push(...put(gapMs > 0 ? { type: 'tick', now, gapMs } : { type: 'tick', now }))
        gapMs = 0
      }
      return found
    },
    outage(ms) {
      now = epochMs(now + ms)
      gapMs += ms
    },
    setBack(ms) {
      now = epochMs(now - ms)
    },
    sample: (sample, lateMs = 0) => put({ type: 'sample', sample, ...times(lateMs) }),
    event: (event, lateMs = 0) => put({ type: 'event', event, bytesHash: 'hash', ...times(lateMs) }),
    unreadable: raw => put({ type: 'unreadable', reason: 'not_json', raw, bytesHash: 'hash', ...times(0) }),
    change(changed) {
      known = { ...known, ...changed }
      return put({ type: 'context', now })
    },
    raised,
    states,
  }
}

const readState = ({ storedAs }: Rule, json: string): unknown =>
  storedAs ? storedAs.unpack(JSON.parse(json)) : JSON.parse(json)

/** What is written down must be read as just what it was. */
function written({ storedAs }: Rule, state: unknown): string {
  if (storedAs === undefined) return JSON.stringify(state)
  const json = JSON.stringify(storedAs.pack(state))
  deepStrictEqual(asJson(storedAs.unpack(JSON.parse(json))), asJson(state))
  return json
}

const asJson = (state: unknown): unknown => JSON.parse(JSON.stringify(state))

/** Home: 37.51° N 122.12° E. */
export const HOME = { lat: 37.51, lon: 122.12 }

/** A place so many metres east and north of home. */
export const placed = (eastM: number, northM = 0): { lat: number; lon: number } => ({
  lat: HOME.lat + northM / 111_195,
  lon: HOME.lon + eastM / (111_195 * Math.cos((HOME.lat * Math.PI) / 180)),
})

/** A circle around a place east of home. */
export const circle = (zone: Partial<Zone> & { eastM?: number; radiusM?: number } = {}): Zone => {
  const { eastM = 0, radiusM = 300, ...rest } = zone
  const { lat, lon } = placed(eastM)
  const shape = { circle: { center: [lon, lat] as [number, number], radiusM } }
  return {
    id: 'home',
    name: '家',
    kind: 'safe',
    shape,
    schedule: [],
    timeZone: null,
    dwellMs: 60_000,
    residentId: 'elder',
    areaId: null,
    ...rest,
  }
}
