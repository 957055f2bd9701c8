// The ground that the hub's environment names, asked for once by a page.

import { useEffect, useState } from 'react'
import { type MapGround, NO_TILES } from '../../model/map.ts'
import type { Http } from '../shell/http.ts'
import { type Datum, WGS84 } from './datum.ts'

export type Ground = { ground: MapGround; datum: Datum }

const asked = new WeakMap<Http, Promise<Ground | undefined>>()

/** Undefined until it is known. Where the hub cannot say, the plain ground: what is drawn on it matters more. */
export function useGround(http: Http): Ground | undefined {
  const [known, setKnown] = useState<Ground>()
  useEffect(() => {
    let isWanted = true
    const answer = asked.get(http) ?? ask(http)
    asked.set(http, answer)
    void answer.then(ground => {
      if (ground === undefined) asked.delete(http)
      if (isWanted) setKnown(ground ?? { ground: NO_TILES, datum: WGS84 })
    })
    return () => {
      isWanted = false
    }
  }, [http])
  return known
}

async function ask(http: Http): Promise<Ground | undefined> {
  const answer = await http.get<MapGround>('map')
  if (!answer.ok) return undefined
  return { ground: answer.value, datum: await datumOf(answer.value) }
}

/** The offsets of GCJ-02 are fetched where they are needed. Without tiles there is nothing to fit onto. */
async function datumOf({ datum, layers }: MapGround): Promise<Datum> {
  if (datum !== 'gcj02' || layers.length === 0) return WGS84
  const { GCJ02 } = await import('./gcj02.ts')
  return GCJ02
}
