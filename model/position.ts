// Where devices are, many at once, for a map of a district. Nobody is named in it.

import { z } from 'zod'
import { DEVICE_KINDS } from './device.ts'
import { idSchema } from './id.ts'

/** What is older than this is no place to look for anybody. */
export const POSITION_AGE_MAX_MS = 24 * 3_600_000

/** Three decimals of a degree are some hundred metres: a quarter, and not a door. */
export const COARSE_DECIMALS = 3
export const COARSE_M = 110

export const positionSchema = z
  .object({
    deviceId: idSchema,
    kind: z.enum(DEVICE_KINDS),
    areaId: idSchema,
    alarmId: idSchema.nullable().meta({ description: 'The open emergency of the device or of its wearer' }),
    fix: z
      .object({
        lat: z.number(),
        lon: z.number(),
        accuracyM: z.number().nullable(),
        at: z.number().int(),
        isExact: z.boolean().meta({
          description: `False: rounded to ${COARSE_DECIMALS} decimals, because no emergency is open`,
        }),
      })
      .nullable()
      .meta({ description: 'WGS-84; null where nothing was heard of it within a day' }),
  })
  .meta({ id: 'Position' })

export type Position = z.infer<typeof positionSchema>
export type PositionFix = NonNullable<Position['fix']>

/** A place as it is shown: exact while somebody is in need, else where in the town. */
export function shownFix(
  { lat, lon, acc, at }: { lat: number; lon: number; acc?: number | undefined; at: number },
  isExact: boolean,
): PositionFix {
  if (isExact) return { lat, lon, accuracyM: acc ?? null, at, isExact }
  return { lat: coarse(lat), lon: coarse(lon), accuracyM: Math.max(acc ?? 0, COARSE_M), at, isExact }
}

const coarse = (degrees: number): number => Number(degrees.toFixed(COARSE_DECIMALS))
