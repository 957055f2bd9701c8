// Puts jobs for delivery rows into their queues, and again where nothing was heard of one. The rows are the truth: a
// queue that forgets is filled again, one that remembers takes no job twice.

import type { ChannelKind } from '../model/channel.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { deliveriesToEnqueue, isAnyAhead, noteEnqueued, pullInDeliveries } from '../records/deliveries.ts'
import type { Jobs, NewJob } from './jobs.ts'

/** Jobs that are added at once. */
const TOGETHER = 100
/** A job of which nothing was heard for so long is added once more; the queue knows whether it still has it. */
export const MADE_SURE_AFTER_MS = 60_000
/** What is written while this looks is a little ahead of it, and so is another process. Only more than that is a clock. */
const LITTLE_AHEAD_MS = 10_000
/** After so many times a job is added under a fresh id: what its queue says about the old one may be wrong. */
const FRESH_AFTER = 5

/** One queue for a kind and lane, with workers of its own: behind a storm of the one nothing of the other waits. */
export const queueOf = (kind: ChannelKind, urgent: boolean): string =>
  `notify_${urgent ? 'urgent' : 'routine'}_${kind}`

/** What a job carries: the row, and which sending of it. */
export type Errand = { id: string; sending: number }

/** Enqueues everything that is due in one lane. `mostMs` is its longest pause between two tries. */
export async function enqueueDeliveries(
  { records, jobs, clock }: { records: Records; jobs: Pick<Jobs, 'add'>; clock: Clock },
  { urgent, mostMs = 0 }: { urgent: boolean; mostMs?: number },
): Promise<void> {
  for (let isMore = true; isMore; ) {
    const now = clock.now()
    const rows = await deliveriesToEnqueue(records.feed, { now, urgent, limit: TOGETHER })
    for (const [kind, some] of Map.groupBy(rows, ({ channelKind }) => channelKind))
      await jobs.add(queueOf(kind, urgent), some.map(jobOf))
    if (rows.length > 0)
      await noteEnqueued(
        records.db,
        rows.map(({ id }) => id),
        now + MADE_SURE_AFTER_MS,
      )
    isMore = rows.length === TOGETHER
  }
  // Last: nobody who waits now waits for this. What is pulled in is enqueued the next time.
  const ahead = { now: clock.now(), urgent, longestMs: mostMs + MADE_SURE_AFTER_MS + LITTLE_AHEAD_MS }
  if (await isAnyAhead(records.feed, ahead))
    await pullInDeliveries(records.db, { ...ahead, fresh: FRESH_AFTER })
}

function jobOf({ id, sending, enqueued }: { id: string; sending: number; enqueued: number }): NewJob {
  const fresh = Math.floor(enqueued / FRESH_AFTER)
  return { id: `${id}.${sending}.${fresh}`, data: { id, sending } satisfies Errand }
}
