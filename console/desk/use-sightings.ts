// Ties what is told as seen to what the browser has painted.

import { useEffect, useState } from 'react'
import { useStable } from '../shell/use-stable.ts'
import type { Desk } from './desk.ts'
import type { Feed } from './feed.ts'
import { createSightings, type Sightings } from './sightings.ts'

/** `desk` is what is drawn now; beneath another screen nobody sees it. */
export function useSightings(
  { board, link }: Desk,
  { feed, isShown }: { feed: Feed | undefined; isShown: boolean },
): Sightings {
  const tell = useStable((seq: number, ids: readonly string[]) => feed?.seen(seq, ids) ?? false)
  const isLookedAt = useStable(() => isShown && document.visibilityState === 'visible')
  const [sightings] = useState(() => createSightings({ whenPainted, isLookedAt, tell }))
  const isLive = link.state === 'live'
  useEffect(() => sightings.shows(board.seq), [sightings, board.seq])
  useEffect(() => {
    if (isLive && isShown) sightings.again()
  }, [sightings, isLive, isShown])
  useEffect(() => {
    document.addEventListener('visibilitychange', sightings.look)
    return () => {
      document.removeEventListener('visibilitychange', sightings.look)
      sightings.stop()
    }
  }, [sightings])
  return sightings
}

/** The first frame is about to be painted; by the second it has been. */
function whenPainted(callback: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(callback)
  })
  return () => cancelAnimationFrame(frame)
}
