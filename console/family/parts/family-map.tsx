// The map with one place on it: the desk's own map, in a chunk that a family fetches only when somebody is shown.

import { useMemo } from 'react'
import type { FamilyPlace } from '../../../model/family.ts'
import { standingOf } from '../../map/ages.ts'
import { MapView } from '../../map/map-view.tsx'
import type { Scene } from '../../map/scene.ts'
import { useGround } from '../../map/use-ground.ts'
import { createHttp } from '../../shell/http.ts'
import { LanguageProvider } from '../../shell/language.tsx'

const http = createHttp({ send: (input, init) => fetch(input, init) })

type Props = { place: FamilyPlace; label: string; age: string; now: number }

export function FamilyMap(props: Props) {
  return (
    <LanguageProvider>
      <Drawn {...props} />
    </LanguageProvider>
  )
}

function Drawn({ place, label, age, now }: Props) {
  const ground = useGround(http)
  const { lat, lon, accuracyM, at } = place
  const acc = accuracyM ?? undefined
  const { isOld, isCoarse } = standingOf({ at, acc }, now)
  const scene = useMemo(
    (): Scene => ({ position: { place: [lon, lat], accuracyM: acc, isOld, isCoarse, label: age } }),
    [lat, lon, acc, isOld, isCoarse, age],
  )
  return ground && <MapView ground={ground} scene={scene} label={label} fitFor="place" />
}
