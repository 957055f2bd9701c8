// Tells people outside of the desk: follows the timeline for alerts, puts what is to be sent into queues, and carries it
// out. Rows are the truth and queues carry work: whatever dies, the rows bring it back.

import { performance } from 'node:perf_hooks'
import { CHANNEL_KINDS } from '../model/channel.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { forgetSubscription } from '../records/push-subscriptions.ts'
import { replyKey } from '../records/reply-key.ts'
import { followAfter } from '../workers/after-nudge.ts'
import { startBeat } from '../workers/beat.ts'
import type { Guard } from './channels/guard.ts'
import type { ChannelRow } from './channels/open.ts'
import type { Jobs, Work } from './jobs.ts'
import { startAllowing } from './notify-allow.ts'
import { createBrake } from './notify-brake.ts'
import { openChannels } from './notify-channels.ts'
import { followAlerts } from './notify-follow.ts'
import { enqueueDeliveries, queueOf } from './notify-queue.ts'
import { carryOut, giveUp, type Reads, type Sending, straightAway } from './notify-send.ts'
import { startSettling } from './notify-settle.ts'
import { replyLinks } from './reply-link.ts'
import { createTurns } from './turns.ts'

/** How a lane is worked on, for each kind of channel. */
export type Lane = Pick<Work, 'concurrency' | 'attempts' | 'backoff'>

/**
 * What is urgent has workers of its own, and is tried for about ten minutes: who is told of a fall an hour later is
 * not told. The rest is tried for about half an hour.
 */
export const LANES: Readonly<Record<'urgent' | 'routine', Lane>> = {
  urgent: { concurrency: 16, attempts: 15, backoff: { firstMs: 1_000, mostMs: 60_000 } },
  routine: { concurrency: 32, attempts: 15, backoff: { firstMs: 2_000, mostMs: 300_000 } },
}

/** What a nudge has missed is found by then. */
const EVERY_MS = 1_000
/** An alarm is on the screens by then: who reads it for them comes before who reads it to tell others. */
const AFTER_SCREENS_MS = 20
/** Alarms that come close upon each other are told of together: to tell of one alone costs as much as to raise it. */
const APART_MS = 150
/** What can wait is looked for once for a burst of alarms. */
const AFTER_ALERTS_MS = 200

export type NotifyDeps = {
  records: Records
  jobs: Jobs
  clock: Clock
  log: Log
  metrics: Metrics
  /** Which receivers may be called. */
  guard: Guard
  /** Channels that the environment sets up. */
  defaults?: readonly ChannelRow[]
  /** Where contacts reach the gateway; without it messages hold no link to answer by. */
  publicUrl?: string | undefined
  lanes?: typeof LANES
  /** Longest time of one try; the channel's own where it is not given. */
  timeoutMs?: number
  everyMs?: number
}

export type Notify = { stop(): Promise<void> }

export async function startNotify(deps: NotifyDeps): Promise<Notify> {
  const { records, jobs, log, lanes = LANES, everyMs = EVERY_MS, defaults = [] } = deps
  const links = replyLinks({ key: await replyKey(records.db), publicUrl: deps.publicUrl })
  const channels = openChannels({ records, parts: channelParts(deps), defaults })
  const settle = startSettling({ ...deps, defaults })
  const sending = { ...deps, channels, links, settle, allow: startAllowing(deps) }
  const inTurn = createTurns()
  // A storm takes many jobs at once: each would ask the records, and an emergency's answer come after all of theirs.
  const reads: Record<keyof typeof LANES, Reads> = {
    urgent: straightAway,
    routine: reading => inTurn('routine', reading),
  }

  const workers = (['urgent', 'routine'] as const).flatMap(lane => {
    const { mostMs } = lanes[lane].backoff
    const work = workOf(lanes[lane], { ...sending, brake: createBrake(), read: reads[lane], mostMs })
    return CHANNEL_KINDS.map(kind => jobs.work(queueOf(kind, lane === 'urgent'), work))
  })
  let toldAt = Number.NEGATIVE_INFINITY
  const onTold = (): void => {
    toldAt = performance.now()
  }
  const follow = followAlerts({ ...deps, defaults, onTold })
  const urgent = startBeat({
    everyMs,
    what: 'telling of alerts',
    log,
    async work() {
      try {
        await follow()
      } finally {
        // What was told before is sent, whatever is wrong with one that is to be told.
        await enqueueDeliveries(deps, { urgent: true, mostMs: lanes.urgent.backoff.mostMs })
      }
    },
  })
  // Apart: a storm of what can wait is put into its queues while this goes on.
  const routine = startBeat({
    everyMs,
    what: 'putting messages into queues',
    log,
    work: () => enqueueDeliveries(deps, { urgent: false, mostMs: lanes.routine.backoff.mostMs }),
  })
  const feed = { nudge: records.nudge, topic: 'feed' } as const
  const untilTold = (): number => Math.max(AFTER_SCREENS_MS, toldAt + APART_MS - performance.now())
  const deafen = [
    followAfter({ ...feed, afterMs: untilTold }, urgent.now),
    followAfter({ ...feed, afterMs: AFTER_ALERTS_MS }, routine.now),
  ]

  return {
    async stop() {
      for (const leave of deafen) leave()
      await Promise.all([urgent.stop(), routine.stop()])
      await Promise.all(workers.map(worker => worker.stop()))
      await channels.close()
    },
  }
}

const workOf = (lane: Lane, sending: Sending): Work => ({
  ...lane,
  handle: job => carryOut(sending, job),
  onDead: job => giveUp(sending, job),
})

const channelParts = ({ guard, clock, log, metrics, records, timeoutMs }: NotifyDeps) => ({
  guard,
  clock,
  log,
  metrics,
  forget: (subscription: string) => forgetSubscription(records.db, { subscription }),
  ...(timeoutMs !== undefined && { timeoutMs }),
})
