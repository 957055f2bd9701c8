// What may happen to devices, for properties of folds: plain data, so that a log that breaks one can be read, and the
// records that a broker and an owner would append of it.

import * as fc from 'fast-check'
import type { RawRecord } from '../../broker/entry.ts'
import { EVENT_KINDS, type EventKind } from '../../model/event.ts'
import { type Lane, lanesOfEvent } from '../../model/lane.ts'
import type { Zone } from '../../model/zone.ts'
import { type Context, NO_CONTEXT } from '../../workers/rule.ts'
import { falling, recorded, resting, walking } from './falls/bursts.ts'
import { knows, NOON, said, ticked } from './log.ts'

const HOME = { lat: 37.51, lon: 122.12 }
const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Held = Pick<Zone, 'dwellMs' | 'schedule' | 'timeZone' | 'residentId' | 'areaId'>
const usual: Held = { dwellMs: 60_000, schedule: [], timeZone: null, residentId: 'r1', areaId: null }

const near = (east: number, north: number): [number, number] => [HOME.lon + east, HOME.lat + north]

const ofArea: Held = { ...usual, residentId: null, areaId: 'a1' }

/** A home, a pond, and in the area: two parts of a village, another pond, and a road that is dangerous at noon. */
const ZONES: readonly Zone[] = [
  { ...usual, id: 'home', name: '家', kind: 'safe', shape: { circle: { center: near(0, 0), radiusM: 200 } } },
  {
    ...usual,
    id: 'pond',
    name: '水塘',
    kind: 'danger',
    shape: { circle: { center: near(0.004, 0), radiusM: 250 } },
  },
  {
    ...ofArea,
    id: 'west',
    name: '西村',
    kind: 'safe',
    shape: { polygon: [[near(-0.01, -0.01), near(0, -0.01), near(0, 0.01), near(-0.01, 0.01)]] },
  },
  {
    ...ofArea,
    id: 'east',
    name: '东村',
    kind: 'safe',
    shape: { polygon: [[near(0, -0.01), near(0.01, -0.01), near(0.01, 0.01), near(0, 0.01)]] },
  },
  {
    ...ofArea,
    id: 'lake',
    name: '湖',
    kind: 'danger',
    shape: { circle: { center: near(0, 0.006), radiusM: 300 } },
  },
  {
    ...ofArea,
    id: 'road',
    name: '公路',
    kind: 'danger',
    shape: { corridor: { line: [near(-0.02, 0.006), near(0.02, 0.006)], widthM: 80 } },
    schedule: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '12:01', to: '12:20' }],
  },
]

const AREA_ZONE_IDS = ZONES.filter(({ areaId }) => areaId !== null).map(({ id }) => id)

const device = fc.constantFrom('d0', 'd1', 'd2')

/** How far a device's clock is behind; none when it sends no time. */
const behindMs = fc.constantFrom(undefined, undefined, 0, 2_000, MINUTE, 3 * HOUR, 9 * 24 * HOUR)

const sample = fc.record(
  {
    loc: fc.record(
      {
        lat: fc.double({ min: HOME.lat - 0.012, max: HOME.lat + 0.012, noNaN: true }),
        lon: fc.oneof(
          fc.double({ min: HOME.lon - 0.012, max: HOME.lon + 0.012, noNaN: true }),
          fc.constant(HOME.lon), // as near to one zone as to the other
        ),
        acc: fc.constantFrom(3, 12, 60, 900),
        src: fc.constantFrom('gps', 'bds', 'wifi', 'lbs'),
      },
      { requiredKeys: ['lat', 'lon'] },
    ),
    vitals: fc.record(
      {
        hr: fc.constantFrom(0, 25, 38, 60, 72, 115, 135, 185, 255),
        spo2: fc.integer({ min: 78, max: 100 }),
        sbp: fc.constantFrom(65, 88, 105, 120, 225),
        dbp: fc.constantFrom(60, 80),
        temp: fc.double({ min: 34, max: 42, noNaN: true }),
        rr: fc.constantFrom(3, 8, 14, 22, 26, 40),
      },
      { requiredKeys: [] },
    ),
    steps: fc.nat(20_000),
    battery: fc.integer({ min: 0, max: 100 }),
    worn: fc.boolean(),
  },
  { requiredKeys: [] },
)

const event = (kinds: readonly EventKind[]) =>
  fc.record(
    { kind: fc.constantFrom(...kinds), id: fc.constantFrom('e1', 'e2', 'e3', 'e4') },
    { requiredKeys: ['kind'] },
  )

const context = fc.record({
  residentId: fc.constantFrom('r1', 'r1', 'r2', null),
  wandering: fc.boolean(),
  livesAlone: fc.boolean(),
  checkInBy: fc.constantFrom(null, '12:01', '13:00'),
  waking: fc.constantFrom({ from: '07:00', to: '21:00' }, { from: '00:00', to: '24:00' }),
  /** Away until so long after it is said. */
  awayForMs: fc.constantFrom(null, null, HOUR),
  intervalMs: fc.constantFrom(null, MINUTE),
  thresholds: fc.constantFrom(null, { hr: { high: { high: 110, critical: 150 } } }),
  zoneIds: fc.subarray(ZONES.map(zone => zone.id)),
})

const MOVEMENTS = { falling, walking, resting }

/** A burst of one of a few hands, each a little different. */
const burst = fc.record({
  movement: fc.constantFrom('falling' as const, 'walking' as const, 'resting' as const),
  seed: fc.nat(1_000),
})

/** For how long no device could be heard before the first tick of some. */
const gapMs = fc.constantFrom(0, 0, 0, 5 * MINUTE)

type Does =
  | { type: 'sample'; id: string; behindMs: number | undefined; sample: object }
  | { type: 'samples'; id: string; samples: { agoMs: number; sample: object }[] }
  | { type: 'event'; id: string; behindMs: number | undefined; event: object }
  | { type: 'burst'; id: string; burst: Burst }
  | { type: 'noise'; id: string; kind: 'telemetry' | 'event' | 'motion' }
  | { type: 'ticks'; count: number; gapMs: number }
  | { type: 'fall'; id: string; fallId: string }
  | { type: 'zone gone'; zoneId: string }
  | { type: 'registry'; id: string; context: Registered }

type Burst = { movement: keyof typeof MOVEMENTS; seed: number }
type Registered = Omit<Partial<Context>, 'zones' | 'awayUntil'> & {
  awayForMs: number | null
  zoneIds: string[]
}

export type Happening = { afterMs: number; does: Does }

type Weighted = { weight: number; arbitrary: fc.Arbitrary<Does> }

const ofKind = <T extends Does['type']>(type: T) => ({ type: fc.constant(type) })
const noise = (kind: 'telemetry' | 'event' | 'motion'): Weighted => ({
  weight: 1,
  arbitrary: fc.record({ ...ofKind('noise'), id: device, kind: fc.constant(kind) }),
})
const eventOf = (kinds: readonly EventKind[]): Weighted => ({
  weight: 4,
  arbitrary: fc.record({ ...ofKind('event'), id: device, behindMs, event: event(kinds) }),
})
const eventsOf = (lane: Lane) => EVENT_KINDS.filter(kind => lanesOfEvent(kind).includes(lane))

/** What a lane hears of devices. */
const HEARD: Record<Lane, Weighted[]> = {
  urgent: [eventOf(eventsOf('urgent')), eventOf(['dance' as EventKind]), noise('event')],
  motion: [{ weight: 4, arbitrary: fc.record({ ...ofKind('burst'), id: device, burst }) }, noise('motion')],
  routine: [
    { weight: 8, arbitrary: fc.record({ ...ofKind('sample'), id: device, behindMs, sample }) },
    {
      weight: 1,
      arbitrary: fc.record({
        ...ofKind('samples'),
        id: device,
        samples: fc.array(fc.record({ agoMs: fc.nat(20 * MINUTE), sample }), { minLength: 1, maxLength: 5 }),
      }),
    },
    eventOf(eventsOf('routine')),
    noise('telemetry'),
    {
      weight: 1,
      arbitrary: fc.record({ ...ofKind('fall'), id: device, fallId: fc.constantFrom('f1', 'f2') }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ ...ofKind('zone gone'), zoneId: fc.constantFrom(...AREA_ZONE_IDS) }),
    },
  ],
}

/** What the owner of the partition notes down in every lane: some ticks, seldom a quarter of an hour of them. */
const NOTED: Weighted[] = [
  { weight: 4, arbitrary: fc.record({ ...ofKind('ticks'), count: fc.integer({ min: 1, max: 12 }), gapMs }) },
  { weight: 1, arbitrary: fc.record({ ...ofKind('ticks'), count: fc.constant(90), gapMs }) },
  { weight: 2, arbitrary: fc.record({ ...ofKind('registry'), id: device, context }) },
]

/** One after the other; now and then much time passes without the hub. */
export const happeningIn = (lane: Lane): fc.Arbitrary<Happening> =>
  fc.record({
    afterMs: fc.oneof({ weight: 14, arbitrary: fc.nat(20_000) }, { weight: 1, arbitrary: fc.nat(30 * HOUR) }),
    does: fc.oneof(...HEARD[lane], ...NOTED),
  })

const TICK_MS = 10_000

/** The records of what happened, in the order in which they were received. */
export function recordsOf(happenings: readonly Happening[]): RawRecord[] {
  let now = NOON
  return happenings.flatMap(({ afterMs, does: one }) => {
    now += afterMs
    if (one.type !== 'ticks') return recordsAt(now, one)
    return Array.from({ length: one.count }, (_, i) => {
      now += TICK_MS
      return i === 0 && one.gapMs > 0 ? said('', 'tick', now, { gapMs: one.gapMs }) : ticked(now)
    })
  })
}

function recordsAt(now: number, does: Exclude<Does, { type: 'ticks' }>): RawRecord[] {
  const stamped = (body: object, agoMs: number | undefined): object =>
    agoMs === undefined ? body : { ...body, ts: now - agoMs }
  switch (does.type) {
    case 'sample':
      return [said(does.id, 'telemetry', now, stamped(does.sample, does.behindMs))]
    case 'samples': {
      const samples = does.samples.map(one => stamped(one.sample, one.agoMs))
      return [said(does.id, 'telemetry', now, samples)]
    }
    case 'event':
      return [said(does.id, 'event', now, stamped(does.event, does.behindMs))]
    case 'burst':
      return [said(does.id, 'motion', now, burstOf(does.burst, now))]
    case 'noise':
      return [said(does.id, does.kind, now, '{"half')]
    case 'fall':
      return [said(does.id, 'context', now, { fall: { id: does.fallId, at: now - 5_000 } })]
    case 'zone gone':
      return [said('', 'context', now, { zoneGone: does.zoneId })]
    case 'registry':
      return knows(does.id, now, contextOf(does.context, now))
  }
}

function contextOf({ awayForMs, zoneIds, ...registered }: Registered, now: number): Context {
  return {
    ...NO_CONTEXT,
    ...registered,
    areaId: 'a1',
    awayUntil: awayForMs === null ? null : now + awayForMs,
    zones: ZONES.filter(({ id }) => zoneIds.includes(id)),
  }
}

/** Six seconds around an impact after two of them, in mg; who falls is weightless for a moment before it. */
export const burstOf = ({ movement, seed }: Burst, now: number): object => ({
  ...recorded(MOVEMENTS[movement], { rateHz: 20, seed }),
  t0: now - 6_000,
})
