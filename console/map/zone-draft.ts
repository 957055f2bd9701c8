// A zone while it is drawn: changed by the mouse, by the keyboard and by numbers alike. Pure.

import type { Position, Shape, Zone } from '../../model/zone.ts'
import { stored } from './earth.ts'

export type ZoneKind = Zone['kind']
export type ShapeKind = 'circle' | 'polygon' | 'corridor'
export const SHAPE_KINDS: readonly ShapeKind[] = ['circle', 'polygon', 'corridor']

/** Rings are open here: the last point is not the first one again. */
export type DraftShape =
  | { kind: 'circle'; center: Position | null; radiusM: number }
  | { kind: 'polygon'; points: readonly Position[]; holes: readonly (readonly Position[])[] }
  | { kind: 'corridor'; points: readonly Position[]; widthM: number }

export type Draft = Pick<Zone, 'name' | 'kind' | 'schedule' | 'timeZone' | 'dwellMs'> & { shape: DraftShape }

/** Whose zone it is; one of the two. */
export type Owner = { residentId: string } | { areaId: string }

const USUAL_RADIUS_M = 300
const USUAL_WIDTH_M = 60

/** What lies around the place that it is for, where nothing is drawn yet. */
export const newDraft = (name: string): Draft => ({
  name,
  kind: 'safe',
  schedule: [],
  timeZone: null,
  dwellMs: 60_000,
  shape: emptyShape('circle'),
})

export const draftOf = ({ name, kind, schedule, timeZone, dwellMs, shape }: Zone): Draft => ({
  name,
  kind,
  schedule,
  timeZone,
  dwellMs,
  shape: draftShape(shape),
})

export function draftShape(shape: Shape): DraftShape {
  if ('circle' in shape) return { kind: 'circle', ...shape.circle }
  if ('corridor' in shape)
    return { kind: 'corridor', points: shape.corridor.line, widthM: shape.corridor.widthM }
  const [edge = [], ...holes] = shape.polygon.map(opened)
  return { kind: 'polygon', points: edge, holes }
}

const opened = (ring: readonly Position[]): readonly Position[] => {
  const [first] = ring
  const last = ring.at(-1)
  return ring.length > 1 && first && last && same(first, last) ? ring.slice(0, -1) : ring
}

const closed = (ring: readonly Position[]): Position[] => [...ring, ...ring.slice(0, 1)].map(stored)

/** Undefined while too little of it is drawn. */
export function shapeOf(shape: DraftShape): Shape | undefined {
  switch (shape.kind) {
    case 'circle': {
      const { center, radiusM } = shape
      return center === null || !(radiusM > 0) ? undefined : { circle: { center: stored(center), radiusM } }
    }
    case 'polygon':
      if (shape.points.length < 3) return undefined
      return { polygon: [shape.points, ...shape.holes].map(closed) }
    case 'corridor':
      if (shape.points.length < 2 || !(shape.widthM > 0)) return undefined
      return { corridor: { line: shape.points.map(stored), widthM: shape.widthM } }
  }
}

export function emptyShape(kind: ShapeKind): DraftShape {
  if (kind === 'circle') return { kind, center: null, radiusM: USUAL_RADIUS_M }
  return kind === 'polygon' ? { kind, points: [], holes: [] } : { kind, points: [], widthM: USUAL_WIDTH_M }
}

/** The points that can be taken hold of; of a circle its middle. */
export const pointsOf = (shape: DraftShape): readonly Position[] => {
  if (shape.kind !== 'circle') return shape.points
  return shape.center === null ? [] : [shape.center]
}

/** One more point at the end; of a circle another middle. The same place twice in a row is one point. */
export function withPoint(shape: DraftShape, place: Position): DraftShape {
  if (shape.kind === 'circle') return { ...shape, center: stored(place) }
  const last = shape.points.at(-1)
  if (last && same(last, stored(place))) return shape
  return { ...shape, points: [...shape.points, stored(place)] }
}

export function withPointAt(shape: DraftShape, index: number, place: Position): DraftShape {
  if (shape.kind === 'circle') return { ...shape, center: place }
  return { ...shape, points: shape.points.map((point, i) => (i === index ? place : point)) }
}

export function withoutPoint(shape: DraftShape, index: number): DraftShape {
  if (shape.kind === 'circle') return { ...shape, center: null }
  return { ...shape, points: shape.points.filter((_, i) => i !== index) }
}

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1]

/** What keeps a draft from being tried. */
export function missingOf({ name, shape, schedule }: Draft): 'name' | 'shape' | 'schedule' | undefined {
  if (name.trim() === '') return 'name'
  if (shapeOf(shape) === undefined) return 'shape'
  const isWhole = schedule.every(({ from, to }) => isTimeOfDay(from) && isTimeOfDay(to) && from < to)
  return isWhole ? undefined : 'schedule'
}

/** `24:00` is the end of a day. */
export const isTimeOfDay = (text: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text)

/** As the interface takes it. @throws where `missingOf` names something */
export function zoneBody({ name, shape, ...rest }: Draft, owner: Owner) {
  const drawn = shapeOf(shape)
  if (drawn === undefined) throw new Error('a zone is sent before it is drawn')
  return { ...rest, name: name.trim(), shape: drawn, ...owner }
}
