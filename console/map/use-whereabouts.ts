// Reads where an elder is for as long as a part of the screen shows it, and not while nobody looks at the page.

import { useEffect, useReducer, useRef, useState } from 'react'
import type { Area } from '../../model/area.ts'
import type { Latest, Track } from '../../model/history.ts'
import type { Zone } from '../../model/zone.ts'
import { after, onWake } from '../shell/browser.ts'
import type { Answer, Http } from '../shell/http.ts'
import {
  EVERY_MS,
  isLive,
  type Read,
  TRACK_MS,
  trackFrom,
  UNKNOWN,
  type Whereabouts,
  whereaboutsAfter,
} from './whereabouts.ts'

type Asked = { http: Http; residentId: string; areaId: string; now: () => number }

/** Of one elder: a part that shows another one begins anew. `now` is stable; `refresh` asks at once. */
export function useWhereabouts(asked: Asked): { known: Whereabouts; refresh: () => void } {
  const { http, residentId, areaId, now } = asked
  const [known, show] = useState(UNKNOWN)
  const newest = useRef(UNKNOWN)
  const [turn, refresh] = useReducer((turns: number) => turns + 1, 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to read again, at once
  useEffect(
    () =>
      follow({
        http,
        residentId,
        areaId,
        now,
        known: () => newest.current,
        tell(read) {
          newest.current = whereaboutsAfter(newest.current, read)
          show(newest.current)
        },
      }),
    [http, residentId, areaId, now, turn],
  )
  return { known, refresh }
}

type Follow = Asked & { known: () => Whereabouts; tell: (read: Read) => void }

/** One question after the other: a slow answer makes the next one later, never two at a time. */
function follow({ known, tell, ...asked }: Follow): () => void {
  let isWanted = true
  let isReading = false
  let cancel = (): void => undefined

  const take = (read: Read): void => {
    if (isWanted) tell(read)
  }
  const turn = async (): Promise<void> => {
    if (isReading || !isWanted) return
    isReading = true
    cancel()
    if (document.visibilityState === 'visible') await readAll(asked, known(), take)
    isReading = false
    const everyMs = isLive(known(), asked.now()) ? EVERY_MS.live : EVERY_MS.calm
    if (isWanted) cancel = after(everyMs, () => void turn())
  }
  void turn()
  const unwake = onWake(() => void turn())
  return () => {
    isWanted = false
    cancel()
    unwake()
  }
}

async function readAll(asked: Asked, known: Whereabouts, take: (read: Read) => void): Promise<void> {
  const { http, residentId, now } = asked
  const latest = await http.get<Latest>(`residents/${encodeURIComponent(residentId)}/latest`)
  take(
    latest.ok
      ? { type: 'latest', fix: latest.value.fix }
      : { type: 'latestFailed', problem: latest.problem.code },
  )
  if (known.fences.status !== 'known') take(await readFences(asked))
  if (!latest.ok) return
  take(await readTrack(asked, trackFrom(known, now()), now()))
}

/** Pages of a track that are read in one go: more of it comes with the next question. */
const PAGES_MAX = 5

async function readTrack({ http, residentId }: Asked, from: number, now: number): Promise<Read> {
  const fixes: Track['items'] = []
  let hasHoles = false
  let next: number | null = from
  for (let page = 0; page < PAGES_MAX && next !== null; page++) {
    // A device's clock may be ahead by a little.
    const query: string = `from=${next}&to=${now + 120_000}`
    const answer: Answer<Track> = await http.get(`residents/${encodeURIComponent(residentId)}/track?${query}`)
    if (!answer.ok) return { type: 'trackFailed' }
    fixes.push(...answer.value.items)
    hasHoles ||= answer.value.holes.length > 0
    next = answer.value.next
  }
  return { type: 'track', fixes, hasHoles, from: now - TRACK_MS }
}

/** Their own zones, and those of every area that they live in. */
async function readFences({ http, residentId, areaId }: Asked): Promise<Read> {
  const own = await http.get<{ items: Zone[] }>(
    `zones?residentId=${encodeURIComponent(residentId)}&limit=200`,
  )
  if (!own.ok) return { type: 'fencesFailed' }
  const fences = [...own.value.items]
  let area: string | null = areaId
  for (let level = 0; level < LEVELS_MAX && area !== null; level++) {
    const id = encodeURIComponent(area)
    const zones = await http.get<{ items: Zone[] }>(`zones?areaId=${id}&limit=200`)
    const above = await http.get<Area>(`areas/${id}`)
    if (!zones.ok) return { type: 'fencesFailed' }
    fences.push(...zones.value.items)
    // What lies above one's own area is not told.
    area = above.ok ? above.value.parentId : null
  }
  return { type: 'fences', fences }
}

/** Province, city, district, street, community, and the root. */
const LEVELS_MAX = 8
