// Geofences, as stored and as folded. Coordinates are [lon, lat] in WGS-84.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { scheduleSchema, timeZoneSchema } from './schedule.ts'
import { nameSchema } from './text.ts'

export const ZONE_KINDS = ['safe', 'danger'] as const

/** Whether it is a place on the globe, and a path long enough, is said by name where a zone is written (records/shape.ts). */
const position = z.tuple([z.number(), z.number()]).meta({ description: 'Longitude, latitude; degrees' })
const path = z.array(position).max(1_000)

/**
 * A circle; a polygon whose first ring is the outer edge and whose further rings are holes; or everything within half
 * of `widthM` of a line.
 */
export const shapeSchema = z
  .union([
    z.strictObject({ circle: z.object({ center: position, radiusM: z.number().positive().max(500_000) }) }),
    z.strictObject({ polygon: z.array(path).min(1).max(20) }),
    z.strictObject({
      corridor: z.object({ line: path, widthM: z.number().positive().max(10_000) }),
    }),
  ])
  .meta({ id: 'Shape' })

export const zoneSchema = z
  .object({
    id: idSchema,
    name: nameSchema,
    /** Safe: leaving it is an alarm. Danger: entering it is. */
    kind: z.enum(ZONE_KINDS),
    shape: shapeSchema,
    /** When it holds; always when it is empty. */
    schedule: scheduleSchema.default([]),
    /** Of the schedule; that of the elder when null. */
    timeZone: timeZoneSchema.nullable().default(null),
    /** Outside, or inside of danger, for this long before it is raised. */
    dwellMs: z.number().int().min(0).max(3_600_000).default(60_000),
    /** The elder it belongs to; a zone belongs to an elder or to an area. */
    residentId: idSchema.nullable(),
    areaId: idSchema.nullable(),
  })
  .meta({ id: 'Zone' })

export type Position = z.infer<typeof position>
export type Shape = z.infer<typeof shapeSchema>
export type Zone = z.infer<typeof zoneSchema>
