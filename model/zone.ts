// Geofences, as stored and as folded. Coordinates are [lon, lat] in WGS-84.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { nameSchema } from './text.ts'

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
const ring = z.array(position).min(3).max(1_000)

/** A circle, or a polygon whose first ring is the outer edge and whose further rings are holes. */
export const shapeSchema = z
  .union([
    z.strictObject({ circle: z.object({ center: position, radiusM: z.number().positive().max(500_000) }) }),
    z.strictObject({ polygon: z.array(ring).min(1).max(20) }),
  ])
  .meta({ id: 'Shape' })

export const zoneSchema = z
  .object({
    id: idSchema,
    name: nameSchema,
    kind: z.enum(['safe']),
    shape: shapeSchema,
    /** Outside for this long before it is an exit. */
    dwellMs: z.number().int().min(0).max(3_600_000).default(60_000),
    /** The elder it belongs to; a zone belongs to an elder or to an area. */
    residentId: idSchema.nullable(),
    areaId: idSchema.nullable(),
  })
  .meta({ id: 'Zone' })

export type Position = z.infer<typeof position>
export type Shape = z.infer<typeof shapeSchema>
export type Zone = z.infer<typeof zoneSchema>
