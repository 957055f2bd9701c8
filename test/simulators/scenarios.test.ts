import { describe, expect, test } from 'vitest'
import type { Telemetry } from '../../model/telemetry.ts'
import { momentOf } from '../../simulators/city.ts'
import { diceOf } from '../../simulators/dice.ts'
import { buildDistrict } from '../../simulators/district/district.ts'
import { distanceM } from '../../simulators/ground.ts'
import { type Pace, type Wearer, wearerOf } from '../../simulators/life.ts'
import type { Cue, Episode, Expectation } from '../../simulators/scenarios/episode.ts'
import { fever } from '../../simulators/scenarios/fever.ts'
import { flatBattery } from '../../simulators/scenarios/flat-battery.ts'
import { pressAndCancel, pressGreen, pressRed, pressSomething } from '../../simulators/scenarios/press.ts'
import { FASTEST_M_PER_S, wander } from '../../simulators/scenarios/wander.ts'
import { sampleOf } from '../../simulators/sensors.ts'

const START = Date.UTC(2026, 2, 1, 3)
const wearers = buildDistrict({ seed: 1, elders: 40 })
  .households.filter(({ device }) => device.kind !== 'phone')
  .map(household => wearerOf({ deviceId: household.device.id, household }))

const PACES: [string, Pace][] = [
  ['real life, a sample a minute', { speed: 1, startedAt: START, intervalMs: 60_000 }],
  ['ten times as fast, a sample in ten seconds', { speed: 10, startedAt: START, intervalMs: 10_000 }],
  ['a hundred times as fast, a sample a second', { speed: 100, startedAt: START, intervalMs: 1_000 }],
]

const cueOf = (wearer: Wearer, pace: Pace): Cue => ({
  wearer,
  pace,
  startAt: START + 5_000,
  dice: diceOf('test', wearer.deviceId),
  run: 'run1',
})

type Timed = { now: number; sample: Telemetry }

/** What the wearable sends from the beginning to a while behind the end, at the device's own moments. */
function samplesOf(wearer: Wearer, episode: Episode, pace: Pace): Timed[] {
  const sent: Timed[] = []
  for (let now = START + 137; now < episode.endAt + 3 * pace.intervalMs; now += pace.intervalMs) {
    const moment = momentOf(wearer, [episode], pace, now)
    sent.push({ now, sample: sampleOf(wearer, moment, { now, seq: sent.length }) })
  }
  return sent
}

/** When an unbroken row of readings that satisfy `is` has lasted `forMs` and at least `count` readings. */
function heldAt(sent: readonly Timed[], is: (timed: Timed) => boolean, forMs: number, count: number): number {
  let row: Timed[] = []
  for (const timed of sent) {
    row = is(timed) ? [...row, timed] : []
    if (row.length >= count && timed.now - (row[0] as Timed).now >= forMs) return timed.now
  }
  return Number.POSITIVE_INFINITY
}

const only = (episode: Episode): Expectation => {
  expect(episode.expects).toHaveLength(1)
  return episode.expects[0] as Expectation
}

describe.each(PACES)('%s', (_name, pace) => {
  test('wander: fixes say so for the dwell time before the deadline, and never before the fence', () => {
    for (const wearer of wearers) {
      const episode = wander(cueOf(wearer, pace))
      const { notBefore, deadline, kind } = only(episode)
      const sent = samplesOf(wearer, episode, pace)
      const beyondM = ({ sample }: Timed, fenceM: number) =>
        distanceM(sample.loc ?? { lat: 0, lon: 0 }, wearer.household.home) -
        fenceM -
        2 * (sample.loc?.acc ?? 0)
      const { insideM, outsideM } = wearer.household.fence

      const told = heldAt(sent, timed => beyondM(timed, outsideM) > 0, wearer.household.zone.dwellMs, 3)
      expect(told).toBeLessThan(deadline)
      const firstHint = sent.find(timed => beyondM(timed, insideM) > 0)
      expect(firstHint?.now).toBeGreaterThanOrEqual(notBefore)
      expect(kind).toBe('zone_exit')
      expect(sent.at(-1) && beyondM(sent.at(-1) as Timed, insideM)).toBeLessThan(0)
    }
  })

  test('wander: nobody is faster than a car in town', () => {
    for (const wearer of wearers) {
      const episode = wander(cueOf(wearer, pace))
      const truth = (now: number) => {
        const { eastM, northM } = momentOf(wearer, [episode], pace, now)
        return { eastM, northM }
      }
      for (let now = episode.startAt; now < episode.endAt - 1_000; now += 1_000) {
        const [from, to] = [truth(now), truth(now + 1_000)]
        const walkedM = Math.hypot(to.eastM - from.eastM, to.northM - from.northM)
        expect(walkedM).toBeLessThan(FASTEST_M_PER_S + 0.1)
      }
    }
  })

  test('fever: a pulse that scores 3 and over 39 °C, confirmed before the deadline, and gone at the end', () => {
    for (const wearer of wearers) {
      const episode = fever(cueOf(wearer, pace))
      const { notBefore, deadline } = only(episode)
      const sent = samplesOf(wearer, episode, pace)
      const isHigh = ({ sample }: Timed) => (sample.vitals?.hr ?? 0) >= 131 && (sample.vitals?.temp ?? 0) > 39
      expect(heldAt(sent, isHigh, 60_000, 2)).toBeLessThan(deadline)
      expect(sent.find(({ sample }) => (sample.vitals?.hr ?? 0) > 90)?.now).toBeGreaterThanOrEqual(notBefore)
      expect(sent.at(-1)?.sample.vitals?.hr).toBeLessThanOrEqual(90)
    }
  })

  test('flat battery: 20 percent and less before the deadline, never before it is due, charged at the end', () => {
    for (const wearer of wearers) {
      const episode = flatBattery(cueOf(wearer, pace))
      const { notBefore, deadline } = only(episode)
      const sent = samplesOf(wearer, episode, pace)
      const low = sent.filter(({ sample }) => (sample.battery ?? 100) <= 20)
      expect(low[0]?.now).toBeGreaterThanOrEqual(notBefore)
      expect(low[0]?.now).toBeLessThan(deadline)
      expect(sent.at(-1)?.sample.battery).toBeGreaterThanOrEqual(30)
    }
  })
})

describe('keys', () => {
  const pace = PACES[1]?.[1] as Pace
  const cues = wearers.map(wearer => cueOf(wearer, pace))

  test.each([
    ['red', pressRed, ['sos']],
    ['green', pressGreen, ['service']],
    ['red, taken back', pressAndCancel, ['sos', 'cancel']],
  ] as const)('%s: each press is owed once, by its own id', (_key, begin, kinds) => {
    const episodes = cues.map(cue => begin(cue))
    const ids = episodes.flatMap(episode => episode.expects.map(({ eventId }) => eventId))
    expect(new Set(ids).size).toBe(cues.length * kinds.length)
    for (const { presses, expects } of episodes) {
      expect(expects.map(({ kind }) => kind)).toEqual(kinds)
      expect(presses.map(({ event }) => event.id)).toEqual(expects.map(({ eventId }) => eventId))
      expect(presses.map(({ at }) => at)).toEqual(expects.map(({ notBefore }) => notBefore))
      expect(presses.every(({ at, event }) => event.ts === at && event.loc !== undefined)).toBe(true)
    }
  })

  test('the same cue gives the same press, another run another id', () => {
    const press = (run: string) => pressSomething({ ...cueOf(wearers[0] as Wearer, pace), run }).presses
    expect(press('run1')).toEqual(press('run1'))
    expect(press('run2')[0]?.event.id).not.toBe(press('run1')[0]?.event.id)
  })
})
