// The tree of areas, for their names.

import { useEffect, useState } from 'react'
import type { Area } from '../../model/area.ts'
import type { Alarms } from './alarms.ts'

/** By id: read once the desk is live, and again when it comes back. */
export function useAreas(alarms: Alarms, live: boolean): ReadonlyMap<string, Area> {
  const [areas, setAreas] = useState<ReadonlyMap<string, Area>>(new Map())
  useEffect(() => {
    if (!live) return
    void alarms.areas().then(answer => {
      // Without names, ids are shown; no alarm waits for them.
      if (answer.ok) setAreas(new Map(answer.value.map(area => [area.id, area])))
    })
  }, [alarms, live])
  return areas
}
