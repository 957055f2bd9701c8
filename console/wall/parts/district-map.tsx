// The district: devices in clusters, and what is open on top of them.

import { useMemo } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import { MapView } from '../../map/map-view.tsx'
import type { Mark } from '../../map/scene.ts'
import { useGround } from '../../map/use-ground.ts'
import type { Http } from '../../shell/http.ts'
import { Loading } from '../../shell/loading.tsx'
import { wallMarks } from '../scene.ts'
import { usePlaces } from '../use-wall.ts'
import { useWallWords } from '../words.ts'
import { Age } from './age.tsx'

type Props = {
  http: Http
  isLoaded: boolean
  alarms: ReadonlyMap<string, Alarm>
  onOpen(id: string): void
}

export function DistrictMap({ http, isLoaded, alarms, onOpen }: Props) {
  const words = useWallWords()
  const ground = useGround(http)
  const { all, inAlarm } = usePlaces(http)
  const told = useMemo(() => {
    const known = { all: all?.value.items ?? [], exact: inAlarm?.value.items ?? [] }
    return wallMarks(alarms.values(), known, alarm => alarm.subject.name)
  }, [alarms, all, inAlarm])
  const scene = useMemo(() => ({ marks: told.marks }), [told])
  const pick = (marks: Mark[]) => {
    const alarm = marks.find(({ severity }) => severity !== undefined)
    if (alarm) onOpen(alarm.id)
  }
  return (
    <section className="wall-map" aria-label={words.map}>
      {ground && all && isLoaded ? (
        <MapView
          ground={ground}
          scene={scene}
          label={words.mapLabel(told.devices, told.incidents)}
          fitFor={told.marks.length > 0 ? 'placed' : 'empty'}
          onPick={pick}
        >
          <Notes isAway={all.value.isAway} isCut={all.value.isCut} told={told} />
        </MapView>
      ) : (
        <Loading text={words.connecting} />
      )}
      {inAlarm && <Age at={Math.min(inAlarm.at, all?.at ?? inAlarm.at)} />}
    </section>
  )
}

type NotesProps = { isAway: boolean; isCut: boolean; told: ReturnType<typeof wallMarks> }

function Notes({ isAway, isCut, told: { marks, devices, unplaced } }: NotesProps) {
  const words = useWallWords()
  const notes = [
    isAway ? words.mapAway : marks.length === 0 ? words.mapNothing : words.mapLead,
    ...(isCut ? [words.mapCut(devices)] : []),
    ...(unplaced > 0 ? [words.unplaced(unplaced)] : []),
  ]
  return (
    <ul className="wall-map-notes">
      {notes.map(note => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
