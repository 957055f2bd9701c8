// A week in the life of an elder, as their bracelet tells it and a fold hears it: what state it leaves, and what a
// fold has to do for it. The same name gives the same week.

import type { RawRecord } from '../../broker/entry.ts'
import type { DeviceEvent } from '../../model/event.ts'
import type { Lane } from '../../model/lane.ts'
import { lanesOfEvent } from '../../model/lane.ts'
import type { Telemetry } from '../../model/telemetry.ts'
import type { Position, Zone } from '../../model/zone.ts'
import { type Dice, diceOf } from '../../simulators/dice.ts'
import { knows, said, ticked } from '../../test/workers/log.ts'
import { type Context, NO_CONTEXT } from '../../workers/rule.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Monday, midnight in Beijing. */
export const MONDAY = Date.UTC(2026, 10, 15, 16)

type Place = { lat: number; lon: number }

export const HOME: Place = { lat: 37.5, lon: 122.1 }

/** A place so many metres east and north of home. */
export const placed = (eastM: number, northM: number): Place => ({
  lat: HOME.lat + northM / 111_195,
  lon: HOME.lon + eastM / (111_195 * Math.cos((HOME.lat * Math.PI) / 180)),
})

const corner = (eastM: number, northM: number): Position => {
  const { lat, lon } = placed(eastM, northM)
  return [lon, lat]
}

/** Ids as long as those of a hub (model/id.ts). */
export const ELDER = 'res_4k1xw8q0zt3mvb7n2c5d'
export const AREA = 'area_9f2hj6s1ka8e0r4ypg3u'

type Held = Pick<Zone, 'dwellMs' | 'schedule' | 'timeZone' | 'residentId' | 'areaId'>
const ofElder: Held = { dwellMs: 60_000, schedule: [], timeZone: null, residentId: ELDER, areaId: null }
const ofArea: Held = { ...ofElder, residentId: null, areaId: AREA }

/** Where the elder is safe and where not: a circle, a polygon of the community, a river, a building site by day. */
export const FIVE_ZONES: readonly Zone[] = [
  {
    ...ofElder,
    id: 'home',
    name: '家',
    kind: 'safe',
    shape: { circle: { center: corner(0, 0), radiusM: 150 } },
  },
  {
    ...ofElder,
    id: 'park',
    name: '公园',
    kind: 'safe',
    shape: { circle: { center: corner(500, 0), radiusM: 200 } },
  },
  { ...ofArea, id: 'community', name: '社区', kind: 'safe', shape: { polygon: [round(1_500, 24)] } },
  {
    ...ofArea,
    id: 'river',
    name: '河边',
    kind: 'danger',
    shape: { corridor: { line: [corner(-1_400, 900), corner(0, 700), corner(1_400, 950)], widthM: 60 } },
  },
  {
    ...ofArea,
    id: 'site',
    name: '工地',
    kind: 'danger',
    shape: { polygon: [[corner(300, 300), corner(450, 300), corner(450, 420), corner(300, 420)]] },
    schedule: [{ days: [1, 2, 3, 4, 5], from: '07:00', to: '19:00' }],
  },
]

/** A polygon of so many corners around home. */
function round(radiusM: number, corners: number): Position[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners
    return corner(radiusM * Math.cos(angle), radiusM * Math.sin(angle))
  })
}

/** An elder who lives alone, wanders, and says "I'm well" in the morning. */
export const CONTEXT: Context = {
  ...NO_CONTEXT,
  residentId: ELDER,
  areaId: AREA,
  wandering: true,
  livesAlone: true,
  checkInBy: '10:00',
  zones: FIVE_ZONES,
}

/** What the elder does from a minute of the day on: where they are, how fast the heart goes, steps a minute. */
type Doing = { fromMinute: number; eastM: number; northM: number; hrBpm: number; steps: number; worn?: false }

const DAY: readonly Doing[] = [
  { fromMinute: 0, eastM: 5, northM: 0, hrBpm: 56, steps: 0 },
  { fromMinute: 6 * 60 + 30, eastM: 10, northM: 5, hrBpm: 72, steps: 12 },
  { fromMinute: 9 * 60, eastM: 250, northM: 0, hrBpm: 96, steps: 80 },
  { fromMinute: 9 * 60 + 10, eastM: 500, northM: 10, hrBpm: 84, steps: 20 },
  { fromMinute: 11 * 60, eastM: 260, northM: 0, hrBpm: 95, steps: 80 },
  { fromMinute: 11 * 60 + 10, eastM: 0, northM: 5, hrBpm: 70, steps: 6 },
  { fromMinute: 13 * 60, eastM: 5, northM: 5, hrBpm: 62, steps: 0 },
  { fromMinute: 14 * 60, eastM: 0, northM: -10, hrBpm: 74, steps: 10 },
  { fromMinute: 20 * 60 + 20, eastM: 0, northM: 0, hrBpm: 0, steps: 0, worn: false },
  { fromMinute: 20 * 60 + 40, eastM: 0, northM: 0, hrBpm: 66, steps: 3 },
  { fromMinute: 22 * 60, eastM: 5, northM: 0, hrBpm: 58, steps: 0 },
]

const doingAt = (minute: number): Doing =>
  DAY.findLast(({ fromMinute }) => fromMinute <= minute) ?? (DAY[0] as Doing)

/** Bracelet of an elder: samples of its week, one at a time. */
export function startBracelet(name: string): { sample(at: number): Telemetry } {
  const dice = diceOf('week', name)
  let seq = 0
  let steps = 0
  let [errorEastM, errorNorthM] = [0, 0]
  return {
    sample(at) {
      const minute = Math.floor((at - MONDAY) / MINUTE_MS)
      const doing = doingAt(minute % (24 * 60))
      // Errors of fixes hang together over minutes.
      errorEastM = 0.8 * errorEastM + dice.between(-5, 5)
      errorNorthM = 0.8 * errorNorthM + dice.between(-5, 5)
      steps += Math.round(doing.steps * dice.between(0.5, 1.5))
      const { lat, lon } = placed(doing.eastM + errorEastM, doing.northM + errorNorthM)
      return {
        ts: at - dice.whole(200, 2_000),
        seq: seq++,
        loc: { lat: fixed(lat, 6), lon: fixed(lon, 6), acc: dice.whole(8, 20), src: 'gps', datum: 'wgs84' },
        vitals: doing.worn === false ? { hr: 0, spo2: 0 } : vitalsOf(doing, dice),
        steps,
        battery: 100 - (Math.floor(minute / 30) % 80),
        worn: doing.worn !== false,
        signal: -dice.whole(60, 95),
      }
    },
  }
}

function vitalsOf({ hrBpm }: Doing, dice: Dice): NonNullable<Telemetry['vitals']> {
  return {
    hr: hrBpm + dice.whole(-5, 5),
    spo2: dice.whole(96, 99),
    sbp: dice.whole(118, 134),
    dbp: dice.whole(70, 82),
    temp: fixed(36.4 + dice.between(-0.3, 0.4), 1),
    rr: dice.whole(13, 18),
  }
}

const fixed = (value: number, digits: number): number => Number(value.toFixed(digits))

const TICK_MS = 10_000
const SAMPLE_MS = 5 * MINUTE_MS
const BURST_MS = 30 * MINUTE_MS

/** What a lane hears in `days` days, in order, one call a tick: what came in these ten seconds, and the tick. */
export function* weekOf(deviceId: string, lane: Lane, days = 7): Generator<RawRecord[]> {
  const bracelet = startBracelet(deviceId)
  const dice = diceOf('events', deviceId)
  yield knows(deviceId, MONDAY, CONTEXT)
  for (let at = MONDAY + TICK_MS; at <= MONDAY + days * DAY_MS; at += TICK_MS) {
    const heard: RawRecord[] = []
    const sinceMs = at - MONDAY
    if (lane === 'routine' && sinceMs % SAMPLE_MS === 0)
      heard.push(said(deviceId, 'telemetry', at, bracelet.sample(at)))
    if (lane === 'motion' && sinceMs % BURST_MS === 0)
      heard.push(said(deviceId, 'motion', at, burst(at, dice)))
    for (const event of eventsAt(sinceMs))
      if (lanesOfEvent(event.kind).includes(lane)) heard.push(said(deviceId, 'event', at, event))
    yield [...heard, ticked(at)]
  }
}

/** Four days, hour by hour, and then the worst hour: one sample a call, and a tick. */
export function* crisisOf(deviceId: string): Generator<{ records: RawRecord[]; isCrisis: boolean }> {
  const bracelet = startBracelet(deviceId)
  let at = MONDAY
  yield { records: knows(deviceId, at, CONTEXT), isCrisis: false }
  for (let hour = 0; hour < 4 * 24 + 14; hour++) {
    at += 60 * MINUTE_MS
    yield { records: [said(deviceId, 'telemetry', at, bracelet.sample(at)), ticked(at)], isCrisis: false }
  }
  for (let i = 0; i < 120; i++) {
    at += MINUTE_MS / 2
    const isGraver = i % 3 === 2
    const { lat, lon } = placed(i * 8, Math.min(700 + (i * 8 * 250) / 1_400, i * 25))
    const sample: Telemetry = {
      ts: at - 1_234,
      loc: { lat: fixed(lat, 6), lon: fixed(lon, 6), acc: 12.3, src: i % 4 === 1 ? 'wifi' : 'gps' },
      vitals: isGraver ? { hr: 186, spo2: 78, rr: 39, sbp: 252, temp: 41.2 } : MODERATE[i % MODERATE.length],
      steps: 123_456,
      battery: 12,
      worn: true,
    }
    yield { records: [said(deviceId, 'telemetry', at, sample), ticked(at)], isCrisis: true }
  }
}

const MODERATE: readonly NonNullable<Telemetry['vitals']>[] = [
  { hr: 132, spo2: 90, rr: 26, sbp: 221, temp: 39.2 },
  { hr: 72, spo2: 97, rr: 16, sbp: 125, temp: 36.5 },
  { hr: 39, spo2: 91, rr: 7, sbp: 89, temp: 34.9 },
  { hr: 140, spo2: 88, rr: 30, sbp: 230, temp: 40.2 },
]

/** Every day the elder says "I'm well", takes the band off for a bath, and once a week presses the red key by mistake. */
function eventsAt(sinceMs: number): DeviceEvent[] {
  const minute = (sinceMs % DAY_MS) / MINUTE_MS
  const day = Math.floor(sinceMs / DAY_MS)
  const events: DeviceEvent[] = []
  if (minute === 8 * 60 + 30) events.push({ kind: 'check_in', id: `well-${day}` })
  if (minute === 20 * 60 + 20) events.push({ kind: 'removed', id: `bath-${day}` })
  if (minute === 15 * 60 && day === 2)
    events.push({ kind: 'sos', id: 'oops' }, { kind: 'cancel', id: 'sorry' })
  return events
}

const BURST_SAMPLES = 240
const BURST_DURATION_MS = 6_000

/** A hand that hits a table: 1 g, one peak of more than 2 g in the middle. */
function burst(at: number, dice: Dice): unknown {
  const peakAt = BURST_SAMPLES / 3
  const axis = (rest: number, peak: number): number[] =>
    Array.from({ length: BURST_SAMPLES }, (_, i) =>
      Math.round(rest + dice.between(-40, 40) + peak * Math.exp(-((i - peakAt) ** 2) / 8)),
    )
  return {
    v: 1,
    t0: at - BURST_DURATION_MS,
    durMs: BURST_DURATION_MS,
    n: BURST_SAMPLES,
    unit: 'mg',
    fsG: 4,
    enc: 'json',
    x: axis(100, 1_500),
    y: axis(-200, 900),
    z: axis(970, 1_200),
  }
}
