// Why a shape cannot be a zone, by names that programs know. Without a schema: the screens read it as well.

export const SHAPE_REFUSALS = [
  'not_a_place',
  'swapped_coordinates',
  'too_few_points',
  'too_many_points',
  'crosses_itself',
  'hole_outside',
  'hole_crosses_edge',
  'holes_overlap',
  'too_large',
] as const

export type ShapeRefusal = (typeof SHAPE_REFUSALS)[number]
