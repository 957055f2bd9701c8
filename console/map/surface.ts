// One OpenLayers map on an element of the page: its layers, what it shows, what was picked on it. Drawn on canvases
// alone, so that a machine without a graphics processor shows it as well.

import ScaleLine from 'ol/control/ScaleLine.js'
import { createEmpty, type Extent, extend } from 'ol/extent.js'
import type Feature from 'ol/Feature.js'
import { defaults as usualInteractions } from 'ol/interaction/defaults.js'
import MouseWheelZoom from 'ol/interaction/MouseWheelZoom.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import VectorSource from 'ol/source/Vector.js'
import View from 'ol/View.js'
import type { MapGround } from '../../model/map.ts'
import type { Position } from '../../model/zone.ts'
import type { Screen } from '../shell/use-screen.ts'
import type { Datum } from './datum.ts'
import {
  crossingFeatures,
  type Drawing,
  fenceFeatures,
  type Projection,
  positionFeatures,
  projectionOf,
  trackFeatures,
} from './features.ts'
import { groundLayers } from './ground.ts'
import { createMarks, marksAt } from './marks.ts'
import { around, type Mark, placesOf, type Scene } from './scene.ts'
import { stylesAt } from './styles.ts'

export type SurfaceDeps = {
  target: HTMLElement
  screen: Screen
  /** Where to look at first: as the map did that stood here before. */
  sight?: Sight | undefined
  ground: MapGround
  datum: Datum
  /** Names a danger as one. */
  danger: (name: string) => string
  /** Tiles come, or do not. */
  onTiles: (isWell: boolean) => void
  /** The signs under a click; empty where there was none. */
  onPick: (marks: Mark[]) => void
}

/** What is in sight. */
export type Sight = { middle: Position; zoom: number }

export type Surface = {
  map: OlMap
  projection: Projection
  drawing: Drawing
  show(scene: Scene): void
  /** Moves so that all of the scene is in sight; nothing happens without anything in it. */
  fit(scene: Scene): void
  /** Whether any of the scene's places is out of sight. */
  hides(place: Position): boolean
  zoomBy(steps: number): void
  /** Puts a place under the middle of the map. */
  lookAt(place: Position): void
  /** The place under the middle of the map. */
  middle(): Position
  sight(): Sight
  remove(): void
}

/** A quarter around an elder is in sight: closer is no use. */
const LEAST_SPAN_M = 120
/** What is seen before anything is there to be seen: the country. */
const EVERYWHERE: Sight = { middle: [104, 36], zoom: 4 }
/** Top, right, bottom, left: what stands at the edges of a map covers nothing. */
const EDGES_PX = [40, 60, 84, 40] as const
const ZOOM_CLOSEST = 20

export function createSurface(deps: SurfaceDeps): Surface {
  const { target, screen, sight = EVERYWHERE, ground, datum, danger, onTiles, onPick } = deps
  const { scale, pixelRatio } = screen
  const styles = stylesAt({ scale, family: getComputedStyle(target).fontFamily })
  const projection = projectionOf(datum)
  const drawing: Drawing = { ...projection, styles, danger }
  const fences = new VectorSource()
  const track = new VectorSource()
  const position = new VectorSource()
  const crossings = new VectorSource()
  const marks = createMarks({ projection, styles, scale })
  const layers = [fences, track, crossings, position].map(source => new VectorLayer({ source }))
  const view = new View({
    center: projection.toMap(sight.middle),
    zoom: sight.zoom,
    maxZoom: ZOOM_CLOSEST,
    enableRotation: false,
  })
  const map = new OlMap({
    target,
    view,
    pixelRatio,
    controls: [new ScaleLine({ minWidth: 64 * scale })],
    // The page scrolls past a map that nobody has gone into.
    interactions: usualInteractions({
      altShiftDragRotate: false,
      pinchRotate: false,
      mouseWheelZoom: false,
      zoomDuration: 0,
    }).extend([new MouseWheelZoom({ onFocusOnly: true, duration: 0 })]),
    layers: [...groundLayers({ ground, styles, scale, onTiles }), ...layers, ...marks.layers],
  })
  map.on('singleclick', event => {
    const found = map.getFeaturesAtPixel(event.pixel, { hitTolerance: 6 * scale })
    onPick(found.flatMap(feature => marksAt(feature)))
  })

  const draw = {
    fences: (scene: Scene) => fill(fences, fenceFeatures(scene.fences ?? [], drawing)),
    track: (scene: Scene) => fill(track, trackFeatures(scene.track, drawing)),
    position: (scene: Scene) => fill(position, positionFeatures(scene.position, drawing)),
    crossings: (scene: Scene) => fill(crossings, crossingFeatures(scene.crossings ?? [], drawing)),
    marks: (scene: Scene) => marks.show(scene.marks ?? []),
  } satisfies Record<keyof Scene, (scene: Scene) => void>
  let shown: Scene = {}
  const zoom = (): number => view.getZoom() ?? sight.zoom
  const middle = (): Position => projection.toPlace(view.getCenter() ?? projection.toMap(sight.middle))

  return {
    map,
    projection,
    drawing,
    show(scene) {
      for (const part of Object.keys(draw) as (keyof Scene)[])
        if (scene[part] !== shown[part]) draw[part](scene)
      shown = scene
    },
    fit(scene) {
      const extent = extentOf(placesOf(scene), projection)
      if (extent === undefined) return
      const padding = EDGES_PX.map(px => px * scale)
      view.fit(extent, { padding, maxZoom: ZOOM_CLOSEST - 2 })
    },
    hides(place) {
      const size = map.getSize()
      if (size === undefined || size.some(length => length === 0)) return false
      const [west = 0, south = 0, east = 0, north = 0] = view.calculateExtent(size)
      const [x = 0, y = 0] = projection.toMap(place)
      return x < west || x > east || y < south || y > north
    },
    zoomBy: steps => view.setZoom(zoom() + steps),
    lookAt: place => view.setCenter(projection.toMap(place)),
    middle,
    sight: () => ({ middle: middle(), zoom: zoom() }),
    remove() {
      map.setTarget(undefined)
      map.dispose()
    },
  }
}

function fill(source: VectorSource, features: Feature[]): void {
  source.clear(true)
  source.addFeatures(features)
}

function extentOf(places: readonly Position[], { toMap }: Projection): Extent | undefined {
  const extent = createEmpty()
  for (const place of places) {
    const [x = 0, y = 0] = toMap(place)
    extend(extent, [x, y, x, y])
  }
  const [first] = places
  if (first === undefined) return undefined
  for (const place of around(first, LEAST_SPAN_M)) {
    const [x = 0, y = 0] = toMap(place)
    extend(extent, [x, y, x, y])
  }
  return extent
}
