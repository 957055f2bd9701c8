import { expect, it } from 'vitest'
import { telemetrySchema } from '../../model/telemetry.ts'
import { backlogOf, KEPT_MS } from '../../simulators/backlog.ts'
import { momentOf } from '../../simulators/city.ts'
import { diceOf } from '../../simulators/dice.ts'
import { buildDistrict } from '../../simulators/district/district.ts'
import { type Pace, wearerOf } from '../../simulators/life.ts'
import { loseTheWay } from '../../simulators/scenarios/lost.ts'

const START = Date.UTC(2026, 2, 1, 3)
const pace: Pace = { speed: 10, startedAt: START, intervalMs: 5_000 }
const wearers = buildDistrict({ seed: 1, elders: 20 }).households.map(household =>
  wearerOf({ deviceId: household.device.id, household }),
)

it.each(wearers.map(wearer => [wearer.deviceId, wearer] as const))(
  '%s leaves the zone before the alarm is owed, stays out, and is brought home',
  (_id, wearer) => {
    const episode = loseTheWay({
      wearer,
      startAt: START,
      pace,
      dice: diceOf('lost', wearer.deviceId),
      run: 'r',
    })
    const farAt = (now: number) => {
      const { eastM, northM } = momentOf(wearer, [episode], pace, now)
      return Math.hypot(eastM, northM)
    }
    const [owed] = episode.expects
    const { dwellMs } = wearer.household.zone
    for (let now = (owed?.deadline ?? 0) - dwellMs; now < START + 12 * 60_000; now += 10_000)
      expect(farAt(now)).toBeGreaterThan(wearer.household.fence.outsideM)
    expect(farAt(episode.endAt - 1_000)).toBeLessThan(wearer.household.fence.insideM)
    expect(farAt(episode.endAt)).toBeLessThan(wearer.household.fence.insideM)
  },
)

it('a backlog is quiet days in order, as a device would have kept them, until now', () => {
  const [wearer] = wearers
  if (!wearer) throw new Error('the district has elders')
  const samples = backlogOf(wearer, START)
  expect(samples.every(sample => telemetrySchema.safeParse(sample).success)).toBe(true)
  const times = samples.map(({ ts = 0 }) => ts)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(times[0]).toBe(START - KEPT_MS)
  expect(times.at(-1)).toBeLessThan(START)
  expect(samples.every(({ seq }) => seq === undefined)).toBe(true)
})
