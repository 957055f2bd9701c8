// A zone on the map while it is drawn: its points can be dragged, edges take new ones, and what is moved is told.

import type { MapBrowserEvent } from 'ol'
import Collection from 'ol/Collection.js'
import Feature from 'ol/Feature.js'
import type Geometry from 'ol/geom/Geometry.js'
import LineString from 'ol/geom/LineString.js'
import Point from 'ol/geom/Point.js'
import Polygon from 'ol/geom/Polygon.js'
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom.js'
import Modify from 'ol/interaction/Modify.js'
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import type { Position } from '../../model/zone.ts'
import { awayFrom, circleRing, distanceM, stored, unrolled } from './earth.ts'
import type { Projection } from './features.ts'
import type { Surface } from './surface.ts'
import { type DraftShape, pointsOf } from './zone-draft.ts'

export type DraftLayer = {
  /** Nothing happens while a point is dragged. */
  show(shape: DraftShape): void
  remove(): void
}

type Hand = {
  /** A point was dragged, or put into an edge. */
  onShape: (shape: DraftShape) => void
  /** The ground was clicked, away from everything that is drawn. */
  onClick: (place: Position) => void
}

export function createDraftLayer(
  { map, projection, drawing: { styles } }: Surface,
  { onShape, onClick }: Hand,
): DraftLayer {
  const body = new VectorSource()
  const handles = new VectorSource()
  const movable = new Collection<Feature>()
  const layers = [
    new VectorLayer({ source: body, style: styles.draft }),
    new VectorLayer({ source: handles, style: styles.handle }),
  ]
  let drawn: DraftShape | undefined
  let read = (): DraftShape | undefined => undefined
  let isDragged = false

  const modify = new Modify({ features: movable, pixelTolerance: 12, style: styles.handle })
  modify.on('modifystart', () => {
    isDragged = true
  })
  modify.on('modifyend', () => {
    isDragged = false
    const shape = read()
    if (shape) onShape(shape)
  })
  // Two clicks are two points here.
  const zooms = map
    .getInteractions()
    .getArray()
    .filter(one => one instanceof DoubleClickZoom)
  for (const zoom of zooms) zoom.setActive(false)
  for (const layer of layers) map.addLayer(layer)
  map.addInteraction(modify)
  const click = (event: MapBrowserEvent): void => {
    const isOnPoint = map.hasFeatureAtPixel(event.pixel, {
      layerFilter: layer => layer === layers[1],
      hitTolerance: 4,
    })
    if (!isOnPoint) onClick(stored(projection.toPlace(event.coordinate)))
  }
  map.on('click', click)

  return {
    show(shape) {
      if (isDragged || shape === drawn) return
      drawn = shape
      const parts = partsOf(shape, projection)
      read = parts.read
      refill(body, parts.body)
      refill(handles, parts.handles)
      movable.clear()
      movable.extend(parts.movable)
    },
    remove() {
      map.un('click', click)
      map.removeInteraction(modify)
      for (const layer of layers) map.removeLayer(layer)
      for (const zoom of zooms) zoom.setActive(true)
    },
  }
}

type Parts = { body: Feature[]; handles: Feature[]; movable: Feature[]; read: () => DraftShape | undefined }

function partsOf(shape: DraftShape, projection: Projection): Parts {
  if (shape.kind === 'circle') return circleParts(shape, projection)
  const { toMap, toPlace } = projection
  const points = pointsOf(shape)
  const handles = points.map(place => new Feature(new Point(toMap(place))))
  if (shape.kind === 'polygon' && points.length >= 3) {
    const rings = [shape.points, ...shape.holes].map(ring =>
      unrolled([...ring, ...ring.slice(0, 1)]).map(toMap),
    )
    const polygon = new Polygon(rings)
    const holeHandles = shape.holes.flat().map(place => new Feature(new Point(toMap(place))))
    const read = (): DraftShape => {
      const [edge = [], ...holes] = polygon
        .getCoordinates()
        .map(ring => ring.slice(0, -1).map(at => stored(toPlace(at))))
      return { ...shape, points: edge, holes }
    }
    const feature = new Feature<Geometry>(polygon)
    return { body: [feature], handles: [...handles, ...holeHandles], movable: [feature], read }
  }
  if (points.length < 2) return { body: [], handles, movable: [], read: () => undefined }
  const line = new LineString(unrolled(points).map(toMap))
  const feature = new Feature<Geometry>(line)
  const read = (): DraftShape => ({ ...shape, points: line.getCoordinates().map(at => stored(toPlace(at))) })
  return { body: [feature], handles, movable: [feature], read }
}

/** Its middle moves it, a point of its edge makes it larger or smaller. */
function circleParts(shape: DraftShape & { kind: 'circle' }, { toMap, toPlace }: Projection): Parts {
  const { center, radiusM } = shape
  if (center === null) return { body: [], handles: [], movable: [], read: () => undefined }
  const middle = new Point(toMap(center))
  const edge = new Point(toMap(awayFrom(center, radiusM, 90)))
  const ring = new Polygon([circleRing(center, radiusM).map(toMap)])
  const placeOf = (point: Point): Position => toPlace(point.getCoordinates())
  let radius = radiusM
  middle.on('change', () => {
    ring.setCoordinates([circleRing(placeOf(middle), radius).map(toMap)])
  })
  edge.on('change', () => {
    radius = Math.max(1, Math.round(distanceM(placeOf(middle), placeOf(edge))))
    ring.setCoordinates([circleRing(placeOf(middle), radius).map(toMap)])
  })
  const handles = [middle, edge].map(point => new Feature<Geometry>(point))
  const read = (): DraftShape => ({ kind: 'circle', center: stored(placeOf(middle)), radiusM: radius })
  return { body: [new Feature(ring)], handles, movable: handles, read }
}

function refill(source: VectorSource, features: Feature[]): void {
  source.clear(true)
  source.addFeatures(features)
}
