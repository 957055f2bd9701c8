// Where an elder is, in the file of an alarm: a map with position, fences and the way of the last hours, and the same
// in words. Lives while it is shown.

import { Button } from 'antd'
import { type ReactNode, useMemo } from 'react'
import type { Fix } from '../../model/history.ts'
import type { Alarm } from '../../model/incident.ts'
import { timeOfDay } from '../shell/amounts.ts'
import { useHttp } from '../shell/http-context.ts'
import { useWords } from '../shell/language.tsx'
import { Loading } from '../shell/loading.tsx'
import { useNow } from '../shell/now.tsx'
import { useStable } from '../shell/use-stable.ts'
import { standingOf } from './ages.ts'
import { distanceM } from './earth.ts'
import { Facts } from './facts.tsx'
import { LocateButton } from './locate-button.tsx'
import { canBeAsked } from './locating.ts'
import { MapView } from './map-view.tsx'
import { ageOf, warningsOf } from './sayings.ts'
import type { Scene, Shown } from './scene.ts'
import { placeOf } from './track.ts'
import { useGround } from './use-ground.ts'
import { useWhereabouts } from './use-whereabouts.ts'
import { isLive, TRACK_MS, type Whereabouts } from './whereabouts.ts'
import { useMapWords } from './words.ts'

type Props = {
  residentId: string
  /** Whose area has the zones, and whose device can be asked where it is. */
  alarm: Pick<Alarm, 'areaId' | 'deviceId'>
}

export function Where(props: Props) {
  const words = useMapWords()
  return (
    <section className="card where" aria-label={words.where}>
      <Located key={props.residentId} {...props} />
    </section>
  )
}

function Located({ residentId, alarm }: Props) {
  const words = useMapWords()
  const http = useHttp()
  const now = useNow()
  const readNow = useStable(() => now)
  const { known, refresh } = useWhereabouts({ http, residentId, areaId: alarm.areaId, now: readNow })
  const { latest } = known
  const locate = canBeAsked(alarm.deviceId) && (
    <LocateButton key={alarm.deviceId} deviceId={alarm.deviceId} since={latest.value?.at} />
  )
  if (latest.value !== null) return <Found fix={latest.value} known={known} locate={locate} />
  if (latest.status === 'loading') return <Loading text={words.loading} />
  if (latest.problem === 'NO_HISTORY') return <Missing lead={words.noHistory} />
  if (latest.status === 'failed')
    return (
      <Missing lead={words.failed}>
        <Button onClick={refresh}>{words.again}</Button>
      </Missing>
    )
  return (
    <Missing lead={words.noPositionLead}>
      {locate && <p>{words.noPositionLocate}</p>}
      {locate}
    </Missing>
  )
}

function Missing({ lead, children }: { lead: string; children?: ReactNode }) {
  const words = useMapWords()
  return (
    <div className="where-missing">
      <h3>{words.noPosition}</h3>
      <p>{lead}</p>
      {children}
    </div>
  )
}

function Found({ fix, known, locate }: { fix: Fix; known: Whereabouts; locate: ReactNode }) {
  const words = useMapWords()
  const { explain } = useWords()
  const now = useNow()
  const http = useHttp()
  const ground = useGround(http)
  const scene = useScene({ fix, known, now })
  const said = { words, amounts: explain.amounts }
  const age = ageOf(fix.at, now, said)
  return (
    <>
      <header className="where-head">
        <h3>{words.where}</h3>
        <span className="where-age">{age}</span>
        {isLive(known, now) && <span className="mark is-plain">{words.live}</span>}
        <span className="where-locate">{locate}</span>
      </header>
      {warningsOf(fix, now, said).map(warning => (
        <p className="where-warning" key={warning}>
          {warning}
        </p>
      ))}
      {ground && (
        <MapView ground={ground} scene={scene} label={`${words.map}: ${age}`} fitFor={fitOf(known)} />
      )}
      <Facts fix={fix} known={known} />
    </>
  )
}

/** All is brought into sight once the fences are there; a track that grows moves nothing. */
const fitOf = ({ fences, track }: Whereabouts): string =>
  `${fences.status === 'loading'} ${track.status === 'loading'}`

const LABELS_APART_M = 150

/** Drawn anew when something has changed, or a minute has passed: what is old fades. */
function useScene({ fix, known, now }: { fix: Fix; known: Whereabouts; now: number }): Scene {
  const words = useMapWords()
  const shared = useWords()
  const minute = Math.floor(now / 60_000) * 60_000
  const { fences, track } = known
  const label = ageOf(fix.at, now, { words, amounts: shared.explain.amounts })
  const { isOld, isCoarse } = standingOf(fix, now)
  const position = useMemo(
    (): Shown => ({ place: placeOf(fix), accuracyM: fix.acc, isOld, isCoarse, label }),
    [fix, isOld, isCoarse, label],
  )
  const way = useMemo(() => {
    const [first] = track.value
    // Where the way begins close to where it ends, its time would lie on that of the end.
    const isApart = first !== undefined && distanceM(placeOf(first), placeOf(fix)) > LABELS_APART_M
    const firstLabel = isApart ? timeOfDay(first.at, minute, shared) : ''
    return { fixes: track.value, from: minute - TRACK_MS, to: minute, firstLabel }
  }, [track.value, fix, minute, shared])
  return useMemo(() => ({ fences: fences.value, track: way, position }), [fences.value, way, position])
}
