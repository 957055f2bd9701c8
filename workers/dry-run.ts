// What a zone would have raised: the live rule over positions that were stored. Nothing is written, and nobody is told.

import { setImmediate as breath } from 'node:timers/promises'
import type { Location } from '../model/telemetry.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import { createDeviceClocks, type Lateness } from './device-clock.ts'
import { DeviceState } from './device-state.ts'
import type { Context, Raised } from './rule.ts'
import { nextLookAt, type ZonesState, zones } from './rules/zones.ts'

/** A sample with a position, as it was stored. */
export type StoredFix = { deviceId: string; at: EpochMs; receivedAt: EpochMs; sample: { loc?: Location } }

export type Tried = {
  /** Positions that were looked at. */
  fixes: number
  /** In the order in which they would have been told. */
  findings: (Raised & { deviceId: string })[]
}

/** Owners tick every so often; the rule is asked for the first tick from which on it may have something to say. */
const TICK_MS = 10_000
/** Fixes that are judged at a time, before others of this process have their turn. */
const FIXES_AT_ONCE = 500

/**
 * Folds stored fixes under `context`, whose zones are the ones to be tried. Devices are folded each by itself, their
 * samples in the order in which they were received.
 * @throws what reading throws
 */
export async function dryRun({
  context,
  fixes,
}: {
  context: Context
  fixes: AsyncIterable<readonly StoredFix[]>
}): Promise<Tried> {
  const byDevice = new Map<string, Heard[]>()
  for await (const some of fixes) {
    for (const { deviceId, at, receivedAt, sample } of some) {
      if (sample.loc === undefined) continue
      const heard = byDevice.get(deviceId)
      if (heard === undefined) byDevice.set(deviceId, [{ at, receivedAt, loc: sample.loc }])
      else heard.push({ at, receivedAt, loc: sample.loc })
    }
  }
  const tried: Tried = { fixes: 0, findings: [] }
  for (const [deviceId, heard] of byDevice) {
    heard.sort((a, b) => a.receivedAt - b.receivedAt || a.at - b.at)
    tried.fixes += heard.length
    for (const raised of await foldOne(heard, context)) tried.findings.push({ ...raised, deviceId })
  }
  tried.findings.sort((a, b) => toldAt(a) - toldAt(b))
  return tried
}

type Heard = { at: EpochMs; receivedAt: EpochMs; loc: Location }

const toldAt = ({ at, lateMs }: Raised): number => at + lateMs

async function foldOne(heard: readonly Heard[], context: Context): Promise<Raised[]> {
  const found: Raised[] = []
  const behindMs = clockOf()
  let state = zones.start()

  function step(input: Parameters<typeof zones.step>[1]): void {
    const next = zones.step(state, input, context)
    if (next?.state === null) state = zones.start()
    else if (next?.state !== undefined) state = next.state
    if (next?.findings !== undefined) found.push(...next.findings)
  }

  let before = heard[0]?.receivedAt ?? epochMs(0)
  for (let i = 0; i < heard.length; ) {
    const message = messageAt(heard, i)
    const { receivedAt: now } = message[0] as Heard
    for (let tick = nextTick(state, before); tick < now; tick = nextTick(state, tick))
      step({ type: 'tick', now: epochMs(tick) })
    const behind = behindMs(Math.min(...message.map(({ at }) => latenessOf(at, now))), now)
    for (const { at: claimed, loc } of message) {
      const at = epochMs(claimed + Math.min(behind, latenessOf(claimed, now)))
      step({ type: 'sample', now, at, lateMs: latenessOf(at, now), sample: { loc } })
    }
    before = now
    i += message.length
    if (i % FIXES_AT_ONCE < message.length) await breath()
  }
  return found
}

const latenessOf = (at: EpochMs, now: EpochMs): number => Math.max(0, now - at)

/** What was received together, as samples of one message are. */
function messageAt(heard: readonly Heard[], from: number): readonly Heard[] {
  const { receivedAt } = heard[from] as Heard
  let to = from + 1
  while (heard[to]?.receivedAt === receivedAt) to++
  return heard.slice(from, to)
}

/** A clock that is behind is told from news that are old as the fold tells it (device-clock.ts). */
function clockOf(): (lateMs: number, now: EpochMs) => number {
  let known: Lateness | undefined
  const clocks = createDeviceClocks({
    get: () => known,
    set(_device, lateness) {
      known = lateness
    },
    delete() {
      known = undefined
    },
    holders: () => [],
  })
  const device = new DeviceState('', 0)
  return (lateMs, now) => clocks.behindMs(device, lateMs, now)
}

/** The first tick after `now` that the rule may answer; infinity when there is none. */
function nextTick(state: ZonesState, now: number): number {
  return (Math.floor(Math.max(now, nextLookAt(state) - 1) / TICK_MS) + 1) * TICK_MS
}
