// The city lives: at every turn each elder whose turn it is sends a sample, keys that are due are pressed, and
// what the hub owes for them is written down.

import { COMMAND_ARGS, type DeviceCommand } from '../model/command.ts'
import { diceOf } from './dice.ts'
import type { Fleet } from './fleet.ts'
import { calmMoment, lifeAt, type Moment, type Pace, type Wearer } from './life.ts'
import type { Episode, Expectation, Press } from './scenarios/episode.ts'
import { sampleOf } from './sensors.ts'

export type City = {
  /** Adds an episode; it begins when its time has come. */
  add(episode: Episode): void
  /** Does everything that is due at `now`. Call it a few times a second, with a clock that never goes back. */
  turn(now: number): void
  /** Episodes that have begun, or will. */
  pending(): number
  /** Whether the elder is in an episode, or will be. */
  busy(deviceId: string): boolean
  /** A device is asked for something; false when it cannot do that. */
  command(deviceId: string, command: DeviceCommand): boolean
}

export type CityOptions = {
  wearers: readonly Wearer[]
  fleet: Pick<Fleet, 'sample' | 'event'>
  pace: Pace
  /** Called when an episode begins, for each alarm that the hub owes for it. */
  onExpect?(expectation: Expectation): void
}

/** A sample that the hub asks for waits for no place in the interval. */
const AT_ONCE = Number.NEGATIVE_INFINITY

type Resident = { wearer: Wearer; nextAt: number; seq: number; episodes: Episode[]; intervalMs: number }
type DuePress = Press & { deviceId: string }

export function createCity({ wearers, fleet, pace, onExpect }: CityOptions): City {
  const residents = new Map(wearers.map(wearer => [wearer.deviceId, settle(wearer, pace)]))
  let waiting: Episode[] = []
  let presses: DuePress[] = []

  const begin = (episode: Episode) => {
    residents.get(episode.deviceId)?.episodes.push(episode)
    for (const expectation of episode.expects) onExpect?.(expectation)
    for (const press of episode.presses) presses.push({ ...press, deviceId: episode.deviceId })
  }
  const beginDue = (now: number) => {
    const due = waiting.filter(({ startAt }) => startAt <= now)
    if (due.length === 0) return
    waiting = waiting.filter(({ startAt }) => startAt > now)
    for (const episode of due) begin(episode)
  }
  const pressDue = (now: number) => {
    const due = presses.filter(({ at }) => at <= now)
    if (due.length === 0) return
    presses = presses.filter(({ at }) => at > now)
    for (const { deviceId, event } of due) fleet.event(deviceId, event)
  }

  return {
    add: episode => {
      waiting.push(episode)
    },
    turn(now) {
      beginDue(now)
      pressDue(now)
      for (const resident of residents.values()) {
        if (resident.nextAt > now) continue
        resident.episodes = resident.episodes.filter(({ endAt }) => endAt > now)
        fleet.sample(resident.wearer.deviceId, sampleNow(resident, pace, now))
        // After a pause of the program no device sends the samples that it missed.
        const lastAt = resident.nextAt === AT_ONCE ? now : resident.nextAt
        resident.nextAt = Math.max(lastAt + resident.intervalMs, now)
      }
    },
    pending: () => waiting.length + sumOf(residents, ({ episodes }) => episodes.length),
    busy: deviceId =>
      (residents.get(deviceId)?.episodes.length ?? 0) > 0 || waiting.some(e => e.deviceId === deviceId),
    command(deviceId, command) {
      const resident = residents.get(deviceId)
      return resident !== undefined && obey(resident, command, pace.intervalMs)
    },
  }
}

/** These wearables can say where they are, now or more often. */
function obey(resident: Resident, { name, args }: DeviceCommand, ownMs: number): boolean {
  if (name === 'interval') {
    const asked = COMMAND_ARGS.interval.safeParse(args)
    if (!asked.success) return false
    // A simulated city is in a hurry: nobody in it is slowed down by what would be often for a band.
    resident.intervalMs = Math.min(asked.data.everyMs, ownMs)
  } else if (name !== 'locate') return false
  resident.nextAt = AT_ONCE
  return true
}

/** Devices do not speak in chorus: each has its own place in the interval. */
function settle(wearer: Wearer, pace: Pace): Resident {
  const offset = diceOf('phase', wearer.seed).unit() * pace.intervalMs
  return { wearer, nextAt: pace.startedAt + offset, seq: 0, episodes: [], intervalMs: pace.intervalMs }
}

function sampleNow(resident: Resident, pace: Pace, now: number) {
  const moment = momentOf(resident.wearer, resident.episodes, pace, now)
  return sampleOf(resident.wearer, moment, { now, seq: resident.seq++ })
}

/** How the elder is: as on a quiet day, changed by what happens to them. */
export function momentOf(wearer: Wearer, episodes: readonly Episode[], pace: Pace, now: number): Moment {
  let moment = calmMoment(wearer, lifeAt(pace, now))
  for (const { change, startAt, endAt } of episodes) {
    if (change !== undefined && startAt <= now && now < endAt) moment = change(moment, now)
  }
  return moment
}

function sumOf<T>(residents: ReadonlyMap<string, T>, count: (item: T) => number): number {
  let sum = 0
  for (const resident of residents.values()) sum += count(resident)
  return sum
}
