import { describe, expect, test } from 'vitest'
import type { DeviceEvent } from '../../model/event.ts'
import type { Telemetry } from '../../model/telemetry.ts'
import { createCity } from '../../simulators/city.ts'
import { buildDistrict } from '../../simulators/district/district.ts'
import { type Pace, wearerOf } from '../../simulators/life.ts'
import { planRun } from '../../simulators/plan.ts'
import { type Expectation, SCENARIO_NAMES } from '../../simulators/scenarios/episode.ts'

const START = Date.UTC(2026, 2, 1, 3)
const MINUTE = 60_000
const pace: Pace = { speed: 10, startedAt: START, intervalMs: 10_000 }
const wearers = buildDistrict({ seed: 1, elders: 200 }).households.map(household =>
  wearerOf({ deviceId: household.device.id, household }),
)
const plan = { wearers, startAt: START, durationMs: 2 * MINUTE, pace, seed: 1, run: 'r1' }

function recorder() {
  const samples: { deviceId: string; sample: Telemetry }[] = []
  const events: { deviceId: string; event: DeviceEvent }[] = []
  return {
    samples,
    events,
    sample: (deviceId: string, sample: Telemetry) => samples.push({ deviceId, sample }),
    event: (deviceId: string, event: DeviceEvent) => events.push({ deviceId, event }),
  }
}

describe('the plan of a run', () => {
  test('is the same for the same seed, and another for another', () => {
    const told = (seed: number) => JSON.stringify(planRun({ ...plan, scenarios: SCENARIO_NAMES, seed }))
    expect(told(1)).toBe(told(1))
    expect(told(2)).not.toBe(told(1))
  })

  test('daily life alone owes nothing', () => {
    expect(planRun({ ...plan, scenarios: ['daily'] })).toEqual([])
  })

  test('with daily life in the list half of the elders have a quiet day, without it nobody has', () => {
    const people = (scenarios: Parameters<typeof planRun>[0]['scenarios']) =>
      new Set(planRun({ ...plan, scenarios }).map(({ deviceId }) => deviceId)).size
    expect(people(['daily', 'sos'])).toBe(100)
    expect(people(['sos'])).toBe(200)
  })

  test('every scenario has its share, and no phone has a fever', () => {
    const episodes = planRun({ ...plan, scenarios: SCENARIO_NAMES })
    const counts = Map.groupBy(episodes, ({ scenario }) => scenario)
    for (const name of ['sos', 'wander', 'fever', 'flat-battery'] as const) {
      expect(counts.get(name)?.length).toBeGreaterThan(15)
    }
    const phones = new Set(wearers.filter(w => w.household.device.kind === 'phone').map(w => w.deviceId))
    expect(counts.get('fever')?.some(({ deviceId }) => phones.has(deviceId))).toBe(false)
  })

  test('everything begins within the duration', () => {
    for (const { startAt } of planRun({ ...plan, scenarios: SCENARIO_NAMES })) {
      expect(startAt).toBeGreaterThan(START)
      expect(startAt).toBeLessThan(START + 2 * MINUTE)
    }
  })
})

describe('the city', () => {
  test('each device samples at its rate, at its own moment, numbered', () => {
    const fleet = recorder()
    const city = createCity({ wearers, fleet, pace })
    for (let now = START; now <= START + MINUTE; now += 50) city.turn(now)
    expect(fleet.samples).toHaveLength(200 * 6)
    const first = new Set(fleet.samples.slice(0, 200).map(({ sample }) => sample.ts))
    expect(first.size).toBeGreaterThan(100)
    const [one] = fleet.samples
    const own = fleet.samples.filter(({ deviceId }) => deviceId === one?.deviceId)
    expect(own.map(({ sample }) => sample.seq)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('every key is pressed once at its time, and owed before it is pressed', () => {
    const fleet = recorder()
    const owed: Expectation[] = []
    const episodes = planRun({ ...plan, scenarios: ['sos'] })
    const city = createCity({ wearers, fleet, pace, onExpect: expectation => owed.push(expectation) })
    for (const episode of episodes) city.add(episode)
    for (let now = START; now < START + 3 * MINUTE; now += 50) {
      const before = fleet.events.length
      city.turn(now)
      for (const { event } of fleet.events.slice(before)) {
        expect(owed.some(({ eventId }) => eventId === event.id)).toBe(true)
        expect(now - (event.ts ?? 0)).toBeLessThan(50)
      }
    }
    const ids = fleet.events.map(({ event }) => event.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.sort()).toEqual(episodes.flatMap(e => e.presses.map(({ event }) => event.id)).sort())
    expect(owed).toHaveLength(ids.length)
  })

  test('an elder in an episode is busy until it is over', () => {
    const city = createCity({ wearers, fleet: recorder(), pace })
    const [episode] = planRun({ ...plan, scenarios: ['fever'] })
    if (episode === undefined) throw new Error('no episode was planned')
    city.add(episode)
    expect(city.busy(episode.deviceId)).toBe(true)
    city.turn(episode.startAt)
    expect(city.busy(episode.deviceId)).toBe(true)
    city.turn(episode.endAt + pace.intervalMs)
    expect(city.busy(episode.deviceId)).toBe(false)
  })

  test('after a pause of the program each device sends one sample, not all that it missed', () => {
    const fleet = recorder()
    const city = createCity({ wearers, fleet, pace })
    city.turn(START + 10 * MINUTE)
    city.turn(START + 10 * MINUTE + 50)
    expect(fleet.samples.length).toBeLessThanOrEqual(2 * 200)
  })

  test('a wearable says where it is when it is asked to, and never less often than its city does', () => {
    const fleet = recorder()
    const city = createCity({ wearers: wearers.slice(0, 1), fleet, pace: { ...pace, intervalMs: 60_000 } })
    const { deviceId } = wearers[0] as { deviceId: string }
    const ask = (name: 'locate' | 'interval' | 'reboot', args = {}) =>
      city.command(deviceId, { id: 'c1', name, args, expiresAt: 0 })
    const samplesUntil = (from: number, until: number): number => {
      const before = fleet.samples.length
      for (let now = from; now < until; now += 100) city.turn(now)
      return fleet.samples.length - before
    }
    expect(samplesUntil(START, START + 10 * MINUTE)).toBe(10)
    expect(ask('locate')).toBe(true)
    expect(samplesUntil(START + 10 * MINUTE, START + 10 * MINUTE + 1_000)).toBe(1)
    expect(ask('interval', { everyMs: 20_000 })).toBe(true)
    expect(samplesUntil(START + 11 * MINUTE, START + 13 * MINUTE)).toBe(6)
    expect(ask('interval', { everyMs: 600_000 })).toBe(true)
    expect(samplesUntil(START + 13 * MINUTE, START + 15 * MINUTE)).toBe(2)
    expect(ask('interval', { everyMs: 'often' })).toBe(false)
    expect(ask('reboot')).toBe(false)
    expect(city.command('none', { id: 'c1', name: 'locate', args: {}, expiresAt: 0 })).toBe(false)
  })
})
