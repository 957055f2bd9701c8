// A map on the page: a scene in, picks out. It can be walked over by keyboard, and says nothing that is not also
// written beside it.

import 'ol/ol.css'
import './map.css'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { useScreen } from '../shell/use-screen.ts'
import { useStable } from '../shell/use-stable.ts'
import type { Mark, Scene } from './scene.ts'
import { createSurface, type Sight, type Surface } from './surface.ts'
import type { Ground } from './use-ground.ts'
import { useMapWords } from './words.ts'

type Props = {
  ground: Ground
  scene: Scene
  /** Names the map for whoever does not see it. */
  label: string
  /** Whenever it changes, all of the scene is brought into sight. */
  fitFor: string
  /** The signs under a click, none where there were none. */
  onPick?: (marks: Mark[]) => void
  /** The map itself, for what draws on it; what is returned is called when the map goes. */
  onSurface?: (surface: Surface) => () => void
  /** Enter, pressed on the map. */
  onEnter?: () => void
  children?: ReactNode
}

const MAP_KEYS: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', '+', '-'])

export function MapView({ ground, scene, label, fitFor, onPick, onSurface, onEnter, children }: Props) {
  const words = useMapWords()
  const screen = useScreen()
  const help = useId()
  const place = useRef<HTMLDivElement>(null)
  const [surface, setSurface] = useState<Surface>()
  const sight = useRef<Sight>(undefined)
  const [areTilesAway, setTilesAway] = useState(false)
  const pick = useStable((marks: Mark[]) => onPick?.(marks))
  const begin = useStable((made: Surface) => onSurface?.(made))

  useEffect(() => {
    if (!place.current) return
    const { danger } = words
    const onTiles = (isWell: boolean): void => setTilesAway(!isWell)
    const made = createSurface({
      target: place.current,
      screen,
      sight: sight.current,
      ...ground,
      danger,
      onTiles,
      onPick: pick,
    })
    const end = begin(made)
    setSurface(made)
    return () => {
      end?.()
      sight.current = made.sight()
      made.remove()
      setSurface(undefined)
    }
  }, [screen, ground, words, pick, begin])

  useEffect(() => surface?.show(scene), [surface, scene])
  useFit({ place, surface, scene, fitFor })

  // What moves the map must not move the desk behind it.
  const onKeyDown = (event: KeyboardEvent): void => {
    const isEnter = event.key === 'Enter' && onEnter !== undefined
    if (!isEnter && !MAP_KEYS.has(event.key)) return
    event.stopPropagation()
    if (!isEnter) return
    event.preventDefault()
    onEnter()
  }

  return (
    <div className="map">
      <div
        className="map-canvas"
        ref={place}
        role="application"
        aria-label={label}
        aria-describedby={help}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is interactive, arrow keys move it
        tabIndex={0}
        onKeyDown={onKeyDown}
      />
      <p id={help} className="map-help">
        {words.mapHelp}
      </p>
      <div className="map-buttons">
        <button
          type="button"
          aria-label={words.zoomIn}
          title={words.zoomIn}
          onClick={() => surface?.zoomBy(1)}
        >
          +
        </button>
        <button
          type="button"
          aria-label={words.zoomOut}
          title={words.zoomOut}
          onClick={() => surface?.zoomBy(-1)}
        >
          −
        </button>
        <button
          type="button"
          aria-label={words.whole}
          title={words.whole}
          onClick={() => surface?.fit(scene)}
        >
          ⤢
        </button>
      </div>
      {children}
      {areTilesAway && (
        <p className="map-notice" role="status">
          {words.tilesAway}
        </p>
      )}
      {ground.ground.attribution !== null && <p className="map-attribution">{ground.ground.attribution}</p>}
    </div>
  )
}

type Fit = {
  place: RefObject<HTMLElement | null>
  surface: Surface | undefined
  scene: Scene
  fitFor: string
}

/**
 * Also when somebody walks out of sight. Whoever moved the map by hand is left where they look, also when the map is made
 * anew for another screen.
 */
function useFit({ place, surface, scene, fitFor }: Fit): void {
  const fitted = useRef('')
  const wasMoved = useRef(false)
  useEffect(() => {
    if (!surface) return
    if (!wasMoved.current) fitted.current = ''
    const onHand = (): void => {
      wasMoved.current = true
    }
    const events = ['pointerdown', 'wheel', 'keydown'] as const
    const target = place.current
    if (!target) return
    for (const event of events) target.addEventListener(event, onHand)
    return () => {
      for (const event of events) target.removeEventListener(event, onHand)
    }
  }, [place, surface])
  useEffect(() => {
    if (!surface) return
    const isNew = fitted.current !== fitFor
    const isLost = !wasMoved.current && scene.position != null && surface.hides(scene.position.place)
    if (!isNew && !isLost) return
    if (isNew) wasMoved.current = false
    fitted.current = fitFor
    surface.fit(scene)
  }, [surface, scene, fitFor])
}
