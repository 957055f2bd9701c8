// The oracle: sits at an operator's feed before anything is sent, and at the end says of every alarm that was
// owed whether it came, once, and in time.

import type { Client } from '../client.ts'
import type { FleetCounts } from '../fleet.ts'
import type { Expectation } from '../scenarios/episode.ts'
import { follow } from './follow.ts'
import { judge, type Sighting } from './judge.ts'
import { type Report, reportOn } from './report.ts'
import { sightingOf } from './sighting.ts'
import { feedPlace } from './timelines.ts'

export type Oracle = {
  expect(expectation: Expectation): void
  /** The hub has acknowledged the event: it may not be lost any more. */
  acknowledged(eventId: string): void
  /** How many owed alarms have not come, of how many. */
  progress(): { owed: number; came: number }
  /** Waits until everything owed has come, or is `patienceMs` over its deadline. Ends early when aborted. */
  settled(patienceMs: number, signal?: AbortSignal): Promise<void>
  report(fleet: FleetCounts): Report
  stop(): void
}

export type OracleOptions = {
  client: Client
  /** Alarms of other devices are none of its business. */
  watches(deviceId: string): boolean
  onTrouble(reason: string): void
  now?(): number
}

const LOOK_MS = 200

/** Connects; resolves when the feed is followed. */
export async function startOracle(options: OracleOptions): Promise<Oracle> {
  const { client, watches, onTrouble, now = Date.now } = options
  const expectations: Expectation[] = []
  const sightings: Sighting[] = []
  const acked = new Set<string>()
  const following = follow({
    client,
    since: await feedPlace(client),
    onTrouble,
    onShown(shown) {
      const sighting = sightingOf(shown, now())
      if (sighting !== undefined && watches(sighting.deviceId)) sightings.push(sighting)
    },
  })
  await following.ready

  const judged = () => judge({ expectations, sightings, now: now() })
  const outstanding = () => judged().verdicts.filter(({ sightings: came }) => came.length === 0)
  return {
    expect: expectation => {
      expectations.push(expectation)
    },
    acknowledged: eventId => {
      acked.add(eventId)
    },
    progress: () => ({ owed: expectations.length, came: expectations.length - outstanding().length }),
    async settled(patienceMs, signal) {
      const worthWaiting = () =>
        outstanding().some(({ expectation }) => now() <= expectation.deadline + patienceMs)
      while (signal?.aborted !== true && worthWaiting()) {
        await new Promise(resolve => setTimeout(resolve, LOOK_MS))
      }
    },
    report: fleet => reportOn(judged(), { fleet, acked }),
    stop: following.stop,
  }
}
