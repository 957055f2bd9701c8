// The one reader of a gateway: follows the timeline in commit order and hands each page to the consoles. A nudge
// wakes it; a sweep makes up for a nudge that was lost.

import type { Log } from '../../model/log.ts'
import { lastSeq, type Records } from '../../records/db.ts'
import { feedAfter } from '../../records/timeline.ts'
import { type FeedItem, toItem } from './item.ts'

export type FeedReader = {
  /** The place up to which entries were handed out. */
  readonly place: number
  /** Why the last read failed; undefined when it did not. */
  readonly failure: string | undefined
  stop(): Promise<void>
}

/**
 * Hands out everything after the newest place of now. `onGoneBack` is told when the records have lost places that were
 * handed out: those that come next have been there before. Neither may throw.
 */
export async function startFeedReader({
  records,
  log,
  sweepMs,
  pageEntries,
  onItems,
  onGoneBack,
}: {
  records: Records
  log: Log
  sweepMs: number
  pageEntries: number
  onItems: (items: readonly FeedItem[]) => void
  onGoneBack: (place: number) => void
}): Promise<FeedReader> {
  let place = await lastSeq(records.feed, 'feed')
  let failure: string | undefined
  let asked = false
  let stopped = false
  let reading: Promise<void> | undefined

  const read = async (): Promise<void> => {
    while (asked && !stopped) {
      asked = false
      const rows = await feedAfter(records.feed, { seq: place, limit: pageEntries })
      place = rows.at(-1)?.entry.seq ?? place
      failure = undefined
      if (rows.length > 0) onItems(rows.map(toItem))
      else await lookBack()
      if (rows.length === pageEntries) asked = true
    }
  }
  /** A standby that had not everything took over, or a copy was put back: waiting for more would be waiting in vain. */
  const lookBack = async (): Promise<void> => {
    const newest = await lastSeq(records.feed, 'feed')
    if (newest >= place) return
    log.error(
      { place, newest },
      'the records have lost entries that consoles were told of; lists are read anew',
    )
    place = newest
    onGoneBack(place)
  }
  const wake = (): void => {
    asked = true
    reading ??= read()
      .catch((error: unknown) => {
        if (failure === undefined) log.error({ error }, 'the feed cannot be read; the sweep tries again')
        failure = error instanceof Error ? error.message : String(error)
      })
      .finally(() => {
        reading = undefined
        if (asked && !stopped) wake() // asked between the last look and here
      })
  }

  const unsubscribe = records.nudge.subscribe('feed', wake)
  const sweep = setInterval(wake, sweepMs)
  return {
    get place() {
      return place
    },
    get failure() {
      return failure
    },
    async stop() {
      stopped = true
      unsubscribe()
      clearInterval(sweep)
      await reading
    },
  }
}
