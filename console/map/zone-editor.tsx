// A zone drawn and edited on the map, by mouse or by keyboard, and tried on the last thirty days before it is stored.

import './zones.css'
import { Button } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Position, Zone } from '../../model/zone.ts'
import type { Http, Problem } from '../shell/http.ts'
import { useWords } from '../shell/language.tsx'
import { createDraftLayer, type DraftLayer } from './draft-layer.ts'
import { ElderChoice } from './elder-choice.tsx'
import { MapView } from './map-view.tsx'
import { cornersOf } from './outline.ts'
import type { Fence, Scene } from './scene.ts'
import type { Surface } from './surface.ts'
import { useGround } from './use-ground.ts'
import { useMapWords } from './words.ts'
import {
  type Draft,
  type DraftShape,
  draftOf,
  missingOf,
  newDraft,
  type Owner,
  shapeOf,
  withPoint,
  zoneBody,
} from './zone-draft.ts'
import { ZoneForm } from './zone-form.tsx'
import { Refused, ZoneTrial } from './zone-trial.tsx'
import { crossingsOf, maySave, type Trial, type Tried, trialOf } from './zone-try.ts'

export type ZoneEditorProps = {
  /** The zone that is edited; without one, a new one is drawn. */
  zone?: Zone | undefined
  /** Whose a new zone is: an elder's, or an area's. */
  owner: Owner
  /** What lies around: the other zones of the same elder or area. They are shown and not changed. */
  beside?: readonly Fence[] | undefined
  /** Where to look at first when nothing is drawn: the elder's last position, [lon, lat]. */
  center?: Position | undefined
  http: Http
  /** The zone as the hub has stored it. */
  onSaved: (zone: Zone) => void
  /** Nothing was stored. */
  onClose: () => void
}

const NO_FENCES: readonly Fence[] = []

export function ZoneEditor({
  zone,
  owner,
  beside = NO_FENCES,
  center,
  http,
  onSaved,
  onClose,
}: ZoneEditorProps) {
  const { zone: words } = useMapWords()
  const [draft, setDraft] = useState((): Draft => (zone ? draftOf(zone) : newDraft('')))
  const [isAdding, setAdding] = useState(zone === undefined)
  const [triedOn, setTriedOn] = useState<string>()
  const [trial, setTrial] = useState<Trial>({ status: 'not' })
  const [saving, setSaving] = useState<{ is: 'not' | 'saving' } | { is: 'failed'; problem: Problem }>({
    is: 'not',
  })
  const surface = useRef<Surface>(null)
  const of = JSON.stringify([draft, triedOn])
  const missing = missingOf(draft)
  const around = useMemo(() => beside.filter(({ id }) => id !== zone?.id), [beside, zone])
  const needsElder = 'areaId' in owner && triedOn === undefined

  const setShape = (shape: DraftShape): void => setDraft(known => ({ ...known, shape }))
  const addPoint = (place: Position): void =>
    setDraft(known => ({ ...known, shape: withPoint(known.shape, place) }))
  const addMiddle = (): void => {
    if (surface.current) addPoint(surface.current.middle())
  }

  async function tryIt(): Promise<void> {
    setTrial({ status: 'trying', of })
    const tried = await http.post<Tried>('zones/dry-run', {
      zone: zoneBody(draft, owner),
      ...(zone && { zoneId: zone.id }),
      ...(triedOn !== undefined && { residentId: triedOn }),
    })
    setTrial(trialOf(of, tried))
  }

  async function save(): Promise<void> {
    setSaving({ is: 'saving' })
    const body = zoneBody(draft, owner)
    const stored = zone
      ? await http.patch<Zone>(`zones/${encodeURIComponent(zone.id)}`, body)
      : await http.post<Zone>('zones', body)
    if (stored.ok) onSaved(stored.value)
    else setSaving({ is: 'failed', problem: stored.problem })
  }

  return (
    <section className="zone-editor" aria-label={words.title}>
      <div className="zone-parts">
        <ZoneMap
          {...{ draft, isAdding, trial, center, http }}
          beside={around}
          onShape={setShape}
          onPoint={addPoint}
          onSurface={made => {
            surface.current = made
          }}
        />
        <form
          className="zone-form"
          noValidate
          onSubmit={event => {
            event.preventDefault()
            void tryIt()
          }}
        >
          <label className="zone-adding">
            <input type="checkbox" checked={isAdding} onChange={event => setAdding(event.target.checked)} />{' '}
            {words.adding}
          </label>
          <p className="faint">{words.keyboard}</p>
          <ZoneForm draft={draft} onDraft={setDraft} onAddMiddle={addMiddle} />
          {'areaId' in owner && (
            <ElderChoice areaId={owner.areaId} http={http} chosen={triedOn} onChoose={setTriedOn} />
          )}
          <ZoneTrial trial={trial} isStale={'of' in trial && trial.of !== of} />
          {saving.is === 'failed' && <Refused problem={saving.problem} />}
          {missing && <p className="faint">{words.missing[missing]}</p>}
          <div className="zone-buttons">
            <Button
              htmlType="submit"
              disabled={missing !== undefined || needsElder}
              loading={trial.status === 'trying'}
            >
              {words.try}
            </Button>
            <Button
              type="primary"
              disabled={missing !== undefined || !maySave(trial, of)}
              loading={saving.is === 'saving'}
              onClick={() => void save()}
            >
              {words.save}
            </Button>
            <Button onClick={onClose}>{words.cancel}</Button>
          </div>
        </form>
      </div>
    </section>
  )
}

type MapProps = Pick<ZoneEditorProps, 'center' | 'http'> & {
  beside: readonly Fence[]
  draft: Draft
  isAdding: boolean
  trial: Trial
  onShape: (shape: DraftShape) => void
  onPoint: (place: Position) => void
  onSurface: (surface: Surface | null) => void
}

function ZoneMap({ draft, isAdding, trial, beside, center, http, onShape, onPoint, onSurface }: MapProps) {
  const { zone: words } = useMapWords()
  const { lang } = useWords()
  const ground = useGround(http)
  const [layer, setLayer] = useState<DraftLayer>()
  const surface = useRef<Surface>(null)
  const isAddingNow = useRef(isAdding)
  isAddingNow.current = isAdding
  const tried = trial.status === 'tried' ? trial.tried : undefined
  const crossings = useMemo(() => {
    const day = new Intl.DateTimeFormat(lang, { month: '2-digit', day: '2-digit' })
    return tried ? crossingsOf(tried, at => day.format(at)) : []
  }, [tried, lang])
  const scene = useMemo((): Scene => ({ fences: beside, crossings }), [beside, crossings])
  const { shape } = draft

  useEffect(() => layer?.show(shape), [layer, shape])

  // At first, and when there are crossings to be seen, all of it is brought into sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a zone that is dragged must not move the map under the hand
  useEffect(() => {
    const drawn = shapeOf(shape)
    const corners = drawn ? cornersOf(drawn) : center ? [center] : []
    const places = [...corners.map((place, i) => ({ id: `${i}`, place })), ...crossings]
    surface.current?.fit({ fences: places.length === 0 ? beside : [], crossings: places })
    // Whoever draws by keyboard begins right there.
    if (!drawn && center) surface.current?.lookAt(center)
  }, [layer, crossings])

  if (!ground) return <div className="map" />
  return (
    <MapView
      ground={ground}
      scene={scene}
      label={words.drawn}
      fitFor="by hand"
      onEnter={() => {
        if (surface.current) onPoint(surface.current.middle())
      }}
      onSurface={made => {
        surface.current = made
        onSurface(made)
        const hand = createDraftLayer(made, {
          onShape,
          onClick: place => isAddingNow.current && onPoint(place),
        })
        setLayer(hand)
        return () => {
          hand.remove()
          surface.current = null
          onSurface(null)
        }
      }}
    >
      <i className="map-cross" aria-hidden="true" />
    </MapView>
  )
}
