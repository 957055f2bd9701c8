// The worst hours that an elder can have, one after the other and at once: what a state must never outgrow.
//
// Some usual days teach the baseline. On the last of them the detector sees a fall every half an hour. Then all signs
// reach their limits, each in a message of its own, go further and waver, at rest and far from what is usual, while the
// elder is where five edges are crossed at once and told of none: the dwell of every zone is long. Fixes of all sources
// come, the last ones at the end of a jump; the detector sees one more fall, the band was taken off, the battery is low,
// and the device goes off.

import type { RawRecord } from '../../broker/entry.ts'
import type { Telemetry } from '../../model/telemetry.ts'
import type { Zone } from '../../model/zone.ts'
import { knows, said, ticked } from '../../test/workers/log.ts'
import { type Context, NO_CONTEXT } from '../../workers/rule.ts'
import { fallAt } from './fall.ts'
import { AREA, ELDER, MONDAY, placed, startBracelet } from './week.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const DAYS_BEFORE = 8

const held = { dwellMs: HOUR_MS, timeZone: null } as const
const always = { ...held, schedule: [] }
const ofElder = { residentId: ELDER, areaId: null }
const ofArea = { residentId: null, areaId: AREA }
const disc = (eastM: number, radiusM: number): Zone['shape'] => {
  const { lat, lon } = placed(eastM, 0)
  return { circle: { center: [lon, lat], radiusM } }
}

/** Ids as long as those of a hub (model/id.ts). The places of danger lie over each other, beyond both fences. */
const ZONES: readonly Zone[] = [
  {
    ...always,
    ...ofElder,
    id: 'zone_0a1b2c3d4e5f6g7h8i9j',
    name: '家',
    kind: 'safe',
    shape: disc(0, 150),
  },
  {
    ...held,
    ...ofArea,
    id: 'zone_k0l1m2n3o4p5q6r7s8t9',
    name: '社区',
    kind: 'safe',
    shape: disc(0, 200),
    schedule: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' }],
  },
  ...['zone_u0v1w2x3y4z5a6b7c8d9', 'zone_e0f1g2h3i4j5k6l7m8n9', 'zone_o0p1q2r3s4t5u6v7w8x9'].map(
    (id, i): Zone => ({
      ...always,
      ...(i === 0 ? ofElder : ofArea),
      id,
      name: '河边',
      kind: 'danger',
      shape: disc(400 + 10 * i, 120 + 7 * i),
    }),
  ),
]

const CONTEXT: Context = {
  ...NO_CONTEXT,
  residentId: ELDER,
  areaId: AREA,
  wandering: true,
  livesAlone: true,
  checkInBy: '10:00',
  awayUntil: null,
  zones: ZONES,
}

/** What a lane hears in a moment. */
export type Moment = { routine: RawRecord[]; motion: RawRecord[]; isWorst: boolean }

export function* worstOf(deviceId: string): Generator<Moment> {
  const its = knows(deviceId, MONDAY, CONTEXT)
  yield { routine: its, motion: its, isWorst: false }
  yield* usualDays(deviceId)
  yield* crisis(deviceId)
}

const FALLS_EVERY_MS = 29 * MINUTE_MS

function* usualDays(deviceId: string): Generator<Moment> {
  const bracelet = startBracelet(deviceId)
  const lastDay = CRISIS_AT - DAY_MS
  for (let at = MONDAY + MINUTE_MS; at < CRISIS_AT; at += MINUTE_MS) {
    const tick = ticked(at)
    const sinceMs = at - MONDAY
    const isFall = at >= lastDay && (at - lastDay) % FALLS_EVERY_MS === 0
    yield {
      routine:
        sinceMs % SAMPLE_MS === 0 ? [said(deviceId, 'telemetry', at, bracelet.sample(at)), tick] : [tick],
      motion: isFall ? [said(deviceId, 'motion', at, fallAt(at, at / MINUTE_MS)), tick] : [tick],
      isWorst: false,
    }
  }
}

const SAMPLE_MS = 10 * MINUTE_MS

/** In the afternoon, well after the check-in. */
const CRISIS_AT = MONDAY + DAYS_BEFORE * DAY_MS + 14 * HOUR_MS
const STEP_MS = 30 * SECOND_MS
const STEPS = 160
/** A fall, three minutes until samples of after it come, a place to lie still at, then none that says so. */
const STEPS_A_FALL = 20
const REST_AFTER = 7
const JUMPS = [8, 9]

type Vitals = NonNullable<Telemetry['vitals']>

/** Each sign far beyond its limits, and then to and fro, so that what was told and what waits stand side by side. */
const SIGNS: readonly { far: Vitals; odd: readonly [Vitals, Vitals] }[] = [
  { far: { hr: 186 }, odd: [{ hr: 132 }, { hr: 44 }] },
  { far: { spo2: 78 }, odd: [{ spo2: 95 }, { spo2: 91 }] },
  { far: { rr: 39 }, odd: [{ rr: 25 }, { rr: 8 }] },
  { far: { sbp: 252 }, odd: [{ sbp: 220 }, { sbp: 90 }] },
  { far: { temp: 41.2 }, odd: [{ temp: 39.1 }, { temp: 35.0 }] },
]

function* crisis(deviceId: string): Generator<Moment> {
  const event = (at: number, kind: string) => said(deviceId, 'event', at, { kind, id: `${kind}-${at}` })
  for (let step = 0; step < STEPS; step++) {
    const at = CRISIS_AT + step * STEP_MS
    const ofFall = step % STEPS_A_FALL
    const heard = SIGNS.map((_, i) =>
      said(deviceId, 'telemetry', at + i * 1_317, sampleAt(at + i * 1_317, step, i)),
    )
    if (ofFall === STEPS_A_FALL - 1)
      heard.push(event(at + 9_000, 'removed'), event(at + 9_000, 'low_battery'))
    if (JUMPS.includes(ofFall)) heard.push(event(at + 9_000, 'power_off'))
    const tick = ticked(at + 10_000)
    yield {
      routine: [...heard, tick],
      motion: ofFall === 0 ? [said(deviceId, 'motion', at, fallAt(at, step)), tick] : [tick],
      isWorst: true,
    }
  }
}

/** Late by minutes, a sign in each, and where the elder is in the first, by satellites and by Wi-Fi in turn. */
function sampleAt(at: number, step: number, i: number): Telemetry {
  const { far, odd } = SIGNS[i] as (typeof SIGNS)[number]
  const ofFall = step % STEPS_A_FALL
  const vitals = step < 2 ? far : (odd[step % 2] as Vitals)
  const isResting = ofFall <= REST_AFTER
  return {
    ts: at - 200_000 - i * 907,
    vitals,
    battery: 12,
    ...(isResting && { steps: 123_456 }),
    ...(i === 0 && { loc: placeAt(step) }),
  }
}

function placeAt(step: number): NonNullable<Telemetry['loc']> {
  const ofFall = step % STEPS_A_FALL
  const { lat, lon } = JUMPS.includes(ofFall)
    ? placed(60_000 + 31_007 * ofFall, 9_007 * ofFall)
    : placed(395 + 3.3 * (step % 5), 4.1 * (step % 7))
  const [acc, src] = step % 2 === 0 ? ([27.3, 'gps'] as const) : ([41.7, 'wifi'] as const)
  return { lat: rounded(lat), lon: rounded(lon), acc, src }
}

const rounded = (degrees: number): number => Number(degrees.toFixed(6))
