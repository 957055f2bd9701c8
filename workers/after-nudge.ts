// Follows a nudge a little later: what comes in a burst is followed together, and what is more urgent goes first.

import type { Nudge, NudgeTopic } from '../records/nudge.ts'

type Following = {
  nudge: Pick<Nudge, 'subscribe'>
  topic: NudgeTopic
  /** Or what says it when the nudge comes. */
  afterMs: number | (() => number)
}

/** Calls `follow` once, `afterMs` after the first nudge of a burst. Returns what ends it. */
export function followAfter({ nudge, topic, afterMs }: Following, follow: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const unsubscribe = nudge.subscribe(topic, () => {
    timer ??= setTimeout(
      () => {
        timer = undefined
        follow()
      },
      typeof afterMs === 'number' ? afterMs : afterMs(),
    )
  })
  return () => {
    unsubscribe()
    clearTimeout(timer)
  }
}
