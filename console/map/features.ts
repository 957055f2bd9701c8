// From a scene to what OpenLayers draws: WGS-84 onto the map's datum and plane, with the style of each thing.

import type { Coordinate } from 'ol/coordinate.js'
import Feature from 'ol/Feature.js'
import LineString from 'ol/geom/LineString.js'
import Point from 'ol/geom/Point.js'
import Polygon from 'ol/geom/Polygon.js'
import { fromLonLat, toLonLat } from 'ol/proj.js'
import type { Position } from '../../model/zone.ts'
import type { Datum } from './datum.ts'
import { circleRing } from './earth.ts'
import { cornersOf, outlineOf } from './outline.ts'
import type { Crossing, Fence, Mark, Scene, Shown } from './scene.ts'
import type { Styles } from './styles.ts'
import { placeOf, trackOf } from './track.ts'

/** Between the globe and the plane of the map. */
export type Projection = {
  toMap(place: Position): Coordinate
  /** The place that a point of the map means; beyond ±180° where the map was scrolled around the globe. */
  toPlace(point: Coordinate): Position
}

export function projectionOf({ drawn, meant }: Datum): Projection {
  return {
    toMap: place => fromLonLat(drawn(place)),
    toPlace(point) {
      const [lon = 0, lat = 0] = toLonLat(point)
      return meant([lon, lat])
    },
  }
}

export type Drawing = Projection & { styles: Styles; danger: (name: string) => string }

export const fenceFeatures = (fences: readonly Fence[], drawing: Drawing): Feature[] =>
  fences.flatMap(fence => [fenceFeature(fence, drawing), nameFeature(fence, drawing)])

function fenceFeature({ kind, shape }: Fence, { toMap, styles }: Drawing): Feature {
  const outline = outlineOf(shape)
  if ('rings' in outline) {
    const polygon = new Polygon(outline.rings.map(ring => ring.map(toMap)))
    return styled(new Feature(polygon), styles.fence(kind))
  }
  const { line, widthM } = outline
  const feature = new Feature(new LineString(line.map(toMap)))
  const shrink = Math.cos(((line[0]?.[1] ?? 0) * Math.PI) / 180)
  feature.setStyle((_feature, resolution) => styles.corridor(kind, widthM / (resolution * shrink)))
  return feature
}

/** At the northern end of it. */
function nameFeature({ kind, name, shape }: Fence, { toMap, styles, danger }: Drawing): Feature {
  const [top] = cornersOf(shape).sort((a, b) => b[1] - a[1])
  const feature = new Feature(new Point(toMap(top ?? [0, 0])))
  return styled(feature, styles.fenceName(kind, kind === 'danger' ? danger(name) : name))
}

export function trackFeatures(track: Scene['track'], { toMap, styles }: Drawing): Feature[] {
  if (track === undefined) return []
  const { stretches, coarse, first } = trackOf(track.fixes, track)
  const ways = stretches.map(({ line, shade, isGap }) =>
    styled(new Feature(new LineString(line.map(toMap))), styles.way(shade, isGap)),
  )
  const dots = coarse.map(place => styled(new Feature(new Point(toMap(place))), styles.coarse))
  const start = first && stretches.length > 0 ? [new Feature(new Point(toMap(placeOf(first))))] : []
  for (const feature of start) feature.setStyle(styles.wayStart(track.firstLabel ?? ''))
  return [...dots, ...ways, ...start]
}

export function positionFeatures(shown: Shown | null | undefined, { toMap, styles }: Drawing): Feature[] {
  if (!shown) return []
  const { place, accuracyM, isOld, isCoarse, label } = shown
  const dot = styled(new Feature(new Point(toMap(place))), styles.place(isOld || isCoarse, label))
  if (accuracyM === undefined) return [dot]
  const circle = new Feature(new Polygon([circleRing(place, accuracyM).map(toMap)]))
  return [styled(circle, styles.accuracy(isCoarse)), dot]
}

export const crossingFeatures = (crossings: readonly Crossing[], { toMap, styles }: Drawing): Feature[] =>
  crossings.map(({ place, label = '' }) =>
    styled(new Feature(new Point(toMap(place))), styles.crossing(label)),
  )

/** Drawn by the layer of clusters; each carries its mark. */
export const markFeatures = (marks: readonly Mark[], { toMap }: Projection): Feature[] =>
  marks.map(mark => new Feature({ geometry: new Point(toMap(mark.place)), mark }))

function styled(feature: Feature, style: Parameters<Feature['setStyle']>[0]): Feature {
  feature.setStyle(style)
  return feature
}
